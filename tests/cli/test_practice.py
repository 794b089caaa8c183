"""`musicedu practice` from the option to the file, and what it says when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from musicedu.cli import main
from musicedu.formats.files import load_melody


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["practice", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_exercise_is_saved_explained_and_can_be_made_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--level", "3", "-i", "flute", "--metre", "3/4") == 0
    printed = capsys.readouterr().out
    made = files_in(tmp_path / "practice")
    assert {Path(name).suffix for name in made} >= {".pdf", ".musicxml", ".mid", ".wav"}
    assert all(name in printed for name in made)
    recipe = printed.split('--recipe "')[1].split('"')[0]
    assert recipe.startswith("me1 flute L3 s")
    assert run("--recipe", recipe, "--out", "again") == 0
    assert files_in(tmp_path / "again") == made


def test_two_exercises_differ(tmp_path: Path) -> None:
    assert run("--level", "3", "--out", "one") == run("--level", "3", "--out", "two") == 0
    assert files_in(tmp_path / "one") != files_in(tmp_path / "two")


def test_scripts_get_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--level", "2", "--seed", "7", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["recipe"] == "me1 violin L2 s7"
    assert report["specification"] == {"level": 2, "seed": 7}
    assert report["reasons"]
    assert len(load_melody(report["files"]["musicxml"]).measures) == report["measures"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "say how hard, as `--level 3`"),
        (["--level", "11"], "level"),
        (["--level", "three"], "valid integer"),
        (["--level", "3", "-i", "kazoo"], "kazoo"),
        (["--level", "3", "--key", "H"], "H"),
        (["--level", "1", "--metre", "7/8"], "7/8"),
        (["--level", "1", "--focus", "octaves"], "octaves"),
        (["--level", "3", "--rhythms", "quarter,wobble"], "wobble"),
        (["--level", "3", "--measures", "0"], "measures"),
        (["--level", "3", "--lowest", "C5", "--highest", "C4"], "C"),
        (["--level", "3", "--paper", "A0"], "A0"),
        (["--recipe", "pancakes"], "not a recipe"),
        (["--recipe", "me9 violin L3 s42"], "me9"),
        (["--recipe", "me1 violin L3 s42", "--no-rests"], "leave out --rests"),
        (["--recipe", "me1 violin L3 s42", "--level", "3"], "leave out --level"),
        (["--level", "3", "--out", "a file"], "a file stands where a folder is needed"),
    ],
)
def test_a_wish_that_cannot_be_met_is_one_line_and_changes_nothing(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a file").write_text("mine")
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert captured.err.count("\n") == 1
    assert files_in(tmp_path) == {"a file": b"mine"}
