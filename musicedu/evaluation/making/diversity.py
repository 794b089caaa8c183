"""Diversity and coverage: do windows differ from one another as much as real ones do, and is all of real music there?

A generator that repeats itself shows in `unique_share`; one that writes the same thing with small changes does not, and
shows in the distances, taken between any two windows and between windows made for one request.

Density and coverage (Naeem et al. 2020): around every real window lies a ball that reaches to its `k`-th nearest real
neighbour. *Density* is how many balls a generated window lies in, by `k` (1 for real music; above, where only the
commonest is made); *coverage* is the share of balls with a generated window in them: a narrow generator leaves balls
empty, however real each window is. Unlike Naeem et al. no network gives the features: a window is described by its
histograms (`content_vector`), not one of which is asked of an engine, so that control alone earns nothing here.

Of real tunes, four measures (`musicedu evaluate`): training tunes 0.97 unique and as far apart as held-out ones (1.00),
but always the same for one request (0.00); random notes 1.00, 1.02 and 1.18. Of 500 windows, held-out tunes have
density 0.92 and coverage 0.94, training tunes 0.94 and 0.94, random notes 0.01 and 0.00.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Window, line_of_events
from musicedu.encoding.vocabulary import VALUES
from musicedu.grid import Grid

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_WIDEST = 8


def unique_share(windows: Sequence[Window]) -> float:
    """How many different windows there are, of all (0 to 1); `ValueError` without windows."""
    if not windows:
        raise ValueError("a share needs windows")
    return len({(window.grid, window.events) for window in windows}) / len(windows)


def sounding(window: Window) -> Ints:
    """What every step sounds: twice the pitch, one more where a note begins, 0 in silence; (n_ticks,)."""
    line = line_of_events(window.events, window.grid.weights())
    steps = np.zeros(line.n_ticks, dtype=np.int64)
    for onset, duration, pitch in zip(line.onsets, line.durations, line.pitches, strict=True):
        steps[onset : onset + duration] = 2 * pitch
        steps[onset] += 1
    return steps


def distance(one: Window, other: Window) -> float:
    """The share of steps (0 to 1) at which two windows differ: in what sounds, or in whether a note begins.

    Both must be of the same length, or `ValueError`.
    """
    first, second = sounding(one), sounding(other)
    if len(first) != len(second):
        raise ValueError(f"windows of {len(first)} and of {len(second)} steps cannot be compared step by step")
    return float((first != second).mean())


def mean_distance(windows: Iterable[Window], rng: np.random.Generator, n_partners: int = 8) -> float:
    """The mean distance of windows from others of their metre, length and upbeat; NaN if no two are comparable.

    n_partners: how many others each is compared with, drawn at random.
    """
    groups: dict[Grid, list[Ints]] = defaultdict(list)
    for window in windows:
        groups[window.grid].append(sounding(window))
    found = []
    for alike in groups.values():
        steps, n = np.array(alike), len(alike)
        for _ in range(n_partners if n > 1 else 0):
            partners = (np.arange(n) + rng.integers(1, n, size=n)) % n
            found.extend((steps != steps[partners]).mean(axis=1).tolist())
    return float(np.mean(found)) if found else float("nan")


def mean_distance_within(windows: Sequence[Window], requests: Sequence[Hashable]) -> float:
    """The mean distance between windows that were made for one request; NaN if no request has two.

    requests: (n,) which request each window answers.
    """
    groups: dict[Hashable, list[Window]] = defaultdict(list)
    for window, request in zip(windows, requests, strict=True):
        groups[request].append(window)
    means = [
        np.mean([distance(one, other) for one, other in combinations(alike, 2)])
        for alike in groups.values()
        if len(alike) > 1
    ]
    return float(np.mean(means)) if means else float("nan")


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
