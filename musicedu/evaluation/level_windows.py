"""Which windows of real tunes obey a level, and the table of requests that is made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np

from musicedu.attributes import on_grid
from musicedu.encoding.events import Window, line_of_events, window_melody
from musicedu.encoding.vocabulary import FIRST_PITCH
from musicedu.exercise.frames import LETTERS, NATURALS
from musicedu.exercise.pitch_rules import allowed_moves, chromatic_notes
from musicedu.exercise.plan import Plan
from musicedu.exercise.resolve import resolve
from musicedu.exercise.rhythm_rules import phrase_rhythm
from musicedu.exercise.specification import Specification
from musicedu.exercise.targets import FIELDS
from musicedu.generation.lookahead import LookAhead
from musicedu.generation.rules import Counter, Rules
from musicedu.grid import Grid, GridLine
from musicedu.melody import Key
from musicedu.syllabus.difficulty import estimate_difficulty
from musicedu.syllabus.levels import level, levels, metre_grid

MOST_ROWS = 300
FEWEST_ROWS = 60
MARKS_AND_KEYS = 0.8
"""What keys and marks add to an exercise's difficulty, in levels: a window in C without marks is that much easier."""
TOLERANCE = 1.5
"""How far, in levels, a window's measured difficulty may lie from its level's."""


@lru_cache(maxsize=64)
def level_plan(number: int, metre: str, *, is_minor: bool) -> Plan | None:
    """What a level allows in a metre, for any instrument and key; None if it has no such metre or mode."""
    at = level(number)
    if metre not in at.metres or (is_minor and not at.minors):
        return None
    plan = resolve(Specification(number, "piano", metre=metre, anacrusis=False if at.anacrusis else None))
    key = Key(0, "minor" if is_minor else "major")
    return replace(plan, key=key, skips=at.skips, largest_leap=at.largest_skip)


@lru_cache(maxsize=1024)
def level_ahead(number: int, grid: Grid, *, is_minor: bool) -> LookAhead | None:
    """The rules of a level for any stretch of music: rhythm, rests, ties, leaps and accidentals, with an open end."""
    plan = level_plan(number, str(grid.metre), is_minor=is_minor)
    if plan is None or (grid.phase and not plan.level.anacrusis):
        return None
    rhythm = phrase_rhythm(replace(plan, anacrusis=()), metre_grid(str(grid.metre)), grid, is_first=False)
    if rhythm is None:
        return None
    accidentals = Counter("accidentals", at_most=min(plan.max_accidentals, 4), moves=chromatic_notes())
    return LookAhead(
        Rules(grid, rhythm, allowed_moves(plan, plan.key), counters=(accidentals,), may_end_with_rest=True)
    )


def obeys(window: Window, number: int) -> bool:
    """Whether a window keeps the rules of a level, wherever it comes from."""
    ahead = level_ahead(number, window.grid, is_minor=window.is_minor)
    return ahead is not None and _is_narrow(window, level(number).range) and ahead.accepts(window.events)


def _is_narrow(window: Window, size: int) -> bool:
    letters = [
        int(LETTERS[token - FIRST_PITCH])
        for _, token in window.events
        if token >= FIRST_PITCH and NATURALS[token - FIRST_PITCH]
    ]
    return bool(letters) and (size == 0 or max(letters) - min(letters) < size)


def request_row(line: GridLine) -> list[float]:
    """The attributes of `musicedu.exercise.targets.FIELDS`, measured on a line."""
    lowest, spread = float(line.pitches.min()), on_grid.range_semitones(line)
    height = (on_grid.register(line) - lowest) / spread if spread else 0.5
    measured = [on_grid.GRID_ATTRIBUTES[name](line) for name in FIELDS[:-1]]
    return [round(value, 4) for value in (*measured, height)]


def build_requests(windows: Iterable[Window], rng: np.random.Generator) -> str:
    """The table of requests as JSON: for every level, metre and mode up to `MOST_ROWS` windows that are of the level.

    Of the windows that obey a level those come in whose measured difficulty suits it; a tune of half notes obeys
    level 9, and is no exercise for it.
    """
    found: dict[tuple[int, str], list[tuple[float, list[float]]]] = {}
    for number, name, score, row in _rows(windows):
        found.setdefault((number, name), []).append((score, row))
    rows = {f"{number} {name}": _suitable(found[number, name], number, rng) for number, name in sorted(found)}
    return json.dumps({"fields": FIELDS, "rows": rows}, separators=(",", ":"))


def _rows(windows: Iterable[Window]) -> Iterator[tuple[int, str, float, list[float]]]:
    for window in windows:
        numbers = [one.number for one in levels() if window.grid.n_measures >= one.tune_measures]
        lowest = next((number for number in numbers if obeys(window, number)), None)
        if lowest is not None:
            score = estimate_difficulty(window_melody(window)).score
            row = request_row(line_of_events(window.events, window.grid.weights()))
            for number in numbers[numbers.index(lowest) :]:  # what one level allows, all above it do
                yield number, f"{window.grid.metre} {'minor' if window.is_minor else 'major'}", score, row


def suits(score: float, number: int) -> bool:
    """Whether a measured difficulty, keys and marks left out, is about what a level is for."""
    return abs(score - (number - MARKS_AND_KEYS)) <= TOLERANCE


def _suitable(found: list[tuple[float, list[float]]], number: int, rng: np.random.Generator) -> list[list[float]]:
    suitable = [row for score, row in found if suits(score, number)]
    if len(suitable) < FEWEST_ROWS:
        nearest = sorted(found, key=lambda one: abs(one[0] - (number - MARKS_AND_KEYS)))
        suitable = [row for _, row in nearest[:FEWEST_ROWS]]
    return [suitable[index] for index in sorted(rng.permutation(len(suitable))[:MOST_ROWS].tolist())]
