"""Contracts of the skills: twelve strands, no circles, every rung tied to something a level has."""

from __future__ import annotations

import pytest

from musicedu.errors import UnknownName
from musicedu.melody import ARTICULATIONS, DYNAMICS, HAIRPINS, ORNAMENTS
from musicedu.syllabus.levels import cell, level, metre_grid
from musicedu.syllabus.skills import ATTRIBUTES, Rung, learning_order, rung, rungs, strands

MARKS = {*ARTICULATIONS, *DYNAMICS, *HAIRPINS, *ORNAMENTS, "slur", "rit."}


def test_there_are_twelve_strands_of_five_to_seven_rungs() -> None:
    assert len(strands()) == 12
    assert all(5 <= len(strand.rungs) <= 7 for strand in strands().values())


@pytest.mark.parametrize("one", rungs().values(), ids=lambda one: one.name)
def test_a_rung_is_shown_by_something_its_level_has(one: Rung) -> None:
    assert one.cells or one.metres or one.rests or one.marks or one.attributes
    assert all(cell(name).level <= one.level for name in one.cells)
    assert all(metre_grid(name).level <= one.level for name in one.metres)
    assert set(one.rests) <= set(level(one.level).rests)
    assert set(one.marks) <= MARKS
    assert {name for name, _ in one.attributes} <= set(ATTRIBUTES)


@pytest.mark.parametrize("one", rungs().values(), ids=lambda one: one.name)
def test_a_rung_requires_nothing_from_a_higher_level(one: Rung) -> None:
    assert all(rung(name).level <= one.level for name in one.requires)


def test_every_rung_comes_after_what_it_requires() -> None:
    seen: set[str] = set()
    for one in learning_order():
        assert set(one.requires) <= seen
        seen.add(one.name)
    assert seen == set(rungs())


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        ("rests 2", "values 2"),
        ("syncopation 1", "values 3"),
        ("metre 4", "values 2"),
        ("accidentals 2", "key 2"),
        ("range 3", "intervals 3"),
        ("syncopation 3", "rests 3"),
        ("range 3", "ledger 2"),
    ],
)
def test_the_cross_edges_are_there(later: str, earlier: str) -> None:
    assert earlier in rung(later).requires


def test_an_unknown_skill_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'values 2'"):
        rung("value 2")
