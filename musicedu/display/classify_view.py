"""What a classifier took for what, and where it draws its borders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from numpy.typing import ArrayLike, NDArray

from musicedu.learning.classify import Judgement

CLASS_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9")  # Okabe and Ito (2008)
_MARKERS = "os^Dv*"
_N_STEPS = 120


class Classifier(Protocol):
    """Anything fitted that answers a class for each row of a table."""

    def predict(self, features: NDArray[np.float64], /) -> ArrayLike: ...


def plot_confusion(judgement: Judgement, ax: Axes | None = None) -> Axes:
    """Draw a confusion matrix: a row for what it was, a column for what it was taken for, counts in the fields."""
    table, names = judgement.confusion, judgement.classes
    if ax is None:
        side = 1.6 + 0.55 * len(names)
        _, ax = plt.subplots(figsize=(side + 0.8, side), layout="constrained")
    share = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(table.shape):
        colour = "white" if share[row, column] > 0.6 else "black" if table[row, column] else "0.7"
        ax.text(column, row, str(table[row, column]), ha="center", va="center", color=colour)
    ax.set_xticks(range(len(names)), names, rotation=35, ha="right")
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="was taken for", ylabel="was")
    return ax


def confusion_in_words(judgement: Judgement, what: str = "items") -> str:
    """A confusion matrix for whoever cannot see it: how many are right, of each class, and the commonest mistake."""
    recall = ", ".join(f"{name} {100 * share:.0f} %" for name, share in judgement.recall.items())
    words = f"Confusion matrix of {len(judgement.reference)} {what}, {100 * judgement.accuracy:.0f} % right: {recall}"
    table = judgement.confusion * (1 - np.eye(len(judgement.classes), dtype=np.int64))
    if not table.any():
        return words
    row, column = (int(at) for at in np.unravel_index(np.argmax(table), table.shape))
    was, taken = judgement.classes[row], judgement.classes[column]
    return f"{words}. Most often {was} is taken for {taken}: {table[row, column]} times"


def plot_border(
    points: ArrayLike, labels: Sequence[str], classifier: Classifier, names: tuple[str, str], ax: Axes | None = None
) -> Axes:
    """Draw points of two features, and behind them what a fitted classifier would answer at every place.

    points: (n_points, 2); classifier: fitted on such points; names: of the two features, for the axes.
    """
    table, truth = np.asarray(points, dtype=np.float64), np.asarray(labels)
    classes = np.unique(truth).tolist()
    if ax is None:
        _, ax = plt.subplots(figsize=(6, 4), layout="constrained")
    margin = 0.08 * np.ptp(table, axis=0)
    low, high = table.min(axis=0) - margin, table.max(axis=0) + margin
    x, y = np.linspace(low, high, _N_STEPS).T
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    answers = np.searchsorted(classes, classifier.predict(places)).reshape(len(y), len(x))
    colours = CLASS_COLOURS[: len(classes)]
    extent = (float(x[0]), float(x[-1]), float(y[0]), float(y[-1]))
    ax.imshow(
        answers, origin="lower", extent=extent, aspect="auto", alpha=0.25, interpolation="nearest",
        cmap=ListedColormap(colours), vmin=0, vmax=max(len(classes) - 1, 1),
    )  # fmt: skip
    for name, colour, marker in zip(classes, colours, _MARKERS, strict=False):
        own = table[truth == name]
        ax.scatter(own[:, 0], own[:, 1], s=22, color=colour, marker=marker, edgecolor="black", lw=0.5, label=name)
    ax.legend(loc="best", fontsize="small")
    ax.set(xlabel=names[0], ylabel=names[1])
    return ax
