"""Figures of many rows of step tokens at once, cheap enough to be taken after every epoch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.step_grid import N_STEP_TOKENS
from musicedu.encoding.vocabulary import FIRST_PITCH

Rows = NDArray[np.integer]
_WIDEST = 24
_OCTAVE = 12


def unique_share(rows: Rows) -> float:
    """How many different rows there are, of all (0 to 1)."""
    return len(np.unique(rows, axis=0)) / len(rows)


def pairwise_distance(rows: Rows) -> float:
    """The mean share of steps at which two rows differ, over all pairs; `ValueError` on fewer than two rows.

    >>> pairwise_distance(np.array([[5, 1], [5, 1], [5, 6]])).__round__(3)
    0.333
    """
    n = len(rows)
    if n < 2:
        raise ValueError("a distance needs two rows")
    counts = np.stack([(rows == token).sum(axis=0) for token in range(N_STEP_TOKENS)])
    alike = (counts * (counts - 1)).sum(axis=0) / (n * (n - 1))
    return float(1 - alike.mean())


def leap_share(rows: Rows) -> float:
    """The share of melodic intervals wider than an octave; 0 if there are none."""
    found = _intervals(rows)
    return float((np.abs(found) > _OCTAVE).mean()) if len(found) else 0.0


def interval_gap(rows: Rows, others: Rows) -> float:
    """How differently two sets of rows move: the total variation of their intervals, 0 alike, 1 nothing in common."""
    return float(np.abs(_shares(rows) - _shares(others)).sum() / 2)


def _shares(rows: Rows) -> NDArray[np.float64]:
    widths = np.clip(_intervals(rows), -_WIDEST, _WIDEST) + _WIDEST
    counts = np.bincount(widths, minlength=2 * _WIDEST + 1)
    shares: NDArray[np.float64] = counts / max(1, counts.sum())
    return shares


def _intervals(rows: Rows) -> NDArray[np.int64]:
    found = [np.diff(row[row >= FIRST_PITCH].astype(np.int64)) for row in rows]
    return np.concatenate(found) if found else np.zeros(0, np.int64)
