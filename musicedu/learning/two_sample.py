"""Two sets of pieces, and a classifier that tries to tell them apart (Lopez-Paz and Oquab 2017).

Where it cannot do better than chance the sets are alike in everything it looks at. What it says is the area under the
ROC curve (AUC): the chance that of two pieces, one of each set, it names the right one; 0.5 is guessing, 1 is certain.
Pieces that share a family are never on both sides of a fold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from musicedu.learning.classify import folds_apart

Floats = NDArray[np.float64]
_N_TREES, _DEPTH, _RATE, _SUBSAMPLE, _LEAST_IN_LEAF = 200, 3, 0.05, 0.7, 5
_N_BOOTSTRAP = 1000
_INTERVAL = (0.025, 0.975)


@dataclass(frozen=True)
class TwoSample:
    """How well two sets are told apart.

    auc: 0.5 is chance, 1 certain; low, high: its 95 % interval over families drawn again; alone: for each feature the
    AUC that it has by itself, whichever way round, highest first; n: how many pieces of each set.
    """

    auc: float
    low: float
    high: float
    alone: Mapping[str, float]
    n: tuple[int, int]

    def to_dict(self) -> dict[str, object]:
        """As JSON can hold it, rounded to a thousandth."""
        alone = {name: round(auc, 3) for name, auc in self.alone.items()}
        return {"auc": self.auc, "low": self.low, "high": self.high, "alone": alone, "n": list(self.n)}


def tell_apart(
    first: ArrayLike,
    second: ArrayLike,
    names: Sequence[str],
    families: tuple[Sequence[str], Sequence[str]],
    rng: np.random.Generator,
    *,
    n_folds: int = 5,
) -> TwoSample:
    """Cross-validate gradient boosted trees (Friedman 2001) on two tables of features: (n_pieces, n_features) each.

    names: of the columns; families: one name a piece for either table. `ValueError` where there are fewer families
    than folds or the tables have other columns than names.
    """
    tables = [np.asarray(table, dtype=np.float64) for table in (first, second)]
    if any(table.ndim != 2 or table.shape[1] != len(names) for table in tables):
        raise ValueError(f"expected tables of {len(names)} columns, not of shape {[table.shape for table in tables]}")
    x, groups = np.concatenate(tables), np.array([*families[0], *families[1]])
    is_second = np.repeat([False, True], [len(table) for table in tables])
    scores = np.zeros(len(x))
    for train, test in folds_apart(groups, labels=is_second, n_folds=n_folds):
        model = GradientBoostingClassifier(
            n_estimators=_N_TREES,
            max_depth=_DEPTH,
            learning_rate=_RATE,
            subsample=_SUBSAMPLE,
            min_samples_leaf=_LEAST_IN_LEAF,
            random_state=int(rng.integers(2**31)),
        )
        scores[test] = model.fit(x[train], is_second[train]).decision_function(x[test])
    low, high = _interval(scores, is_second, groups, rng)
    alone = {name: _alone(x[:, column], is_second) for column, name in enumerate(names)}
    ranked = dict(sorted(alone.items(), key=lambda one: -one[1]))
    return TwoSample(round(auc(scores, is_second), 3), low, high, ranked, (len(tables[0]), len(tables[1])))


def auc(scores: ArrayLike, is_second: ArrayLike) -> float:
    """The chance that of two pieces, one of each kind, the one of the second kind scores higher; ties count half.

    `ValueError` where one kind is missing.

    >>> auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True])
    0.75
    """
    if len(set(np.asarray(is_second).tolist())) < 2:
        raise ValueError("an AUC needs pieces of both kinds")
    return float(roc_auc_score(is_second, scores))


def _alone(column: Floats, is_second: NDArray[np.bool_]) -> float:
    found = auc(column, is_second)
    return max(found, 1 - found)


def _interval(
    scores: Floats, is_second: NDArray[np.bool_], groups: NDArray[np.str_], rng: np.random.Generator
) -> tuple[float, float]:
    """Percentiles of the AUC over families drawn again, with replacement (Efron 1979)."""
    _, family = np.unique(groups, return_inverse=True)
    members = np.split(np.argsort(family, kind="stable"), np.cumsum(np.bincount(family))[:-1])
    found: list[float] = []
    while len(found) < _N_BOOTSTRAP:
        rows = np.concatenate([members[one] for one in rng.integers(len(members), size=len(members))])
        if 0 < is_second[rows].sum() < len(rows):
            found.append(auc(scores[rows], is_second[rows]))
    low, high = np.quantile(found, _INTERVAL)
    return round(float(low), 3), round(float(high), 3)
