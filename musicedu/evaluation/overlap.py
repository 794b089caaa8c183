"""How alike two sets of melodies are: the overlapped area of their attribute distributions (Yang and Lerch 2020).

Unlike Yang and Lerch the attributes themselves are compared, not the distances between melodies, and every attribute
counts the same. Densities are estimated with Gaussian kernels of the mean of both samples' Silverman widths; where all
values are equal they are spikes.

Four measures beside validation tunes (`musicedu evaluate`): test tunes 0.95, training tunes 0.94, random notes 0.14.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
_POINTS = 512
_NARROWEST = 0.02


def overlapped_area(first: Floats, second: Floats) -> float:
    """The area (0 to 1) under both of two densities estimated from samples; `ValueError` on an empty sample.

    >>> overlapped_area(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]))
    1.0
    """
    if not len(first) or not len(second):
        raise ValueError("an overlap needs values on both sides")
    pooled = float(np.concatenate([first, second]).std())
    width = max((_width(first) + _width(second)) / 2, _NARROWEST * pooled, 1e-9)
    low, high = min(first.min(), second.min()) - 3 * width, max(first.max(), second.max()) + 3 * width
    points = np.linspace(low, high, _POINTS)
    densities = [_density(sample, points, width) for sample in (first, second)]
    return round(common_area(*densities), 9)


def common_area(first: Floats, second: Floats) -> float:
    """The area (0 to 1) under both of two densities at the same points, each of which adds up to 1."""
    return float(np.minimum(first, second).sum())


def _width(values: Floats) -> float:
    spread = float(min(values.std(), stats.iqr(values) / 1.349) or values.std())
    return float(0.9 * spread * len(values) ** -0.2)


def _density(sample: Floats, points: Floats, width: float) -> Floats:
    density: Floats = np.exp(-0.5 * ((points[:, None] - sample[None]) / width) ** 2).sum(axis=1)
    normalised: Floats = density / density.sum()
    return normalised


def mean_overlap(first: Floats, second: Floats) -> float:
    """The mean overlapped area over the columns of two tables (melodies, attributes)."""
    return float(np.mean([overlapped_area(first[:, column], second[:, column]) for column in range(first.shape[1])]))


def control(asked: Floats, realised: Floats) -> list[float]:
    """Spearman's correlation of asked and realised, for every attribute.

    NaN where all that is asked is equal (there is nothing to control), 0 where only what came of it is.
    """
    return [_spearman(asked[:, column], realised[:, column]) for column in range(asked.shape[1])]


def _spearman(asked: Floats, realised: Floats) -> float:
    if np.ptp(asked) == 0:
        return float("nan")
    if np.ptp(realised) == 0:
        return 0.0
    return float(stats.spearmanr(asked, realised).statistic)


def mean_of_halves(
    table: Floats, rng: np.random.Generator, n_times: int = 20, *, groups: Sequence[str] | None = None
) -> float:
    """The overlap of one half of a set with the other, the mean of several divisions: what no generator should pass.

    groups: for every row what must not be divided, such as the family of a tune, whose variants are too alike to be
    compared with each other; the groups are then divided in halves instead of the rows.
    """
    of_row = np.unique(np.arange(len(table)) if groups is None else np.array(groups), return_inverse=True)[1]
    n_groups = int(of_row.max()) + 1
    overlaps = []
    for _ in range(n_times):
        order = rng.permutation(n_groups)
        half = n_groups // 2
        first, second = np.isin(of_row, order[:half]), np.isin(of_row, order[half : 2 * half])
        overlaps.append(mean_overlap(table[first], table[second]))
    return float(np.mean(overlaps))
