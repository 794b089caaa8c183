"""Training while it goes on: one picture of the losses that is drawn anew in place, and what the network plays by now.

The last picture is what a stored notebook keeps. `plot_history` draws the record of a training that is over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython.core.getipython import get_ipython
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from musicedu.display.embed import Shown
from musicedu.display.player import player
from musicedu.display.plots import COLOUR, plot_picture
from musicedu.melody import Melody
from musicedu.training.record import EpochReport, TrainingRecord

_HELD_OUT, _JUDGED = "#c4561a", "held out"
_DRAWING_SHARE = 0.1
_MIN_REDRAW_SEC = 1.0
_SMOOTHED_OVER = 20
_HEARD_SR, _N_COLOURS = 11_025, 64

Hear = Callable[[Any], Melody | None]
"""What a network plays by now, if anything."""


class LiveCurves:
    """A watcher for `musicedu.training.loop.fit`: a panel for each of `figures`, and players below.

    hear: asked after every epoch for a melody; the first, the last and `n_heard` - 2 between them have players.
    judged: what the figures after an epoch were taken of, in words. The picture is drawn anew after every epoch, and
    between batches as often as takes a tenth of the time.
    """

    def __init__(
        self,
        figures: Sequence[str] = ("loss",),
        *,
        hear: Hear | None = None,
        n_heard: int = 3,
        program: int = 0,
        judged: str = _JUDGED,
    ) -> None:
        self.figures, self.hear, self.n_heard, self.program = tuple(figures), hear, n_heard, program
        self.judged = judged
        self.reports: list[EpochReport] = []
        self.melodies: dict[int, Melody] = {}
        self.shown: Shown | None = None
        self._steps: list[tuple[float, dict[str, float]]] = []
        self._players: dict[int, Shown] = {}
        self._handle: Any = None
        self._next_sec = 0.0

    def on_batch(self, epoch: int, done: int, total: int, losses: dict[str, float]) -> None:
        """Note the losses of a batch; draw if it is time."""
        self._steps.append((epoch - 1 + done / total, losses))
        if done < total and time.monotonic() >= self._next_sec and get_ipython() is not None:
            self.redraw()

    def on_epoch(self, report: EpochReport, model: Any) -> None:
        """Note the figures of an epoch, hear the network, draw."""
        self.reports.append(report)
        melody = self.hear(model) if self.hear else None
        if melody is not None:
            self.melodies[report.epoch] = melody
            self._players[report.epoch] = player(melody, program=self.program, sr=_HEARD_SR)
        self.redraw()

    def redraw(self) -> None:
        """Draw anew what is known so far, in the place of the last picture."""
        begun = time.monotonic()
        self.shown = self.picture()
        if self._handle is None:
            self._handle = display(self.shown, display_id=True)
        else:
            self._handle.update(self.shown)
        spent = time.monotonic() - begun
        self._next_sec = time.monotonic() + max(_MIN_REDRAW_SEC, spent / _DRAWING_SHARE)

    def picture(self) -> Shown:
        """The curves and the players as they stand."""
        axes = _panels(len(self.figures))
        for ax, name in zip(axes, self.figures, strict=True):
            _plot_steps(ax, [(at, losses[name]) for at, losses in self._steps if name in losses])
            _plot_epochs(ax, self.reports, name, self.judged)
        words = _words(self.reports, self.figures, self.judged)
        return _with_players(plot_picture(axes[0], words, n_colours=_N_COLOURS), self._heard())

    def _heard(self) -> dict[int, Shown]:
        epochs = spread(sorted(self._players), self.n_heard)
        return {epoch: self._players[epoch] for epoch in epochs}


def spread(epochs: Sequence[int], n: int) -> list[int]:
    """At most `n` of some epochs, the first and the last among them, the others evenly between.

    >>> spread([1, 2, 3, 4, 5, 6, 7], 3), spread([1, 2], 3), spread([1, 2, 3], 1)
    ([1, 4, 7], [1, 2], [3])
    """
    if len(epochs) <= n:
        return list(epochs)
    if n == 1:
        return [epochs[-1]]
    return [epochs[round(index * (len(epochs) - 1) / (n - 1))] for index in range(n)]


def plot_history(record: TrainingRecord, figures: Sequence[str] = ("loss",), *, judged: str = _JUDGED) -> Axes:
    """Draw figures of a training that is over, a panel each; the first panel's axes are returned."""
    axes = _panels(len(figures))
    for ax, name in zip(axes, figures, strict=True):
        _plot_epochs(ax, record.epochs, name, judged)
    return axes[0]


