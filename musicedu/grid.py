"""A melody as plain arrays on a grid.

The grid has 12 steps a quarter note, so that sixteenths (3 steps), triplet eighths (4) and duplets (9) all fall on it.
`GridLine` is what the generator measures sixteen times an exercise, so it holds plain NumPy arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from musicedu.melody import Melody, Metre

TICKS_PER_QUARTER = 12

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class GridLine:
    """Notes on the grid.

    onsets, durations: (n,) in steps; pitches: (n,) MIDI numbers; weights: (length,) the metrical weight of every step,
    0 at a barline and below elsewhere (`metrical_weights`).
    """

    onsets: Ints
    durations: Ints
    pitches: Ints
    weights: Ints

    @property
    def n_ticks(self) -> int:
        return len(self.weights)


@lru_cache(maxsize=256)
def metrical_weights(metre: Metre) -> Ints:
    """The weight of every step of a measure: 0 for the barline, then one less for each level of division below.

    The levels are the measure, its main parts, its beats, and the divisions of a beat (Longuet-Higgins and Lee 1984).

    >>> [int(w) for w in metrical_weights(Metre(2, 4))[::3]]
    [0, -3, -2, -3, -1, -3, -2, -3]
    """
    n_ticks = int(metre.duration * TICKS_PER_QUARTER)
    weights = np.full(n_ticks, -5, dtype=np.int64)
    onsets = [int(onset * TICKS_PER_QUARTER) for onset in metre.beat_onsets]
    beats = [int(beat * TICKS_PER_QUARTER) for beat in metre.beats]
    beat_weight = -2 if len(beats) >= 4 else -1
    for onset, beat in zip(onsets, beats, strict=True):
        divisions = (3, 6) if beat % 9 == 0 and beat != 36 else (2, 4)
        for below, parts in enumerate(divisions, start=1):
            for part in range(parts):
                step = onset + part * beat // parts
                weights[step] = max(weights[step], beat_weight - below)
        weights[onset] = beat_weight
    if len(beats) % 2 == 0 and len(beats) >= 4:
        weights[n_ticks // 2] = -1
    elif len(beats) > 4:
        weights[onsets[len(beats) // 2 + 1]] = -1
    weights[0] = 0
    weights.setflags(write=False)
    return weights


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a window lies in its measures: the metre, how many measures it lasts, and where in a measure it begins.

    A window that begins with an upbeat of one quarter in 3/4 has `phase` 24; it still lasts `n_measures` full measures.
    """

    metre: Metre
    n_measures: int
    phase: int = 0

    @property
    def measure_ticks(self) -> int:
        return 4 * TICKS_PER_QUARTER * self.metre.numerator // self.metre.denominator

    @property
    def n_ticks(self) -> int:
        return self.measure_ticks * self.n_measures

    def weights(self) -> Ints:
        """The metrical weight of each of the window's steps."""
        return np.roll(np.tile(metrical_weights(self.metre), self.n_measures), -self.phase)


def line_of(melody: Melody) -> GridLine:
    """Lay a melody on the grid; onsets that fall between steps go to the nearest."""
    onsets = _steps([note.onset for note in melody.notes])
    offsets = _steps([note.offset for note in melody.notes])
    weights = np.full(max(1, _step(melody.duration)), -5, dtype=np.int64)  # of steps in a metre finer than the grid
    for measure in melody.measures:
        begin, shift = _step(measure.onset), _step(measure.shift)
        of_metre = metrical_weights(measure.metre)
        if measure.is_irregular and measure.duration > measure.metre.duration:
            of_metre = np.tile(of_metre, -(-measure.duration // measure.metre.duration))
            of_metre[1:][of_metre[1:] == 0] = -1  # its beats go on, and no barline stands there
        inside = of_metre[shift : shift + min(_step(measure.duration), len(weights) - begin)]
        weights[begin : begin + len(inside)] = inside
    return GridLine(onsets, np.maximum(offsets - onsets, 1), np.array(melody.pitches, dtype=np.int64), weights)


def _step(quarters: Fraction) -> int:
    return round(quarters * TICKS_PER_QUARTER)


def _steps(times: list[Fraction]) -> Ints:
    return np.array([_step(time) for time in times], dtype=np.int64)
