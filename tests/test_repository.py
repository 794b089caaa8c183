"""The repository is laid out as its documents say, and every link in them leads somewhere."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOP_LEVEL = {
    *("notebooks", "musicedu", "data", "tests", "benchmarks", ".ci", ".gitignore", "environment.yml"),
    *("pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"),
}
HOSTS = re.compile("|".join(("pypi" + r"\.", "python" + "hosted", "conda" + r"\.anaconda", "anaconda" + r"\.org")))
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md"]


@cache
def tracked() -> tuple[Path, ...]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    return tuple(path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file())


def test_the_top_level_is_the_one_in_the_design() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP_LEVEL


def test_no_line_names_the_host_of_a_package_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
        if HOSTS.search(line)
    ]
    assert found == []


def test_modules_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): length
        for path in tracked()
        if path.is_relative_to(ROOT / "musicedu")
        and path.suffix == ".py"
        and (length := len(path.read_text().splitlines())) > 300
    }
    assert long == {}


def test_every_folder_of_tests_mirrors_a_room() -> None:
    folders = {path.relative_to(ROOT / "tests").parts[0] for path in tracked() if path.parent.parent == ROOT / "tests"}
    rooms = {path.name for path in (ROOT / "musicedu").iterdir() if path.is_dir()}
    assert folders <= rooms | {"golden", "browser"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    text = (ROOT / document).read_text()
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)", text) if not link.startswith(("http", "#"))]
    missing = [link for link in links if link and not (ROOT / document).parent.joinpath(link).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_heading_that_is_linked_to_exists(document: str) -> None:
    text = (ROOT / document).read_text()
    headings = {
        re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def test_the_readme_has_one_command_for_a_sheet_and_one_for_the_tests() -> None:
    commands = re.findall(r"^python3 -m pip .*$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert [command.rpartition("uv run ")[2] for command in commands] == ["musicedu practice --level 3", "pytest"]
    assert len({command.rpartition("uv run ")[0] for command in commands}) == 1
