"""The attributes that need no more of a melody than its `GridLine`: onsets, durations, pitches and metrical weights.

Each is what the generator measures on every candidate, and what `musicedu.attributes.catalogue` measures on a `Melody`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from musicedu.grid import TICKS_PER_QUARTER, GridLine


def range_semitones(line: GridLine) -> float:
    """The distance from the lowest to the highest note, in semitones; 0 without notes."""
    return float(np.ptp(line.pitches)) if len(line.pitches) else 0.0


def register(line: GridLine) -> float:
    """The mean pitch, as a MIDI number; 0 without notes."""
    return float(line.pitches.mean()) if len(line.pitches) else 0.0


def mean_interval(line: GridLine) -> float:
    """The mean size of the melodic intervals, in semitones; 0 with fewer than two notes."""
    return float(np.abs(np.diff(line.pitches)).mean()) if len(line.pitches) > 1 else 0.0


def largest_interval(line: GridLine) -> float:
    """The largest melodic interval, in semitones; 0 with fewer than two notes."""
    return float(np.abs(np.diff(line.pitches)).max()) if len(line.pitches) > 1 else 0.0


def leap_share(line: GridLine) -> float:
    """The share (0-1) of melodic intervals larger than a whole tone; 0 with fewer than two notes."""
    return float((np.abs(np.diff(line.pitches)) > 2).mean()) if len(line.pitches) > 1 else 0.0


def note_density(line: GridLine) -> float:
    """Notes a quarter note."""
    return len(line.onsets) * TICKS_PER_QUARTER / line.n_ticks


def rhythm_entropy(line: GridLine) -> float:
    """The entropy of the inter-onset intervals in bits, the last note's own duration included (Shannon 1948)."""
    if not len(line.onsets):
        return 0.0
    gaps = np.append(np.diff(line.onsets), line.durations[-1])
    counts = np.bincount(gaps)
    shares = counts[counts > 0] / len(gaps)
    return float(-(shares * np.log2(shares)).sum()) + 0.0


def syncopation(line: GridLine) -> float:
    """The mean syncopation of a note: how much weightier the weightiest step is that it, or the rest after it, covers.

    Longuet-Higgins and Lee (1984); unlike them the sum is divided by the number of notes, so that length is no matter.
    """
    if not len(line.onsets):
        return 0.0
    ends = np.append(line.onsets[1:], line.onsets[-1] + line.durations[-1])
    weights, total = line.weights.tolist(), 0
    for onset, end in zip(line.onsets.tolist(), ends.tolist(), strict=True):
        if end - onset > 1:
            total += max(0, max(weights[onset + 1 : end]) - weights[onset])
    return total / len(line.onsets)


GRID_ATTRIBUTES: dict[str, Callable[[GridLine], float]] = {
    "range": range_semitones,
    "register": register,
    "mean_interval": mean_interval,
    "largest_interval": largest_interval,
    "leap_share": leap_share,
    "note_density": note_density,
    "rhythm_entropy": rhythm_entropy,
    "syncopation": syncopation,
}
"""Every attribute of this module by name."""
