"""Classifiers on tables of features, judged without leaks: what a model is asked, it has never seen anything like.

Items that share a group (a tune, its family, a pitch, a recording session) are kept on one side of every division.
Columns are scaled inside each fold, by what the model may see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Fold = tuple[Ints, Ints]
"""The rows to learn from and the rows to be asked about."""


def build_classifier(*, c: float = 1.0, gamma: float | str = "scale", balanced: bool = False) -> Pipeline:
    """A support vector machine with a Gaussian kernel on columns scaled to mean 0 and deviation 1, not yet fitted.

    c: how dearly a mistake in training is paid (large follows every point, small draws a smooth border); gamma: how
    near two items must be to count as alike, 1 over the number of columns for `"scale"`; balanced: whether every class
    weighs the same however rare it is. After Cortes and Vapnik (1995).
    """
    weight = "balanced" if balanced else None
    return make_pipeline(StandardScaler(), SVC(C=c, gamma=gamma, class_weight=weight))


def shuffled_folds(n_items: int, n_folds: int, rng: np.random.Generator) -> list[Fold]:
    """Divide items by chance alone: every item is asked once. It leaks wherever items are not independent."""
    _refuse_folds(n_folds, n_items, "items")
    return _folds(rng.permutation(n_items) % n_folds, n_folds)


def folds_apart(*groupings: ArrayLike, labels: ArrayLike | None = None, n_folds: int = 5) -> list[Fold]:
    """Divide items so that no group is on both sides: every item is asked once.

    groupings: one value an item each, such as its tune, or its tune and its pitch. With several, a fold asks about
    items that are held out in all of them, and learns from those held out in none, so that there are
    `n_folds ** len(groupings)` folds (fewer where some would be empty) and less to learn from in each. labels: spread
    evenly over the folds as far as the groups allow. `ValueError` where a grouping has fewer groups than folds.
    """
    if not groupings:
        raise ValueError("expected at least one grouping")
    numbers = [_fold_numbers(np.asarray(grouping), labels, n_folds) for grouping in groupings]
    folds = []
    for held_out in product(range(n_folds), repeat=len(numbers)):
        inside = np.array([number == fold for number, fold in zip(numbers, held_out, strict=True)])
        train, test = np.flatnonzero(~inside.any(axis=0)), np.flatnonzero(inside.all(axis=0))
        if len(train) and len(test):
            folds.append((train, test))
    return folds


def _fold_numbers(groups: NDArray[np.generic], labels: ArrayLike | None, n_folds: int) -> Ints:
    """The fold of every item: the largest groups are dealt out first, each to the fold with fewest of its kind."""
    names, which, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    _refuse_folds(n_folds, len(names), "groups")
    kinds = np.zeros(len(groups), dtype=np.int64) if labels is None else np.unique(labels, return_inverse=True)[1]
    counts = np.zeros((len(names), kinds.max() + 1), dtype=np.int64)
    np.add.at(counts, (which, kinds), 1)
    filled, fold_of = np.zeros((n_folds, counts.shape[1]), dtype=np.int64), np.zeros(len(names), dtype=np.int64)
    for group in np.argsort(-sizes, kind="stable"):
        kind = int(np.argmax(counts[group]))
        fold_of[group] = min(range(n_folds), key=lambda fold: (filled[fold, kind], filled[fold].sum()))
        filled[fold_of[group]] += counts[group]
    return fold_of[which]


def _folds(numbers: Ints, n_folds: int) -> list[Fold]:
    return [(np.flatnonzero(numbers != fold), np.flatnonzero(numbers == fold)) for fold in range(n_folds)]


def _refuse_folds(n_folds: int, n_parts: int, what: str) -> None:
    if not 2 <= n_folds <= n_parts:
        raise ValueError(f"{n_parts} {what} make 2 to {n_parts} folds, not {n_folds}")


@dataclass(frozen=True, eq=False)
class Judgement:
    """What a classifier answered about every item, beside the truth.

    classes: in the order of rows and columns; reference, estimated: (n_items,) labels.
    """

    classes: tuple[str, ...]
    reference: NDArray[np.str_]
    estimated: NDArray[np.str_]

    @property
    def accuracy(self) -> float:
        """The share of right answers, 0 to 1."""
        return float(np.mean(self.reference == self.estimated))

    @property
    def confusion(self) -> Ints:
        """How often class i (row) was taken for class j (column): shape (n_classes, n_classes)."""
        table = np.zeros((len(self.classes),) * 2, dtype=np.int64)
        place = {name: number for number, name in enumerate(self.classes)}
        for truth, guess in zip(self.reference.tolist(), self.estimated.tolist(), strict=True):
            table[place[truth], place[guess]] += 1
        return table

    @property
    def recall(self) -> dict[str, float]:
        """For each class the share of its items that were recognised, 0 to 1."""
        table = self.confusion
        return {name: float(table[i, i] / max(table[i].sum(), 1)) for i, name in enumerate(self.classes)}


def cross_validate(
    features: ArrayLike, labels: ArrayLike, folds: Sequence[Fold], classifier: Pipeline | None = None
) -> Judgement:
    """Ask about every item a model that was fitted without its fold.

    features: (n_items, n_features); labels: (n_items,); classifier: fitted anew for each fold, `build_classifier()` by
    default. `ValueError` where the folds do not ask about every item exactly once.
    """
    table, truth = np.asarray(features, dtype=np.float64), np.asarray(labels, dtype=np.str_)
    _refuse_gaps(folds, len(truth))
    model = build_classifier() if classifier is None else classifier
    estimated = truth.copy()
    for train, test in folds:
        only = set(truth[train].tolist())
        estimated[test] = only.pop() if len(only) == 1 else model.fit(table[train], truth[train]).predict(table[test])
    return Judgement(tuple(np.unique(truth).tolist()), truth, estimated)


def majority_baseline(labels: ArrayLike, folds: Sequence[Fold]) -> Judgement:
    """What must be beaten: the most common class of the training rows, whatever is asked."""
    truth = np.asarray(labels, dtype=np.str_)
    _refuse_gaps(folds, len(truth))
    estimated = truth.copy()
    for train, test in folds:
        estimated[test] = Counter(sorted(truth[train].tolist())).most_common(1)[0][0]
    return Judgement(tuple(np.unique(truth).tolist()), truth, estimated)


def _refuse_gaps(folds: Sequence[Fold], n_items: int) -> None:
    asked = np.sort(np.concatenate([test for _, test in folds])) if len(folds) else np.zeros(0)
    if not np.array_equal(asked, np.arange(n_items)):
        raise ValueError(f"the folds must ask about each of {n_items} items once")
