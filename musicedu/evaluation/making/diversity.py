"""Diversity and collapse: do windows differ from one another as much as real ones do?

A generator that repeats itself shows in `unique_share`; one that writes the same thing with small changes does not, and
shows in the distances, taken between any two windows and between windows made for one request.

Of real tunes, four measures (`musicedu evaluate`): training tunes 0.97 unique and as far apart as held-out ones (1.00),
but always the same for one request (0.00); random notes 1.00, 1.02 and 1.18.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Window, line_of_events
from musicedu.grid import Grid

Ints = NDArray[np.int64]


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
