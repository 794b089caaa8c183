"""K-Means: groups that nobody named, each around its own centre.

Lloyd's two steps in turn: every point goes to its nearest centre, every centre to the middle of its points (Lloyd
1982). Written out here as it is taught, and once more around scikit-learn for large tables. Clusters are numbered from
the largest to the smallest, so that the same groups have the same numbers whatever the start.

How well a grouping agrees with the truth is counted whatever the groups are called.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_samples
from sklearn.metrics.cluster import contingency_matrix
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

N_STARTS = 10
MOST_STEPS = 300


@dataclass(frozen=True, eq=False)
class Clusters:
    """Groups of points.

    centres: (k, n_features); labels: (n_points,) which centre each point belongs to; inertia: the sum of the squared
    distances from the points to their centres.
    """

    centres: Floats
    labels: Ints
    inertia: float

    @property
    def k(self) -> int:
        return len(self.centres)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many points each cluster has."""
        return tuple(np.bincount(self.labels, minlength=self.k).tolist())

    def members(self, points: ArrayLike, cluster: int) -> Ints:
        """The points of a cluster as row numbers, the most typical (nearest to the centre) first."""
        rows = np.flatnonzero(self.labels == cluster)
        far = squared_distances(np.asarray(points)[rows], self.centres[[cluster]])[:, 0]
        order = np.argsort(far.round(12), kind="stable")
        return np.asarray(rows[order])


def squared_distances(points: ArrayLike, centres: ArrayLike) -> Floats:
    """The squared distance from every point to every centre: (n_points, n_centres)."""
    p, c = _table(points), _table(centres)
    return np.stack([((p - centre) ** 2).sum(axis=1) for centre in c], axis=1)


def assign(points: ArrayLike, centres: ArrayLike) -> Ints:
    """The nearest centre of every point, (n_points,); of two as near, the first."""
    return np.asarray(squared_distances(points, centres).argmin(axis=1))


def move(points: ArrayLike, labels: ArrayLike, centres: ArrayLike) -> Floats:
    """Every centre in the middle (the mean) of its points; one without points stays where it is."""
    p, which, moved = _table(points), np.asarray(labels), _table(centres).copy()
    for cluster in range(len(moved)):
        if (which == cluster).any():
            moved[cluster] = p[which == cluster].mean(axis=0)
    return moved


def k_means_steps(points: ArrayLike, centres: ArrayLike, most_steps: int = MOST_STEPS) -> Iterator[Clusters]:
    """Yield the clusters of the given centres, then of every later step, until nothing changes."""
    p, c = _table(points), _table(centres)
    for _ in range(most_steps + 1):
        labels = assign(p, c)
        yield Clusters(c, labels, _inertia(p, c, labels))
        moved = move(p, labels, c)
        if np.array_equal(moved, c):
            return
        c = moved


def start_anywhere(points: ArrayLike, k: int, rng: Generator) -> Floats:
    """K different points, drawn at random, as first centres."""
    p = _table(points)
    return p[rng.choice(len(p), size=_checked(k, p), replace=False)]


def start_apart(points: ArrayLike, k: int, rng: Generator) -> Floats:
    """K points as first centres, each drawn the more likely the farther it lies from those before it.

    K-means++ (Arthur and Vassilvitskii 2007): the chance is proportional to the squared distance. Unlike in
    scikit-learn, one candidate is drawn a time, not several.
    """
    p = _table(points)
    chosen = [int(rng.integers(len(p)))]
    while len(chosen) < _checked(k, p):
        far = squared_distances(p, p[chosen]).min(axis=1)
        chances = far / far.sum() if far.sum() else None
        chosen.append(int(rng.choice(len(p), p=chances)))
    return p[chosen]


def k_means(points: ArrayLike, k: int, rng: Generator, *, n_starts: int = N_STARTS) -> Clusters:
    """Cluster as it is taught: the best of `n_starts` runs of Lloyd's steps, begun with `start_apart`."""
    runs = [list(k_means_steps(points, start_apart(points, k, rng)))[-1] for _ in range(n_starts)]
    return in_order(min(runs, key=lambda run: run.inertia))


def fit_clusters(points: ArrayLike, k: int, rng: Generator, *, n_starts: int = N_STARTS) -> Clusters:
    """Cluster with scikit-learn: the same as `k_means`, ten times faster.

    In one thread: on tables of some thousand rows several wait for one another longer than they work.
    """
    p = _table(points)
    with threadpool_limits(limits=1):
        fitted = KMeans(_checked(k, p), n_init=n_starts, tol=0, random_state=int(rng.integers(2**31))).fit(p)
    return in_order(Clusters(fitted.cluster_centers_, fitted.labels_.astype(np.int64), float(fitted.inertia_)))


