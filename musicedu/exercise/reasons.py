"""Why an exercise fits its wish: values that a teacher can check against the page, which `musicedu.wording` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from musicedu.exercise.phrases import Phrase
from musicedu.exercise.plan import Plan
from musicedu.melody import Key, Melody
from musicedu.originality.quotes import Quote
from musicedu.pitch import Spelling
from musicedu.syllabus.difficulty import Difficulty, Term
from musicedu.syllabus.levels import LEVEL_NUMBERS, Cell

_MOST_STRONGEST = 4


@dataclass(frozen=True, slots=True)
class WithinLevel:
    """Key and metre are of the level. grade: the grade of an exam it is comparable to, None before grade 1."""

    key: Key
    metre: str
    level: int
    grade: int | None


@dataclass(frozen=True, slots=True)
class WithinCompass:
    """It goes from `lowest` to `highest`; a player of the instrument has, at this level, `low` to `high`."""

    lowest: Spelling
    highest: Spelling
    instrument: str
    low: Spelling
    high: Spelling


@dataclass(frozen=True, slots=True)
class WithinLeaps:
    """Its largest leap, and the largest that may come: diatonic numbers, 1 for a repetition, 2 for a step."""

    largest: int
    most: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """The durations of its notes, longest first (quarter notes), and of its rhythm cells those new in the level."""

    durations: tuple[Fraction, ...]
    level: int
    new_cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class PhraseGoal:
    """Where a phrase goes, in an exercise that is at home in the key `home`."""

    phrase: Phrase
    home: Key


@dataclass(frozen=True, slots=True)
class Practised:
    """What it practises: names of cells and topics, each of which occurs `count` times at least."""

    focus: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Its measured difficulty on the level scale, and the terms that add most to it."""

    score: float
    strongest: tuple[Term, ...]


Reason = WithinLevel | WithinCompass | WithinLeaps | Lengths | PhraseGoal | Practised | Measured | Term | Quote
"""Every kind of reason that is given for an exercise, or for the difficulty of any piece."""


def reasons_for(plan: Plan, melody: Melody, difficulty: Difficulty, cells: Mapping[str, int]) -> tuple[Reason, ...]:
    """Why a melody fits its plan: key, range, leaps, rhythm, shape, focus and difficulty, in this order.

    cells: how often each rhythm cell occurs in it.
    """
    return tuple(_reasons(plan, melody, difficulty, cells))


def _reasons(plan: Plan, melody: Melody, difficulty: Difficulty, cells: Mapping[str, int]) -> Iterator[Reason]:
    at = plan.level
    yield WithinLevel(plan.key, plan.metre.name, at.number, at.comparable_grade)
    lowest = min((note.spelling for note in melody.notes), key=lambda spelling: spelling.pitch)
    highest = max((note.spelling for note in melody.notes), key=lambda spelling: spelling.pitch)
    yield WithinCompass(lowest, highest, plan.instrument.name, *plan.instrument.compass_at(at.number))
    yield WithinLeaps(_largest(melody), plan.largest_leap)
    durations = sorted({note.duration for note in melody.notes}, reverse=True)
    new_cells = tuple(cell for cell in plan.cells if cell.name in cells and cell.level == at.number > LEVEL_NUMBERS[0])
    yield Lengths(tuple(durations), at.number, new_cells)
    for phrase in plan.phrases:
        yield PhraseGoal(phrase, plan.key)
    if plan.focus:
        yield Practised(plan.focus, plan.focus_count)
    yield Measured(difficulty.score, difficulty.terms[:_MOST_STRONGEST])


def _largest(melody: Melody) -> int:
    letters = [note.spelling.diatonic for note in melody.notes]
    return max((abs(b - a) + 1 for a, b in pairwise(letters)), default=1)
