"""`musicedu assign` from a roster to a folder, and what it says when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from musicedu.cli import main


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "class.csv").write_text("name,instrument,house\nAnna,violin,red\nBjörn,flute,blue\nChloé,,red\n")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["assign", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everyone_gets_a_sheet_and_the_seed_makes_them_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("class.csv", "--level", "2", "--out", "week3") == 0
    printed = capsys.readouterr().out
    made = files_in(tmp_path / "week3")
    assert {"pupils/Anna.pdf", "pupils/Björn.pdf", "pupils/Chloé.pdf", "class.pdf", "recipes.csv"} <= made.keys()
    assert printed.startswith("3 pieces, difficulty ")
    assert "Columns that say nothing here: house" in printed
    seed = printed.split("--seed ")[1].strip()
    assert run("class.csv", "--level", "2", "--out", "again", "--seed", seed) == 0
    assert files_in(tmp_path / "again") == made


def test_scripts_get_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--level", "2", "--out", "week3", "--seed", "5", "--also", "midi", "--metre", "2/4", "--json"]
    assert run("class.csv", *arguments) == 0
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert captured.err == ""
    assert report["class_seed"] == 5
    assert report["reading"]["names"] == ["name"]
    assert report["reading"]["text"] == "Names from the column 'name'"
    assert [pupil["name"] for pupil in report["pupils"]] == ["Anna", "Björn", "Chloé"]
    assert all("metre=2/4" in pupil["recipe"] for pupil in report["pupils"])
    assert [Path(file).suffix for file in report["pupils"][0]["files"]] == [".pdf", ".mid"]
    assert all((tmp_path / file).is_file() for pupil in report["pupils"] for file in pupil["files"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody.csv", "--level", "2", "--out", "w"], "nobody.csv"),
        (["empty.csv", "--level", "2", "--out", "w"], "empty"),
        (["nameless.csv", "--level", "2", "--out", "w"], "no line says which column holds the names"),
        (["kazoo.csv", "--level", "2", "--out", "w"], "kazoo.csv, line 2 (Anna)"),
        (["class.csv", "--level", "12", "--out", "w"], "12"),
        (["class.csv", "--level", "2"], "--out"),
        (["class.csv", "--out", "w"], "--level"),
        (["class.csv", "--level", "1", "--metre", "7/8", "--out", "w"], "7/8"),
        (["class.csv", "--level", "2", "--also", "mp3", "--out", "w"], "mp3"),
        (["class.csv", "--level", "2", "--out", "class.csv"], "a file stands where a folder is needed"),
    ],
)
def test_what_cannot_be_assigned_is_one_line_and_changes_nothing(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "nameless.csv").write_text("house,instrument\nred,flute\n")
    (tmp_path / "kazoo.csv").write_text("name,instrument\nAnna,kazoo\n")
    before = files_in(tmp_path)
    assert run(*arguments) == 2
    errors = [line for line in capsys.readouterr().err.splitlines() if line and not line.startswith("Making sheets")]
    assert len(errors) == 1
    assert words in errors[0]
    assert files_in(tmp_path) == before


def test_a_name_that_no_typeface_can_set_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "class.csv").write_text("name\nMia 🎻\n李小龙\nمحمد\n", encoding="utf-8")
    assert run("class.csv", "--level", "1", "--out", "week3") == 0
    printed = capsys.readouterr().out
    assert "On the sheet of Mia 🎻 a square stands for 🎻: no typeface here has it." in printed
    assert printed.count("a square stands") == 1
