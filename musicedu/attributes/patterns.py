"""Attributes of repetition: how much of a melody has been heard before."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import pairwise

from musicedu.melody import Measure, Melody, Note


def rhythm_pattern_share(melody: Melody) -> float:
    """The share (0-1) of measures with a note in them whose rhythm occurs in an earlier measure too."""
    return _share_heard_before(
        tuple((note.onset - measure.onset + measure.shift, note.duration) for note in notes)
        for measure, notes in _filled_measures(melody)
    )


def interval_pattern_share(melody: Melody) -> float:
    """The share (0-1) of measures with two notes or more whose intervals occur in an earlier measure too.

    Intervals are counted in staff steps, so that a sequence (the same figure a step higher) is a repetition.
    """
    return _share_heard_before(
        tuple(after.spelling.diatonic - before.spelling.diatonic for before, after in pairwise(notes))
        for _, notes in _filled_measures(melody)
        if len(notes) > 1
    )


def _filled_measures(melody: Melody) -> Iterator[tuple[Measure, list[Note]]]:
    """Every measure in which a note begins, with the notes that do."""
    beginning: dict[int, list[Note]] = {}
    for note in melody.notes:
        beginning.setdefault(melody.measure_at(note.onset).number, []).append(note)
    by_number = {measure.number: measure for measure in melody.measures}
    return ((by_number[number], notes) for number, notes in beginning.items())


def _share_heard_before(patterns: Iterable[Hashable]) -> float:
    heard: set[Hashable] = set()
    again = []
    for pattern in patterns:
        again.append(pattern in heard)
        heard.add(pattern)
    return sum(again) / len(again) if again else 0.0
