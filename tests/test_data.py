"""Files of `data/` are found from a checkout and from an installed package."""

from __future__ import annotations

from pathlib import Path

import pytest

from musicedu import data
from musicedu.corpus.collections import find_collections
from musicedu.data import data_path
from musicedu.errors import FileProblem


@pytest.fixture(autouse=True)
def _forget_the_folder() -> None:
    data._root.cache_clear()


def test_a_checkout_has_its_own_data() -> None:
    assert data_path() == Path(__file__).parents[1] / "data"
    assert data_path("README.md").is_file()


def test_an_installed_package_brings_its_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "musicedu" / "_data" / "tunes").mkdir(parents=True)
    monkeypatch.setattr(data, "__file__", str(tmp_path / "musicedu" / "data.py"))
    assert data_path("tunes") == tmp_path.resolve() / "musicedu" / "_data" / "tunes"


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileProblem, match=r"nothing\.toml: is missing from this installation\. Install musicedu again"):
        data_path("nothing.toml")
    data._root.cache_clear()
    monkeypatch.setattr(data, "__file__", str(tmp_path / "musicedu" / "data.py"))
    with pytest.raises(FileProblem, match="the data files of musicedu are missing"):
        data_path("levels.toml")


ROOT = Path(__file__).parents[1] / "data"
SHEET = (ROOT / "README.md").read_text()


def test_every_file_is_in_the_data_sheet() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file()} - {"README.md"}
    assert [name for name in sorted(files) if f"`{name}`" not in SHEET] == []


def test_every_collection_is_in_the_data_sheet_with_its_terms() -> None:
    for collection in find_collections():
        row = f"| `{collection.name}` | {collection.title} | {collection.source} | {collection.licence} |"
        assert row in SHEET
