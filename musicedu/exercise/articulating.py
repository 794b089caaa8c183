"""Slurs, articulations and ornaments: decided measure by measure, and for measures that are alike only once."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from musicedu.exercise.plan import Plan
from musicedu.melody import Measure, Melody, Note, Slur

_LOUD = ("mf", "f", "ff")
_STEP = 2
_FEWEST_STACCATO = 3
_ORNAMENTED = 0.1


@dataclass(frozen=True, slots=True)
class _Style:
    """How a kind of measure is played; ornaments by the rank of their note in it."""

    is_slurred: bool
    articulation: str
    ornaments: Mapping[int, str]


def articulated(melody: Melody, plan: Plan, phrase_ends: Sequence[Fraction], rng: np.random.Generator) -> Melody:
    """Add slurs, articulations, ornaments and a pause; measures alike are treated alike."""
    styles: dict[object, _Style] = {}
    slurs: list[Slur] = []
    touched: list[tuple[str, dict[Fraction, str]]] = []
    ornamented: dict[Fraction, str] = {}
    last_onsets = _last_onsets(melody, phrase_ends)
    for measure in melody.measures:
        notes = [note for note in melody.notes if measure.onset <= note.onset < measure.offset]
        content = _content(notes, measure)
        if content not in styles:
            styles[content] = _drawn_style(plan, notes, rng)
        style = styles[content]
        if style.is_slurred:
            slurs.extend(_slurs_of(notes, measure, phrase_ends))
        articulations = _articulations_of(melody, style.articulation, notes, measure, slurs, last_onsets)
        ornaments = {notes[rank].onset: ornament for rank, ornament in style.ornaments.items()}
        bare = {note.onset for note in _free(notes, slurs, last_onsets)}
        ornamented |= {onset: ornament for onset, ornament in ornaments.items() if onset in bare}
        touched.append((style.articulation, articulations))
    marks = ornamented | _more_than_once(touched)
    if "fermata" in plan.articulations and rng.random() < 0.2:
        marks[melody.notes[-1].onset] = "fermata"
    marked = tuple(
        replace(note, marks=frozenset({marks[note.onset]})) if note.onset in marks else note for note in melody.notes
    )
    return replace(melody, notes=marked, slurs=tuple(slurs))


def _more_than_once(touched: Sequence[tuple[str, dict[Fraction, str]]]) -> dict[Fraction, str]:
    """The marks of all measures, less those of a kind that only one measure would have: an accent is no accident."""
    n_measures = Counter(articulation for articulation, marks in touched if marks)
    return {onset: mark for name, marks in touched if n_measures[name] > 1 for onset, mark in marks.items()}


def _content(notes: Sequence[Note], measure: Measure) -> object:
    """What makes measures alike: the rhythm, and where they repeat, step or leap up or down."""
    rhythm = tuple((note.onset - measure.onset, note.duration) for note in notes)
    moves = [after.pitch - before.pitch for before, after in pairwise(notes)]
    return measure.metre, rhythm, tuple((int(np.sign(move)), _is_step(move)) for move in moves)


def _is_step(semitones: int) -> bool:
    return 0 < abs(semitones) <= _STEP


def _drawn_style(plan: Plan, notes: Sequence[Note], rng: np.random.Generator) -> _Style:
    is_slurred, chance = bool(plan.slurs and rng.random() < 0.5), rng.random()
    shares = (("staccato", 0.35), ("tenuto", 0.47), ("accent", 0.6), ("marcato", 0.65))
    articulation = next((name for name, upto in shares if chance < upto), "")
    return _Style(
        is_slurred, articulation if articulation in plan.articulations else "", _drawn_ornaments(plan, notes, rng)
    )


def _drawn_ornaments(plan: Plan, notes: Sequence[Note], rng: np.random.Generator) -> dict[int, str]:
    """An ornament on a few notes of a beat or more."""
    if not plan.ornaments:
        return {}
    long = [rank for rank, note in enumerate(notes) if note.duration >= 1 and rng.random() < _ORNAMENTED]
    return {rank: plan.ornaments[int(rng.integers(len(plan.ornaments)))] for rank in long}


def _last_onsets(melody: Melody, phrase_ends: Sequence[Fraction]) -> set[Fraction]:
    onsets = [note.onset for note in melody.notes]
    return {onsets[bisect_right(onsets, end - Fraction(1, 1000)) - 1] for end in phrase_ends}


def _slurs_of(notes: Sequence[Note], measure: Measure, phrase_ends: Sequence[Fraction]) -> list[Slur]:
    """A slur over every felt beat that is filled with two notes or more moving by step."""
    slurs = []
    starts = [measure.onset + onset - measure.shift for onset in measure.metre.beat_onsets]
    ends = [start + beat for start, beat in zip(starts, measure.metre.beats, strict=True)]
    for start, end in zip(starts, ends, strict=True):
        group = [note for note in notes if start <= note.onset < end]
        joined = all(a.offset == b.onset and _is_step(b.pitch - a.pitch) for a, b in pairwise(group))
        fills = len(group) >= 2 and group[0].onset == start and group[-1].offset == end
        if fills and joined and not any(start < phrase_end < end for phrase_end in phrase_ends):
            slurs.append(Slur(group[0].onset, group[-1].onset))
    return slurs


def _articulations_of(
    melody: Melody,
    articulation: str,
    notes: Sequence[Note],
    measure: Measure,
    slurs: Sequence[Slur],
    last_onsets: set[Fraction],
) -> dict[Fraction, str]:
    free = _free(notes, slurs, last_onsets)
    if articulation == "staccato":
        short = [note for note in free if _may_be_staccato(note, measure)]
        adjacent = [a.offset == b.onset for a, b in pairwise(short)]
        return _all(short, articulation) if len(short) >= _FEWEST_STACCATO and all(adjacent) else {}
    if articulation == "tenuto":
        long = [note for note in free if note.duration >= 1]
        return _all(long, articulation) if len(long) >= 2 else {}
    if articulation and _loudness_at(melody, measure.onset) in _LOUD:
        return _all([note for note in free if note.onset == measure.onset], articulation)
    return {}


def _may_be_staccato(note: Note, measure: Measure) -> bool:
    """Plain eighths, and quarters that begin on a quarter: anything written with a tie is not staccato."""
    begins_on_quarter = (note.onset - measure.onset + measure.shift).denominator == 1
    is_plain = note.duration == Fraction(1, 2) or (note.duration == 1 and begins_on_quarter)
    return is_plain and note.offset <= measure.offset


def _free(notes: Sequence[Note], slurs: Sequence[Slur], last_onsets: set[Fraction]) -> list[Note]:
    """The notes that are under no slur and end no phrase."""
    return [
        note
        for note in notes
        if note.onset not in last_onsets and not any(slur.onset <= note.onset <= slur.last_onset for slur in slurs)
    ]


def _all(notes: Sequence[Note], articulation: str) -> dict[Fraction, str]:
    return {note.onset: articulation for note in notes}


def _loudness_at(melody: Melody, onset: Fraction) -> str:
    return next((mark.mark for mark in reversed(melody.dynamics) if mark.onset <= onset), "mf")