def in_order(clusters: Clusters) -> Clusters:
    """The same clusters, numbered from the largest to the smallest; of equal ones the lower centre first."""
    centres = clusters.centres.round(6).tolist()
    order = sorted(range(clusters.k), key=lambda cluster: (-clusters.sizes[cluster], centres[cluster]))
    place = np.argsort(order)
    return Clusters(clusters.centres[order], place[clusters.labels], clusters.inertia)


def silhouette(points: ArrayLike, labels: ArrayLike) -> float:
    """How well the points sit in their clusters, from -1 to 1: the mean of (b - a) / max(a, b).

    a is a point's mean distance to its own cluster, b to the nearest other one (Rousseeuw 1987). 0 for one cluster, or
    for as many as points, where it is not defined.
    """
    which = np.asarray(labels)
    if not 1 < len(np.unique(which)) < len(which):
        return 0.0
    return float(silhouette_samples(_table(points), which).mean())


@dataclass(frozen=True, slots=True)
class KQuality:
    """What a number of clusters gives: `inertia` always falls with k; `silhouette` need not."""

    k: int
    inertia: float
    silhouette: float


def compare_k(
    points: ArrayLike, ks: Iterable[int], rng: Generator, *, n_starts: int = N_STARTS, most_points: int = 1500
) -> tuple[KQuality, ...]:
    """Inertia (for the elbow) and silhouette for several k; the silhouette is that of `most_points` points at most."""
    p = _table(points)
    rows = np.sort(rng.choice(len(p), size=most_points, replace=False)) if len(p) > most_points else np.arange(len(p))
    found = []
    for k in ks:
        clusters = fit_clusters(p, k, rng, n_starts=n_starts)
        found.append(KQuality(k, clusters.inertia, silhouette(p[rows], clusters.labels[rows])))
    return tuple(found)


def _inertia(points: Floats, centres: Floats, labels: Ints) -> float:
    return float(((points - centres[labels]) ** 2).sum())


def _table(points: ArrayLike) -> Floats:
    table = np.asarray(points, dtype=np.float64)
    if table.ndim != 2 or not len(table):
        raise ValueError(f"points are a table with a row each and at least one row, not of shape {table.shape}")
    return table


def _checked(k: int, points: Floats) -> int:
    if not 1 <= k <= len(points):
        raise ValueError(f"k must be from 1 to the number of points ({len(points)}), not {k}")
    return k


@dataclass(frozen=True, slots=True)
class PairScores:
    """Of pairs: precision and recall (0-1) of "these two are alike", and their harmonic mean `f`."""

    precision: float
    recall: float

    @property
    def f(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def score_pairs(reference_labels: Sequence[Hashable], estimated_labels: Sequence[Hashable]) -> PairScores:
    """Compare two groupings of the same things by every pair of things (Levy and Sandler 2008).

    precision: of the pairs put together, how many belong together; recall: of those that belong together, how many
    were put together. Each is 1 where there is no such pair.
    """
    both = _contingency(reference_labels, estimated_labels)
    together = _pairs(both)
    wanted, made = _pairs(both.sum(axis=1)), _pairs(both.sum(axis=0))
    return PairScores(together / made if made else 1.0, together / wanted if wanted else 1.0)


def adjusted_rand(reference_labels: Sequence[Hashable], estimated_labels: Sequence[Hashable]) -> float:
    """How far two groupings agree: 1 if they are the same, about 0 by chance (Hubert and Arabie 1985)."""
    _contingency(reference_labels, estimated_labels)
    return float(adjusted_rand_score(list(map(str, reference_labels)), list(map(str, estimated_labels))))


def _contingency(reference_labels: Sequence[Hashable], estimated_labels: Sequence[Hashable]) -> np.ndarray:
    if len(reference_labels) != len(estimated_labels):
        raise ValueError(f"{len(reference_labels)} things cannot be compared with {len(estimated_labels)}")
    table: np.ndarray = contingency_matrix(list(map(str, reference_labels)), list(map(str, estimated_labels)))
    return table


def _pairs(counts: np.ndarray) -> float:
    return float((counts * (counts - 1) // 2).sum())
