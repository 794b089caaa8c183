"""Rhythm patterns: where in their measures the notes of a melody begin, on a grid that is the same in every metre.

A measure of any metre is divided into `N_POSITIONS` equal parts, so that a waltz can be compared with a reel: position
16 is the second beat of three, position 12 the second of four. 48 parts hold halves, thirds and dotted rhythms exactly;
what falls between two goes to the nearer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from musicedu.melody import Measure, Melody, Metre, MetreAt, Note
from musicedu.pitch import Spelling

N_POSITIONS = 48

Floats = NDArray[np.float64]
Rhythm = tuple[tuple[Fraction, Fraction], ...]
"""The notes of a measure as (onset from the barline, duration), in quarter notes."""


def full_measures(melody: Melody) -> tuple[Measure, ...]:
    """The measures that last as long as their metre says: no upbeat, nothing cut short."""
    return tuple(measure for measure in melody.measures if measure.duration == measure.metre.duration)


def onset_rows(melody: Melody, n_positions: int = N_POSITIONS) -> Floats:
    """Where notes begin, measure by measure: (n_full_measures, n_positions), 1 where one does and 0 elsewhere."""
    measures = full_measures(melody)
    rows = np.zeros((len(measures), n_positions))
    if not measures or not melody.notes:
        return rows
    begins = np.array([float(measure.onset) for measure in measures])
    lasts = np.array([float(measure.duration) for measure in measures])
    onsets = np.array([float(note.onset) for note in melody.notes])
    inside = np.searchsorted(begins, onsets + 1e-9, side="right") - 1
    shares = (onsets - begins[inside]) / lasts[inside]
    positions = np.floor(shares * n_positions + 0.5 + 1e-9).astype(np.int64)
    kept = (inside >= 0) & (shares < 1 - 1e-9)
    rows[inside[kept], np.minimum(positions[kept], n_positions - 1)] = 1.0
    return rows


def onset_profile(melody: Melody, n_positions: int = N_POSITIONS) -> Floats:
    """How often a note begins at each position of the measure: (n_positions,), shares (0-1) of the full measures.

    All 0 for a melody without a full measure.
    """
    rows = onset_rows(melody, n_positions)
    return rows.mean(axis=0) if len(rows) else np.zeros(n_positions)


def rhythm_of(melody: Melody, measure: Measure) -> Rhythm:
    """The rhythm of one measure; a note held beyond it is counted to its end."""
    return tuple(
        (note.onset - measure.onset, min(note.offset, measure.offset) - note.onset)
        for note in melody.notes
        if measure.onset <= note.onset < measure.offset
    )


def commonest_rhythm(melodies: Iterable[Melody]) -> tuple[Metre, Rhythm, float]:
    """The commonest measure of some melodies: its metre, its rhythm, its share (0-1) of their full measures.

    Of several the one that is heard first. `ValueError` where no full measure has a note.
    """
    counts: Counter[tuple[Metre, Rhythm]] = Counter(
        (measure.metre, rhythm)
        for melody in melodies
        for measure in full_measures(melody)
        if (rhythm := rhythm_of(melody, measure))
    )
    if not counts:
        raise ValueError("no full measure of these melodies has a note")
    (metre, rhythm), count = counts.most_common(1)[0]
    return metre, rhythm, count / counts.total()


def rhythm_melody(metre: Metre, rhythm: Rhythm, *, n_measures: int = 1, pitch: str = "B4") -> Melody:
    """A rhythm on one pitch, for notation and for hearing, `n_measures` times."""
    spelling = Spelling.parse(pitch)
    notes = tuple(
        Note(number * metre.duration + onset, duration, spelling)
        for number in range(n_measures)
        for onset, duration in rhythm
    )
    return Melody(notes, n_measures * metre.duration, metres=(MetreAt(Fraction(0), metre),))
