"""What a candidate is marked down for: what no rule forbids and no teacher would choose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicedu.grid import Line

_LEAP = 5
_TRIADS = ((3, 4), (4, 3), (5, 4), (5, 3), (4, 5), (3, 5))
_MOST_OF_ONE = 0.4


def tiring(line: Line) -> float:
    """How much of a phrase tires the ear, as a share of its notes: monotony, wild leaps, one pitch too often."""
    return monotony(line.pitches) + wildness(line.pitches) + sameness(line.pitches)


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
    sizes = np.stack([np.abs(first), np.abs(second)], axis=1)
    in_triad = np.any([(sizes == triad).all(axis=1) for triad in _TRIADS], axis=0)
    return float((onward & ~in_triad).sum()) / len(pitches)


def sameness(pitches: NDArray[np.int64]) -> float:
    """How far the share of the commonest pitch passes two in five."""
    if not len(pitches):
        return 0.0
    return max(0.0, float(np.bincount(pitches).max()) / len(pitches) - _MOST_OF_ONE)
