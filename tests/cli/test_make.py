"""`musicedu make` from the option to the files, and what it says when it cannot."""

import json

import pytest

from musicedu.cli import main
from musicedu.exercise.piece.wishes import LEVELS


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(["make", *arguments])
    return ended.value.code


def test_a_piece_is_saved_and_can_be_made_again(tmp_path, capsys):
    assert run("--engine", "markov", "--bars", "8", "--metre", "2/4", "--key", "Bb", "--json", "--no-drums") == 0
    told = json.loads(capsys.readouterr().out)
    files = [told["files"][name] for name in ("lead_sheet", "picture", "score", "midi", "mix", "recipe")]
    files += told["files"]["stems"]
    assert len(told["files"]["stems"]) == 3
    assert told["style"] == "march"
    made = {name: (tmp_path / name).read_bytes() for name in files}
    assert run("--recipe", told["recipe"], "--out", "again") == 0
    printed = capsys.readouterr().out
    assert told["recipe"] in printed
    for name, data in made.items():
        assert (tmp_path / name.replace("pieces", "again", 1)).read_bytes() == data


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--bars", "12"), "8, 16 or 32"),
        (("--style", "waltz", "--metre", "4/4"), "not in 4/4"),
        (("--engine", "magic"), "unknown engine"),
        (("--recipe", "mp1 vae s1", "--bars", "8"), "leave out --bars"),
        (("--recipe", "mp1 vae s1", "--no-drums"), "leave out --drums"),
        (("--recipe", "mp1 vae s1", "--seed", "3"), "leave out --seed"),
        (("--recipe", "nonsense"), "not a recipe"),
        (("--tempo-bpm", "fast"), "integer"),
    ],
)
def test_a_wish_that_cannot_be_met_is_one_line(arguments, says, capsys):
    assert run(*arguments) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1


def test_help_teaches(capsys):
    assert run("--help") == 0
    printed = capsys.readouterr().out
    for word in ("AABA", "channel", "stems", "--no-drums", f"{LEVELS[0]} to {LEVELS[-1]}"):
        assert word in printed
