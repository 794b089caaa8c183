"""Density and coverage (Naeem et al. 2020): is what is made like real music, and is all of real music there?

Around every real window lies a ball that reaches to its `k`-th nearest real neighbour. *Density* is how many balls a
generated window lies in, by `k` (1 for real music; above, where only the commonest is made); *coverage* is the share of
balls with a generated window in them: a narrow generator leaves balls empty, however real each window is. Unlike Naeem
et al. no network gives the features: a window is described by its histograms (`content_vector`), not one of which is
asked of an engine, so that control alone earns nothing here.

Four measures, 500 windows (`musicedu evaluate`): held-out tunes have density 0.92 and coverage 0.94, training tunes
0.94 and 0.94, random notes 0.01 and 0.00.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Window, line_of_events
from musicedu.encoding.vocabulary import VALUES

Floats = NDArray[np.float64]
_WIDEST = 8


@dataclass(frozen=True, slots=True)
class Coverage:
    """Density (0 and more; 1 for real music) and coverage (0 to 1)."""

    density: float
    coverage: float


def content_vector(window: Window) -> Floats:
    """A window as three histograms: pitch classes by time, intervals from -8 to 8, inter-onset times; (41,), length 1.

    The distance between two such vectors is the root mean square of the three Hellinger distances, times root two.
    """
    line = line_of_events(window.events, window.grid.weights())
    classes = np.bincount(line.pitches % 12, line.durations, minlength=12)
    intervals = np.bincount(np.clip(np.diff(line.pitches), -_WIDEST, _WIDEST) + _WIDEST, minlength=2 * _WIDEST + 1)
    places = np.searchsorted(VALUES, np.diff(line.onsets)).clip(max=len(VALUES) - 1)
    gaps = np.bincount(places, minlength=len(VALUES))
    return np.concatenate([np.sqrt(counts / max(1, counts.sum()) / 3) for counts in (classes, intervals, gaps)])


def content_table(windows: Iterable[Window]) -> Floats:
    """The content vectors of windows: (windows, 41)."""
    return np.array([content_vector(window) for window in windows])


def judge_coverage(real: Floats, made: Floats, k: int = 5) -> Coverage:
    """Density and coverage of made vectors (m, features) beside real ones (n, features).

    Figures grow with `m` beside `n`: compare only sets of one size. `ValueError` for `k` real vectors or fewer.
    """
    if len(real) <= k or not len(made):
        raise ValueError(f"more than {k} real vectors are needed, and one made; there are {len(real)} and {len(made)}")
    radii = np.partition(_distances(real, real), k, axis=1)[:, k]  # each is its own nearest
    inside = _distances(real, made) <= radii[:, None] + 1e-9
    return Coverage(float(inside.sum() / (k * len(made))), float(inside.any(axis=1).mean()))


def _distances(one: Floats, other: Floats) -> Floats:
    squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)[None] - 2 * one @ other.T
    distances: Floats = np.sqrt(np.maximum(squares, 0.0))
    return distances
