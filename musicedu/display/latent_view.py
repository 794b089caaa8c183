"""Latent spaces seen from above, walks through them, and small sweeps of a training's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from musicedu.audio.synthesise import synthesise
from musicedu.display.embed import Shown
from musicedu.display.player import sound_player
from musicedu.display.plots import COLOUR
from musicedu.display.score import score_picture
from musicedu.encoding.step_grid import melody_of_row
from musicedu.melody import Melody, TempoAt

_HERE = "#c4561a"
_SR, _TEMPO_BPM = 11_025, 160

Points = NDArray[np.floating]


def plot_map(
    points: Points, values: NDArray[np.number], named: str, walk: Sequence[tuple[float, float]] = (),
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """Draw latents of two numbers, points (n, 2), coloured by a value each; `walk` is drawn over them, in order."""
    if ax is None:
        _, ax = plt.subplots(figsize=(4.8, 3.6), layout="constrained")
    x, y = np.asarray(points).T
    dots = ax.scatter(x, y, c=values, s=9, cmap="viridis", linewidths=0)
    ax.figure.colorbar(dots, ax=ax, label=named)
    if walk:
        ax.plot(*np.array(walk).T, "o-", color=_HERE, markersize=8, markeredgecolor="white")
    ax.set(xlabel="first number", ylabel="second number", aspect="equal")
    return ax


def plot_shares(shares: Mapping[str, float], wanted: str, said: str, ax: Axes | None = None) -> Axes:
    """Draw shares as bars, below each other with their percentage; the one called `wanted` is what others aim at."""
    if ax is None:
        _, ax = plt.subplots(figsize=(6.5, 0.6 + 0.3 * len(shares)), layout="constrained")
    colours = ["0.6" if name == wanted else COLOUR for name in shares]
    bars = ax.barh(list(shares), [100 * share for share in shares.values()], color=colours, height=0.7)
    ax.bar_label(bars, fmt="%.0f %%", padding=3)
    ax.axvline(100 * shares[wanted], color="0.6", linestyle="--", linewidth=1)
    ax.invert_yaxis()
    ax.margins(x=0.15)
    ax.set(xlabel=said)
    return ax


def plot_sweep(runs: Mapping[str, Mapping[str, tuple[float, float]]], said: str, *, unit: float = 0.01) -> Axes:
    """Draw a panel for each setting: for its values, by name, two figures each (trained on, held out).

    unit: what a figure is counted in, 0.01 for shares that are drawn as percentages, 1 for what is drawn as it is.
    """
    _, axes = plt.subplots(1, len(runs), figsize=(8, 2.4), layout="constrained", sharey=True, squeeze=False)
    for ax, (setting, outcomes) in zip(axes[0], runs.items(), strict=True):
        figures = np.array(list(outcomes.values())) / unit
        places = np.arange(len(figures))
        ax.bar(places - 0.2, figures[:, 0], 0.38, color="0.75", label="trained on")
        ax.bar(places + 0.2, figures[:, 1], 0.38, color=COLOUR, label="held out")
        ax.set_xticks(places, list(outcomes))
        ax.set(title=setting)
    first: Axes = axes[0][0]
    first.set(ylabel=said)
    first.legend(frameon=False)
    return first


def hear_row(row: NDArray[np.integer], what: str, *, program: int = 73) -> Shown:
    """A row of step tokens as `hear_melody` shows a melody."""
    return hear_melody(melody_of_row(row), what, program=program)


def hear_melody(melody: Melody, what: str, *, program: int = 73) -> Shown:
    """A score and a player; `what` says what it is, the score's picture says its notes.

    Small, since lessons show many: the sound is sampled at 11,025 Hz, and what has no tempo goes at a dance's.
    """
    lively = replace(melody, tempos=melody.tempos or (TempoAt(Fraction(0), Fraction(_TEMPO_BPM)),))
    heard = sound_player(synthesise(lively, program=program, sr=_SR), _SR, what)
    return Shown(f"<div>{escape(what)}</div>{score_picture(melody).html}{heard.html}", what)
