"""What is learned, as pictures: what a classifier took for what, and where it draws its borders; clusters.

Clusters are points and their centres, centres as rhythms, k against its figures, a piece against itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Protocol

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from numpy.typing import ArrayLike, NDArray

from musicedu.attributes.rhythm_patterns import commonest_rhythm, rhythm_melody
from musicedu.display.embed import Shown
from musicedu.display.player import player
from musicedu.display.plots import plot_picture
from musicedu.display.score import score_picture
from musicedu.learning.classify import Judgement
from musicedu.learning.clustering import Clusters, KQuality
from musicedu.melody import Melody

CLASS_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9")  # Okabe and Ito (2008)
_CLASS_MARKERS = "os^Dv*"
_N_STEPS = 120
# Okabe and Ito's colours, with a shape each, so that no colour is needed to tell the groups apart.
CLUSTER_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#8A7A00")
CLUSTER_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
_MOST_DOTS = 300
_WOODBLOCK = 115


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
    for name, colour, marker in zip(classes, colours, _CLASS_MARKERS, strict=False):
        own = table[truth == name]
        ax.scatter(own[:, 0], own[:, 1], s=22, color=colour, marker=marker, edgecolor="black", lw=0.5, label=name)
    ax.legend(loc="best", fontsize="small")
    ax.set(xlabel=names[0], ylabel=names[1])
    return ax


def plot_profile(profile: ArrayLike, n_beats: int, ax: Axes | None = None) -> Axes:
    """Draw how often a note begins at each position of the measure, as bars, with lines at the beats."""
    heights = np.asarray(profile)
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 1.9), layout="constrained")
    for beat in range(n_beats):
        ax.axvline(beat * len(heights) / n_beats, color="0.8", linewidth=1, zorder=0)
    ax.bar(np.arange(len(heights)), heights, color=CLUSTER_COLOURS[0], width=0.9)
    ax.set_xlim(-0.8, len(heights))
    ax.set(xlabel=f"position in the measure (of {len(heights)})", ylabel="share of measures", ylim=(0, 1.05))
    return ax


def plot_points(
    points: ArrayLike,
    clusters: Clusters | None = None,
    before: Sequence[Clusters] = (),
    names: tuple[str, str] = ("", ""),
    ax: Axes | None = None,
) -> Axes:
    """Draw points of two numbers, coloured by cluster, their centres large, and where those were `before`."""
    p = np.asarray(points)
    if ax is None:
        _, ax = plt.subplots(figsize=(5, 3.6), layout="constrained")
    shown = np.arange(len(p))[:: max(1, len(p) // _MOST_DOTS)]
    if clusters is None:
        ax.scatter(p[shown, 0], p[shown, 1], s=10, color="0.45", alpha=0.5, linewidths=0)
    else:
        for number, centre in enumerate(clusters.centres):
            colour, marker = (
                CLUSTER_COLOURS[number % len(CLUSTER_COLOURS)],
                CLUSTER_MARKERS[number % len(CLUSTER_MARKERS)],
            )
            own = shown[clusters.labels[shown] == number]
            ax.scatter(p[own, 0], p[own, 1], s=9, color=colour, marker=marker, alpha=0.35, linewidths=0)
            path = np.array([*(one.centres[number] for one in before), centre])
            ax.plot(path[:, 0], path[:, 1], color="black", linewidth=1.2)
            x, y = centre
            ax.scatter(x, y, s=130, color=colour, marker=marker, edgecolors="black", linewidths=1.5, zorder=3)
    ax.set(xlabel=names[0], ylabel=names[1])
    return ax


def show_step(points: ArrayLike, steps: Sequence[Clusters], step: int, names: tuple[str, str]) -> Shown:
    """One step of K-Means as a picture; a step after the last shows the last."""
    place = min(step, len(steps) - 1)
    now = steps[place]
    ended = ", nothing moves any more" if place == len(steps) - 1 else ""
    words = f"Step {place}{ended}: inertia {now.inertia:.0f}; clusters of {_listed(now.sizes)} tunes"
    ax = plot_points(points, now, steps[:place], names)
    ax.set_title(words, fontsize=9)
    return plot_picture(ax, words)


def plot_centres(clusters: Clusters, ax: Axes | None = None) -> Axes:
    """Draw every centre as a row: the darker, the more often a note begins there."""
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 0.9 + 0.28 * clusters.k), layout="constrained")
    mesh = ax.pcolormesh(clusters.centres, cmap="Blues", vmin=0, vmax=1, edgecolors="white", linewidth=0.2)
    ax.set_yticks(np.arange(clusters.k) + 0.5, [f"{number}: {n} tunes" for number, n in enumerate(clusters.sizes)])
    n_positions = clusters.centres.shape[1]
    ax.set_xticks(np.arange(0, n_positions + 1, max(1, n_positions // 12)))
    ax.invert_yaxis()
    ax.set_xlabel("position in the measure")
    plt.colorbar(mesh, ax=ax, label="share", ticks=[0, 0.5, 1])
    return ax


def show_k(fitted: dict[int, Clusters], found: Sequence[KQuality], k: int) -> Shown:
    """The centres of k clusters, above them inertia and silhouette with this k marked."""
    figure = plt.figure(figsize=(6, 2.7 + 0.22 * k), layout="constrained")
    grid = figure.add_gridspec(2, 2, height_ratios=[1.7, 0.9 + 0.25 * k])
    elbow, silhouettes = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[0, 1])
    plot_qualities(found, k, (elbow, silhouettes))
    plot_centres(fitted[k], figure.add_subplot(grid[1, :]))
    quality = next(one for one in found if one.k == k)
    words = f"k = {k}: inertia {quality.inertia:.0f}, silhouette {quality.silhouette:.2f}, "
    return plot_picture(elbow, words + f"clusters of {_listed(fitted[k].sizes)} tunes")


def plot_qualities(found: Sequence[KQuality], k: int | None, axes: tuple[Axes, Axes]) -> None:
    """Draw inertia and silhouette against k on two axes, one k marked."""
    for ax, name in zip(axes, ("inertia", "silhouette"), strict=True):
        ks, values = [one.k for one in found], [getattr(one, name) for one in found]
        ax.plot(ks, values, color=CLUSTER_COLOURS[0], marker="o", markersize=4)
        if k in ks:
            ax.plot(k, values[ks.index(k)], color=CLUSTER_COLOURS[1], marker="s", markersize=9)
        ax.set(xlabel="k", ylabel=name, ylim=(0, None))


def show_cluster(cluster: int, clusters: Clusters, points: ArrayLike, melodies: Sequence[Melody]) -> Shown:
    """The commonest measure of a cluster's most typical tunes, written and heard three times on a woodblock."""
    typical = [melodies[row] for row in clusters.members(points, cluster)[:40]]
    metre, rhythm, share = commonest_rhythm(typical)
    measure = rhythm_melody(metre, rhythm)
    titles = "; ".join(dict.fromkeys(melody.title for melody in typical[:3]))
    words = (
        f"Cluster {cluster}, {clusters.sizes[cluster]} tunes. Most typical: {titles}. {share:.0%} of the measures are"
    )
    head = Shown(f"<p>{escape(words)}:</p>", words)
    heard = player(rhythm_melody(metre, rhythm, n_measures=3), program=_WOODBLOCK)
    return head + score_picture(measure) + heard


