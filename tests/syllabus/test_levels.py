"""Contracts of the levels: monotone ceilings, something new at each, figures with their source."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from musicedu.data import data_path
from musicedu.errors import UnknownName
from musicedu.exercise.rhythm_choice import can_end_phrase, can_end_piece, can_fill, usable
from musicedu.melody import ARTICULATIONS, DYNAMICS, ORNAMENTS
from musicedu.syllabus.levels import LEVEL_NUMBERS, Level, cell, cells, level, levels, metre_grid, metre_grids, places

CEILINGS: dict[str, Callable[[Level], float]] = {
    "longest": lambda at: at.max_measures,
    "signature": lambda at: at.max_fifths,
    "range": lambda at: at.range or 99,
    "skip": lambda at: at.largest_skip,
    "kind of skip": lambda at: ["none", "tonic triad", "consonant", "any"].index(at.skips),
    "accidentals": lambda at: ["none", "leading note", "neighbour", "modulation", "double"].index(at.accidentals),
    "number of accidentals": lambda at: at.max_accidentals,
    "ties": lambda at: at.ties_per_measure,
    "fastest": lambda at: at.tempo_bpm[1],
    "slowest": lambda at: at.tempo_bpm[0],
    "usual length": lambda at: max(at.measures),
}
SETS = ("metres", "cells", "minors", "rests", "modulations", "dynamics", "articulations", "ornaments")
SWITCHES = (
    "measure_rest", "tuplet_rests", "syncopation", "anacrusis", "metre_change", "slurs", "hairpins", "ritardando",
    "tempo_change", "accelerando",
)  # fmt: skip


@pytest.mark.parametrize("name", CEILINGS)
def test_every_ceiling_is_monotone(name: str) -> None:
    values = [CEILINGS[name](at) for at in levels()]
    assert values == sorted(values)


@pytest.mark.parametrize("name", SETS)
def test_a_level_has_all_that_the_level_before_has(name: str) -> None:
    for before, after in pairwise(levels()):
        assert set(getattr(before, name)) <= set(getattr(after, name))


@pytest.mark.parametrize("name", SWITCHES)
def test_what_is_allowed_once_stays_allowed(name: str) -> None:
    values = [getattr(at, name) for at in levels()]
    assert values == sorted(values)
    assert any(values)


@pytest.mark.parametrize("number", LEVEL_NUMBERS[1:])
def test_every_level_adds_something(number: int) -> None:
    before, after = level(number - 1), level(number)
    added = [name for name in (*SETS, *SWITCHES) if getattr(before, name) != getattr(after, name)]
    raised = [name for name, ceiling in CEILINGS.items() if ceiling(before) < ceiling(after)]
    assert added
    assert raised


def test_levels_1_and_2_are_in_major_only() -> None:
    assert level(1).minors == level(2).minors == ()
    assert level(3).minors


@pytest.mark.parametrize("number", LEVEL_NUMBERS)
def test_every_metre_of_a_level_can_be_filled_and_ended_with_its_cells(number: int) -> None:
    at = level(number)
    for name in at.metres:
        grid = metre_grid(name)
        assert usable(at.cells, grid)
        for upbeat in grid.anacruses if at.anacrusis else ():
            assert usable(at.cells, grid, upbeat), (name, upbeat)


@pytest.mark.parametrize("name", cells())
def test_every_cell_stands_somewhere_at_its_own_level(name: str) -> None:
    at = level(cell(name).level)
    assert any(can_fill(at.cells, metre_grid(metre), using=cell(name)) for metre in at.metres)


@pytest.mark.parametrize("name", metre_grids())
def test_pulses_and_divisions_agree_with_the_metre(name: str) -> None:
    grid = metre_grid(name)
    assert grid.total == 12 * grid.metre.duration
    assert set(grid.divisions) <= set(grid.pulse_onsets)
    assert set(grid.beat_onsets) <= set(grid.pulse_onsets)
    assert all(sum(upbeat) < grid.total for upbeat in grid.anacruses)


def test_cells_have_distinct_values_in_their_kind() -> None:
    described = [(one.kind, one.values, one.tuplet) for one in cells().values()]
    assert len(set(described)) == len(described)


def test_a_half_note_does_not_cross_the_middle_of_four_four() -> None:
    assert places(cell("half"), metre_grid("4/4")) == (0, 24)
    assert places(cell("quarter-half-quarter"), metre_grid("4/4")) == (0,)
    assert places(cell("eighth-quarter-eighth"), metre_grid("4/4")) == (0, 24)
    assert places(cell("dotted-quarter"), metre_grid("7/8")) == (24,)
    assert places(cell("quarter"), metre_grid("6/8")) == ()


def test_marks_are_those_of_melody() -> None:
    hardest = level(10)
    assert set(hardest.dynamics) <= set(DYNAMICS)
    assert set(hardest.articulations) <= set(ARTICULATIONS)
    assert set(hardest.ornaments) <= set(ORNAMENTS)


def test_every_figure_has_its_source() -> None:
    text = data_path("levels.toml").read_text(encoding="utf-8")
    body = text[text.index("[levels.1]") :]
    figures = [line for line in body.splitlines() if "=" in line]
    bare = [
        line for line in figures
        if not re.search(r"# [ATRNUVX]\b", line) and not re.search(r"= (\[\]|\{\}|false|0|0\.0|\"none\")$", line)
    ]  # fmt: skip
    assert bare == []


@pytest.mark.parametrize("wrong", [0, 11, -3, 99])
def test_an_unknown_level_names_the_nearest(wrong: int) -> None:
    with pytest.raises(UnknownName, match="Levels go from 1 to 10: the nearest is"):
        level(wrong)


def test_an_unknown_rhythm_names_the_nearest_spelling() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'triplet'"):
        cell("tripplet")


def test_a_phrase_ends_only_on_a_note_of_a_beat() -> None:
    eighths, quarter = cell("eighths"), cell("quarter")
    two_four = metre_grid("2/4")
    assert can_fill((eighths,), two_four)
    assert not can_end_piece((eighths,), two_four)
    assert can_end_piece((eighths, quarter), two_four)
    assert can_end_phrase((eighths, quarter), metre_grid("4/4"), (12,))
    six_eight = metre_grid("6/8")
    assert not can_end_phrase((cell("dotted-quarter"), cell("three-eighths")), six_eight, (6,))
    assert can_end_phrase((cell("dotted-quarter"), cell("quarter-eighth")), six_eight, (6,))
    # Two sixteenths would have to be the upbeat there, and an upbeat is one eighth.
    assert not can_end_phrase((cell("compound-dotted-half"), cell("quarter-sixteenths")), six_eight, (6,))
