"""Runs: so many notes in a row as one number, whatever key and tempo they are in.

A run is its intervals in semitones and its inter-onset intervals relative to the first. `musicedu.corpus.families`
finds variants of a tune by them, `musicedu.originality.quotes` what a melody quotes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from musicedu.melody import Melody

RUN_NOTES = 8

Ints = NDArray[np.int64]


def run_hashes(melody: Melody, n_notes: int = RUN_NOTES) -> Ints:
    """Return the hash of the run of so many notes that begins at each note, in order, (n_runs,).

    Transposing the melody, or scaling all its durations, changes nothing; none for a melody of fewer notes.
    """
    pitches = np.array(melody.pitches, dtype=np.int64)
    intervals = pitches[1:] - pitches[:-1]
    spans = np.diff(np.array([float(note.onset) for note in melody.notes]))
    n_runs = len(melody.notes) - n_notes + 1
    if n_runs < 1:
        return np.empty(0, dtype=np.int64)
    columns: list[Ints] = []
    for place in range(n_notes - 1):
        columns.append(intervals[place : place + n_runs])
        columns.append(np.rint(spans[place : place + n_runs] / spans[:n_runs] * 48).astype(np.int64))
    return hashed(columns)


def hashed(columns: Sequence[Ints]) -> Ints:
    """One number for each row of some columns of whole numbers, (n,) each; equal rows have equal numbers."""
    hashes = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        hashes = _mixed(hashes ^ column.astype(np.uint64))
    return hashes.astype(np.int64)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    # The finaliser of SplitMix64 (Steele, Lea and Flood 2014); overflow is meant.
    with np.errstate(over="ignore"):
        values = (values + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
        values ^= values >> np.uint64(27)
        values *= np.uint64(0x94D049BB133111EB)
        return values ^ (values >> np.uint64(31))
