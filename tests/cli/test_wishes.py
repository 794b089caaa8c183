"""Every wish of an exercise and of a piece can be said on the command line."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from musicedu.cli.wishes import Wishes, options_of, with_wishes
from musicedu.exercise.piece.wishes import PieceWishes
from musicedu.exercise.specification import Specification

CASES: dict[str, tuple[list[str], Any]] = {
    "instrument": (["-i", "flute"], "flute"),
    "key": (["--key", "A minor"], "A minor"),
    "metre": (["--metre", "3/4"], "3/4"),
    "measures": (["--measures", "8"], 8),
    "tempo_bpm": (["--tempo", "72"], 72),
    "form": (["--form", "aaba"], "aaba"),
    "concert_pitch": (["--concert-pitch"], True),
    "engine": (["--engine", "markov"], "markov"),
    "rhythms": (["--rhythms", "quarter, half"], ("quarter", "half")),
    "focus": (["--focus", "thirds,rests"], ("thirds", "rests")),
    "lowest": (["--lowest", "D4"], "D4"),
    "highest": (["--highest", "B5"], "B5"),
    "largest_leap": (["--largest-leap", "3"], 3),
    "skips_land_on": (["--skips-land-on", "quarter,half"], ("quarter", "half")),
    **{
        name: ([f"--no-{name.replace('_', '-')}"], False)
        for name in ("anacrusis", "accidentals", "rests", "ties", "dynamics", "articulations", "slurs", "modulation")
    },
    "metre_change": (["--metre-change"], True),
}


OF_A_PIECE: dict[str, tuple[list[str], Any]] = {
    "engine": (["--engine", "gan"], "gan"),
    "bars": (["--bars", "32"], 32),
    "key": (["--key", "A minor"], "A minor"),
    "metre": (["--metre", "3/4"], "3/4"),
    "style": (["--style", "swing"], "swing"),
    "tempo_bpm": (["--tempo", "72"], 72),
    "level": (["--level", "4"], 4),
    "chords": (["--no-chords"], False),
    "bass": (["--no-bass"], False),
    "drums": (["--drums"], True),
}


def asked(kind: type, arguments: list[str]) -> Wishes:
    app, heard = typer.Typer(), Wishes()

    @app.command()
    @with_wishes(kind)
    def listen(wishes: Wishes) -> None:
        heard.update(wishes)

    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return heard


@pytest.mark.parametrize(
    ("kind", "cases", "apart"),
    [(Specification, CASES, {"level", "seed"}), (PieceWishes, OF_A_PIECE, {"seed"})],
    ids=["exercise", "piece"],
)
def test_every_wish_is_an_option(kind: type, cases: dict[str, Any], apart: set[str]) -> None:
    assert options_of(kind).keys() == {field.name for field in fields(kind)} - apart
    assert cases.keys() == options_of(kind).keys()


@pytest.mark.parametrize("kind", [Specification, PieceWishes])
def test_what_is_not_asked_for_is_left_open(kind: type) -> None:
    assert asked(kind, []) == {}


@pytest.mark.parametrize(
    ("kind", "name"), [*((Specification, name) for name in CASES), *((PieceWishes, name) for name in OF_A_PIECE)]
)
def test_a_wish_is_heard(kind: type, name: str) -> None:
    arguments, value = (CASES if kind is Specification else OF_A_PIECE)[name]
    assert asked(kind, arguments) == {name: value}
    assert kind(**{"level": 5, **asked(kind, arguments)})
