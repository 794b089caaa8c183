"""Every wish of a specification can be said on the command line."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from musicedu.cli.wishes import WISHES, Wishes, with_wishes
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


def asked(arguments: list[str]) -> Wishes:
    app, heard = typer.Typer(), Wishes()

    @app.command()
    @with_wishes
    def listen(wishes: Wishes) -> None:
        heard.update(wishes)

    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return heard


def test_every_field_of_a_specification_is_an_option() -> None:
    assert WISHES.keys() == {field.name for field in fields(Specification)} - {"level", "seed"}
    assert CASES.keys() == WISHES.keys()


def test_what_is_not_asked_for_is_left_to_the_level() -> None:
    assert asked([]) == {}


@pytest.mark.parametrize("name", CASES)
def test_a_wish_reaches_the_specification(name: str) -> None:
    arguments, value = CASES[name]
    assert asked(arguments) == {name: value}
