"""A trained classifier as plain numbers: what it needs to answer, in one file without pickle.

Loading a pickle runs whatever its author put into it; a classifier from a stranger must not. The file is a NumPy
archive of arrays and a line of JSON with the names; the answer is computed here, without scikit-learn.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.pipeline import Pipeline

from musicedu.arrays import read_arrays
from musicedu.errors import FileProblem
from musicedu.storage import write_atomically

Floats = NDArray[np.float64]
_VERSION = 1
_LARGEST_BYTES = 64 * 2**20
_ARRAYS = ("mean", "scale", "support", "weights", "bias", "n_support")
_REMEDY = "Save it again with save_svm"
_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, OSError, RecursionError, OverflowError)


@dataclass(frozen=True, eq=False)
class Svm:
    """A support vector machine with a Gaussian kernel, of n classes on d features, and the scaling before it.

    classes: n names; features: d names; mean, scale: (d,); support: (n_vectors, d), those of the first class first;
    n_support: (n,) how many belong to each class; weights: (n - 1, n_vectors); bias: one for each pair of classes.
    """

    classes: tuple[str, ...]
    features: tuple[str, ...]
    gamma: float
    mean: Floats
    scale: Floats
    support: Floats
    weights: Floats
    bias: Floats
    n_support: NDArray[np.int64]

    def predict(self, features: ArrayLike) -> NDArray[np.str_]:
        """The class of each row of (n_items, d): every pair of classes has a vote, the first of equals wins."""
        table = np.asarray(features, dtype=np.float64)
        if table.ndim != 2 or table.shape[1] != len(self.features):
            raise ValueError(f"expected rows of {len(self.features)} features, not a table of shape {table.shape}")
        kernel = np.exp(-self.gamma * _squared_distances((table - self.mean) / self.scale, self.support))
        ends = np.cumsum(self.n_support)
        part = [slice(end - size, end) for end, size in zip(ends.tolist(), self.n_support.tolist(), strict=True)]
        votes = np.zeros((len(table), len(self.classes)), dtype=np.int64)
        pairs = [(i, j) for i in range(len(self.classes)) for j in range(i + 1, len(self.classes))]
        for (i, j), bias in zip(pairs, self.bias.tolist(), strict=True):
            score = kernel[:, part[i]] @ self.weights[j - 1, part[i]] + kernel[:, part[j]] @ self.weights[i, part[j]]
            votes[np.arange(len(table)), np.where(score + bias > 0, i, j)] += 1
        winners: NDArray[np.str_] = np.asarray(self.classes, dtype=np.str_)[votes.argmax(axis=1)]
        return winners


def svm_of(classifier: Pipeline, features: tuple[str, ...]) -> Svm:
    """The numbers in a fitted `build_classifier()`; features: the names of its columns."""
    scaler, svc = classifier[0], classifier[-1]
    sign = -1.0 if len(svc.classes_) == 2 else 1.0  # scikit-learn turns the only pair around
    return Svm(
        classes=tuple(map(str, svc.classes_)),
        features=tuple(features),
        gamma=float(svc._gamma),
        mean=np.asarray(scaler.mean_),
        scale=np.asarray(scaler.scale_),
        support=np.asarray(svc.support_vectors_),
        weights=sign * np.asarray(svc.dual_coef_),
        bias=sign * np.asarray(svc.intercept_),
        n_support=np.asarray(svc.n_support_, dtype=np.int64),
    )


def save_svm(path: str | Path, svm: Svm) -> None:
    """Write a classifier, completely or not at all; `StorageProblem` where the disk refuses."""
    head = {"version": _VERSION, "classes": svm.classes, "features": svm.features, "gamma": svm.gamma}
    buffer = io.BytesIO()
    arrays = {name: getattr(svm, name) for name in _ARRAYS}
    np.savez_compressed(buffer, head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8), **arrays)
    write_atomically(path, buffer.getvalue())


def load_svm(path: str | Path) -> Svm:
    """Read a classifier; `FileProblem` where the file is missing, damaged, too large or something else."""
    path = Path(path)
    if not path.is_file():
        raise FileProblem("there is no classifier here", where=str(path), remedy=_REMEDY)
    try:
        found = read_arrays(path.read_bytes(), most_bytes=_LARGEST_BYTES)
        arrays: dict[str, NDArray[np.generic]] = {name: found[name] for name in ("head", *_ARRAYS)}
        head = json.loads(arrays.pop("head").tobytes())
        if head["version"] != _VERSION:
            raise ValueError(f"version {head['version']!r} is not {_VERSION}")
        svm = _svm(head, arrays)
    except _UNREADABLE as fault:
        raise FileProblem(f"is no classifier, or a damaged one ({fault})", where=str(path), remedy=_REMEDY) from fault
    return svm


def _svm(head: dict[str, object], arrays: dict[str, NDArray[np.generic]]) -> Svm:
    classes, features = (_names(head[name]) for name in ("classes", "features"))
    numbers = {name: array.astype(np.float64) for name, array in arrays.items() if name != "n_support"}
    n_support = arrays["n_support"]
    n, d, n_vectors = len(classes), len(features), len(numbers["support"])
    shapes = {"mean": (d,), "scale": (d,), "support": (n_vectors, d), "weights": (n - 1, n_vectors)}
    shapes["bias"] = (n * (n - 1) // 2,)
    wrong = [name for name, shape in shapes.items() if numbers[name].shape != shape]
    if n_support.dtype.kind != "i" or n_support.shape != (n,):
        raise ValueError("n_support must be a whole number a class")
    counts = n_support.astype(np.int64)
    if n < 2 or wrong or (counts < 0).any() or int(counts.sum()) != n_vectors:
        raise ValueError(f"sizes do not fit: {wrong or 'classes'}")
    gamma = float(head["gamma"])  # type: ignore[arg-type]
    if not all(np.isfinite(array).all() for array in numbers.values()) or not 0 < gamma < np.inf:
        raise ValueError("holds what is no number")
    if (numbers["scale"] <= 0).any():
        raise ValueError("a scale must be above 0")
    return Svm(classes, features, gamma, n_support=counts, **numbers)


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise TypeError("expected a list of names")
    return tuple(value)


def _squared_distances(rows: Floats, columns: Floats) -> Floats:
    """(n_rows, n_columns); never below 0, whatever rounding does."""
    crossed = rows @ columns.T
    lengths = np.square(rows).sum(axis=1)[:, None] + np.square(columns).sum(axis=1)
    return np.asarray(np.maximum(lengths - 2 * crossed, 0))
