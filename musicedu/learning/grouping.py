"""How well a grouping agrees with the truth, whatever the groups are called."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.cluster import contingency_matrix


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
    both = _table(reference_labels, estimated_labels)
    together = _pairs(both)
    wanted, made = _pairs(both.sum(axis=1)), _pairs(both.sum(axis=0))
    return PairScores(together / made if made else 1.0, together / wanted if wanted else 1.0)


def adjusted_rand(reference_labels: Sequence[Hashable], estimated_labels: Sequence[Hashable]) -> float:
    """How far two groupings agree: 1 if they are the same, about 0 by chance (Hubert and Arabie 1985)."""
    _table(reference_labels, estimated_labels)
    return float(adjusted_rand_score(list(map(str, reference_labels)), list(map(str, estimated_labels))))


def _table(reference_labels: Sequence[Hashable], estimated_labels: Sequence[Hashable]) -> np.ndarray:
    if len(reference_labels) != len(estimated_labels):
        raise ValueError(f"{len(reference_labels)} things cannot be compared with {len(estimated_labels)}")
    table: np.ndarray = contingency_matrix(list(map(str, reference_labels)), list(map(str, estimated_labels)))
    return table


def _pairs(counts: np.ndarray) -> float:
    return float((counts * (counts - 1) // 2).sum())
