"""Contracts of the levels: monotone ceilings, something new at each, figures with their source."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

import musicedu
from musicedu.data import data_path
from musicedu.errors import UnknownName
from musicedu.exercise.rhythm_rules import can_fill
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
    "least range": lambda at: at.least_range_semitones,
    "fastest unasked": lambda at: at.fastest_unasked_bpm,
    "opening": lambda at: ["tonic triad", "any"].index(at.opening),
    "grade": lambda at: at.grade,
}
SETS = ("metres", "cells", "minors", "rests", "modulations", "dynamics", "articulations", "ornaments")
SWITCHES = (
    "measure_rest", "tuplet_rests", "syncopation", "anacrusis", "metre_change", "slurs", "hairpins", "ritardando",
    "tempo_change", "accelerando", "any_major", "opening_rest",
)  # fmt: skip
ROOT = Path(musicedu.__file__).parent


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
        assert can_fill(at.cells, grid)
        for upbeat in grid.anacruses if at.anacrusis else ():
            assert can_fill(at.cells, grid, upbeat), (name, upbeat)


@pytest.mark.parametrize("name", cells())
def test_every_cell_stands_somewhere_at_its_own_level(name: str) -> None:
    at = level(cell(name).level)
    assert any(can_fill(at.cells, metre_grid(metre), using=name) for metre in at.metres)


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


def test_what_is_chosen_unasked_may_be_asked_for() -> None:
    for at in levels():
        assert at.tempo_bpm[0] < at.fastest_unasked_bpm <= at.tempo_bpm[1]
        assert at.largest_skip <= at.least_range_semitones <= 12
        assert at.comparable_grade == (at.grade or None)


NUMBERS = {"level", "level_number", "number_of_level", "compose_level"}


def is_of_a_level(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is the number of a level, by its name."""
    match node:
        case ast.Attribute(attr="number", value=ast.Name(id="at" | "level")):
            return True
        case ast.Attribute(attr="number", value=ast.Attribute(attr="level")):
            return True
        case ast.Name(id=name):
            return name in names
        case ast.Attribute(attr=name):
            return name in NUMBERS
    return False


def is_a_figure(node: ast.expr, constants: set[str]) -> bool:
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "LEVEL_NUMBERS":
        return False  # the lowest or the highest, as the file has it
    inner = ast.walk(node)
    return any(
        (isinstance(one, ast.Constant) and isinstance(one.value, int) and not isinstance(one.value, bool))
        or (isinstance(one, ast.Name) and one.id in constants)
        for one in inner
    )


def sayings_about_levels(source: str) -> list[str]:
    """Where code says something of one level: its number beside a figure, in a table of its own, or `level(3)`."""
    tree = ast.parse(source)
    assigned = [node for node in tree.body if isinstance(node, ast.Assign) and is_a_figure(node.value, set())]
    constants = {target.id for node in assigned for target in node.targets if isinstance(target, ast.Name)}
    names = NUMBERS | ({"number"} if "level(number)" in source else set())
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others):
                sides = [left, *others]
                if any(is_of_a_level(side, names) for side in sides) and any(
                    is_a_figure(side, constants) for side in sides
                ):
                    found.append(node)
            case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=index):
                if name.isupper() and name != "LEVEL_NUMBERS" and is_of_a_level(index, names):
                    found.append(node)
            case ast.Call(func=ast.Attribute(attr="get"), args=[asked, *_]) if is_of_a_level(asked, names):
                found.append(node)
            case ast.Call(func=ast.Name(id="level"), args=[ast.Constant()]):
                found.append(node)
            case ast.BinOp(left=left, op=ast.Sub() | ast.Add(), right=right):
                if is_of_a_level(left, names) and is_a_figure(right, constants):
                    found.append(node)
    return [ast.unparse(node) for node in found]


@pytest.mark.parametrize(
    "code",
    [
        "if level >= 5: pass",
        "x = plan.level.number < 3",
        "_LAST = 2\nx = level > _LAST",
        "x = 1 < at.number",
        "x = _BPM.get(at.number, 9)",
        "x = _LEAST[level]",
        "x = level(10).minors",
        "x = level(number)\ny = number - 2",
        "x = wish.level == 1",
        "x = at.number in (1, 2)",
    ],
)
def test_what_is_said_of_one_level_is_found(code: str) -> None:
    assert len(sayings_about_levels(code)) == 1


# "One level lower" is said of any; an instrument's compass has an entry for each level, in data/instruments.toml.
SAID_OF_ANY = {"wish.level - 1", "number - 1", "at.number - 1", "number > 1"}
MODULES = [
    path
    for path in sorted(ROOT.rglob("*.py"))
    if path.parent.name == "syllabus" or re.search(r"^from musicedu\.(syllabus|exercise)", path.read_text(), re.M)
]


def test_levels_are_described_in_their_file_alone() -> None:
    assert len(MODULES) > 50
    found = {str(path.relative_to(ROOT)): sayings_about_levels(path.read_text()) for path in MODULES}
    assert {path: said for path, sayings in found.items() if (said := sorted({*sayings} - SAID_OF_ANY))} == {}