def plot_self_similarity(similar: ArrayLike, letters: str = "", ax: Axes | None = None) -> Axes:
    """Draw how alike every two segments are, with the figure in each square and letters at the sides."""
    matrix = np.asarray(similar)
    n = len(matrix)
    if ax is None:
        _, ax = plt.subplots(figsize=(1.6 + 0.55 * n, 0.9 + 0.5 * n), layout="constrained")
    ax.pcolormesh(matrix, cmap="Blues", vmin=0, vmax=1, edgecolors="white", linewidth=1)
    if n <= 8:
        for row, column in np.ndindex(n, n):
            colour = "white" if matrix[row, column] > 0.55 else "black"
            text = f"{matrix[row, column]:.2f}"
            ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=colour, fontsize=9)
    names = [f"{number + 1} {letter}".strip() for number, letter in enumerate(letters.ljust(n))]
    ax.set_xticks(np.arange(n) + 0.5, names)
    ax.set_yticks(np.arange(n) + 0.5, names)
    ax.invert_yaxis()
    ax.set(xlabel="phrase", ylabel="phrase")
    return ax


def _listed(sizes: Sequence[int]) -> str:
    return ", ".join(map(str, sizes[:-1])) + f" and {sizes[-1]}" if len(sizes) > 1 else str(sizes[0])
