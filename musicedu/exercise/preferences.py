"""What a candidate is marked down for: what no rule forbids and no teacher would choose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicedu.grid import TICKS_PER_QUARTER, GridLine

_LEAP = 5
_TRIADS = ((3, 4), (4, 3), (5, 4), (5, 3), (4, 5), (3, 5))
_MOST_OF_ONE = 0.4
_FEW, _PRICE_OF_EVENNESS = 5, 0.2


def tiring(line: GridLine) -> float:
    """How much of a phrase tires the ear, as a share of its notes: monotony, wild leaps, too much of one thing."""
    pitches = line.pitches
    return monotony(pitches) + wildness(pitches) + sameness(pitches) + haste(line) + evenness(line)


def monotony(pitches: NDArray[np.int64]) -> float:
    """Runs of one repeated pitch and see-saws between two, beyond three notes, as a share of the notes."""
    if len(pitches) < 4:
        return 0.0
    same = pitches[1:] == pitches[:-1]
    see_saw = (pitches[2:] == pitches[:-2]) & ~same[1:]
    repeated = same[2:] & same[1:-1] & same[:-2]
    swinging = see_saw[1:] & see_saw[:-1]
    return float(repeated.sum() + swinging.sum()) / len(pitches)


def wildness(pitches: NDArray[np.int64]) -> float:
    """Leaps of a fourth or more that go on the same way and outline no triad, as a share of the notes."""
    if len(pitches) < 3:
        return 0.0
    intervals = np.diff(pitches)
    first, second = intervals[:-1], intervals[1:]
    onward = (np.abs(first) >= _LEAP) & (np.sign(first) == np.sign(second))
    if not onward.any():  # as nearly always
        return 0.0
    sizes = np.stack([np.abs(first), np.abs(second)], axis=1)
    in_triad = np.any([(sizes == triad).all(axis=1) for triad in _TRIADS], axis=0)
    return float((onward & ~in_triad).sum()) / len(pitches)


def haste(line: GridLine) -> float:
    """Leaps of a fourth or more out of notes shorter than an eighth, as a share of the notes."""
    if len(line.pitches) < 2:
        return 0.0
    out_of_short = line.durations[:-1] < TICKS_PER_QUARTER // 2
    return float((out_of_short & (np.abs(np.diff(line.pitches)) >= _LEAP)).sum()) / len(line.pitches)


def evenness(line: GridLine) -> float:
    """A price for one note value from the beginning to the note before the last."""
    is_even = len(line.durations) > _FEW and bool((line.durations[:-1] == line.durations[0]).all())
    return _PRICE_OF_EVENNESS if is_even else 0.0


def sameness(pitches: NDArray[np.int64]) -> float:
    """How far the share of the commonest pitch passes two in five."""
    if not len(pitches):
        return 0.0
    return max(0.0, float(np.bincount(pitches).max()) / len(pitches) - _MOST_OF_ONE)