def history_picture(
    record: TrainingRecord, figures: Sequence[str] = ("loss",), *, n_heard: int = 3, judged: str = _JUDGED
) -> Shown:
    """The curves of a record with their words, and players of what the network played after some epochs."""
    words = _words(record.epochs, figures, judged)
    curves = plot_picture(plot_history(record, figures, judged=judged), words, n_colours=_N_COLOURS)
    heard = {epoch: player(record.melody(epoch), sr=_HEARD_SR) for epoch in spread(sorted(record.melodies), n_heard)}
    return _with_players(curves, heard)


def _panels(n: int) -> list[Axes]:
    _, axes = plt.subplots(1, n, figsize=(9, 2.6), layout="constrained", squeeze=False)
    return list(axes[0])


def _plot_steps(ax: Axes, points: Sequence[tuple[float, float]]) -> None:
    """Every batch pale, their running mean darker."""
    if not points:
        return
    places, losses = np.array(points).T
    ax.plot(places, losses, color=COLOUR, alpha=0.15, linewidth=0.8, antialiased=False)
    width = min(_SMOOTHED_OVER, len(losses))
    smooth = np.convolve(losses, np.ones(width) / width, mode="valid")
    ax.plot(places[width - 1 :], smooth, color=COLOUR, alpha=0.6, linewidth=1.2)
    low, high = np.percentile(losses, [0, 98])
    ax.set_ylim(min(0.0, low), max(high * 1.05, 1e-6))


def _plot_epochs(ax: Axes, reports: Sequence[EpochReport], name: str, judged: str) -> None:
    for figures, label, colour, style in (
        ([report.training for report in reports], "training", COLOUR, "o-"),
        ([report.validation for report in reports], judged, _HELD_OUT, "s--"),
    ):
        points = [(report.epoch, known[name]) for report, known in zip(reports, figures, strict=True) if name in known]
        if points:
            ax.plot(*np.array(points).T, style, color=colour, label=label, markersize=3)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False)
    ax.set(xlabel="epoch", title=spoken(name))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def spoken(name: str) -> str:
    """A figure's name for people: `value_loss` is value loss, `kl` is KL."""
    return "KL" if name == "kl" else name.replace("_", " ")


def _words(reports: Sequence[EpochReport], figures: Sequence[str], judged: str) -> str:
    if not reports:
        return "Losses while the first epoch goes on"
    last = reports[-1]
    said = []
    for name in figures:
        parts = _said(last.training, name, "in training") + _said(last.validation, name, judged)
        said += [f"{spoken(name)} {' and '.join(parts)}"] if parts else []
    return f"Curves after epoch {last.epoch}: {'; '.join(said)}"


def _said(figures: Mapping[str, float], name: str, where: str) -> list[str]:
    return [f"{figures[name]:.3g} {where}"] if name in figures else []


def _with_players(curves: Shown, players: Mapping[int, Shown]) -> Shown:
    html, words = [curves.html], [curves.words]
    for epoch, heard in players.items():
        label = f"After epoch {epoch}"
        html.append(f"<div>{escape(label)}: {heard.html}</div>")
        words.append(f"{label}: {heard.words}")
    return Shown("\n".join(html), "\n".join(words))
