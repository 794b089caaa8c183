"""Attributes of what stands around the notes: key, metre, tempo and marks."""

from __future__ import annotations

from collections.abc import Callable

from musicedu.melody import Melody, Metre


def key_distance(melody: Melody) -> float:
    """The most sharps or flats that a key signature of the melody has."""
    return float(max(abs(change.key.fifths) for change in melody.keys))


def is_minor(melody: Melody) -> float:
    """1 if any key of the melody has a minor third, 0 otherwise."""
    return float(any(change.key.is_minor for change in melody.keys))


def felt_beats(melody: Melody) -> float:
    """The mean number of beats felt in a measure: 2 in 6/8, 4 in 4/4."""
    return _mean_over_measures(melody, lambda metre: len(metre.beats))


def compound_share(melody: Melody) -> float:
    """The share (0-1) of measures whose beats divide by three."""
    return _mean_over_measures(melody, lambda metre: metre.is_compound)


def uneven_share(melody: Melody) -> float:
    """The share (0-1) of measures that cannot be felt in equal groups of beats: 5/4, 5/8, 7/8 and their like."""
    return _mean_over_measures(melody, _is_uneven)


def _is_uneven(metre: Metre) -> bool:
    n_beats = len(metre.beats)
    return len(set(metre.beats)) > 1 or (n_beats > 3 and n_beats % 2 > 0 and n_beats % 3 > 0)


def _mean_over_measures(melody: Melody, number: Callable[[Metre], float]) -> float:
    return sum(number(measure.metre) for measure in melody.measures) / len(melody.measures)


def anacrusis(melody: Melody) -> float:
    """How long the upbeat lasts, in quarter notes; 0 if there is none."""
    return float(melody.anacrusis)


def tempo(melody: Melody) -> float:
    """The first tempo marked, in quarter notes a minute; 0 if none is."""
    return float(melody.tempos[0].tempo_bpm) if melody.tempos else 0.0


def mark_kinds(melody: Melody) -> float:
    """How many different marks there are to observe: dynamics, hairpins, slurs, and marks on notes."""
    kinds = {dynamic.mark for dynamic in melody.dynamics} | {hairpin.kind for hairpin in melody.hairpins}
    kinds |= {mark for note in melody.notes for mark in note.marks} | ({"slur"} if melody.slurs else set())
    return float(len(kinds))


def changes(melody: Melody) -> float:
    """How often the metre or the key changes."""
    return float(len(melody.metres) + len(melody.keys) - 2)
