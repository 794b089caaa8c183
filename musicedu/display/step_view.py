"""Steps as pictures: a piano roll as a table of switches; many rows at once, where stripes show what is repeated."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from musicedu.display.plots import COLOUR
from musicedu.encoding.step_grid import HOLD, sounded
from musicedu.encoding.vocabulary import FIRST_PITCH, HIGHEST_PITCH, LOWEST_PITCH, REST


def plot_rows(rows: NDArray[np.integer], name: str, ax: Axes | None = None) -> Axes:
    """Draw rows (rows, steps) below each other, each step in the colour of the pitch that sounds, white in rests."""
    if ax is None:
        _, ax = plt.subplots(figsize=(4.2, 2.6), layout="constrained")
    pitches = np.array([_sounding(row) for row in rows])
    ax.imshow(pitches, aspect="auto", cmap="viridis", vmin=LOWEST_PITCH, vmax=HIGHEST_PITCH, interpolation="nearest")
    ax.set(xlabel="step", ylabel="melody", title=name)
    return ax


def plot_side_by_side(named: dict[str, NDArray[np.integer]]) -> Axes:
    """Draw several sets of rows beside each other; the first panel's axes are returned."""
    _, axes = plt.subplots(1, len(named), figsize=(9, 2.6), layout="constrained", squeeze=False)
    for ax, (name, rows) in zip(axes[0], named.items(), strict=True):
        plot_rows(rows, name, ax)
    first: Axes = axes[0][0]
    return first


def _sounding(row: NDArray[np.integer]) -> NDArray[np.float64]:
    pitches, now = np.full(len(row), np.nan), np.nan
    for step, token in enumerate(sounded(row)):
        if token >= FIRST_PITCH:
            now = LOWEST_PITCH + int(token) - FIRST_PITCH
        elif token == REST:
            now = np.nan
        pitches[step] = now if token != HOLD or step else np.nan
    return pitches


def plot_roll(roll: NDArray[np.bool_], steps_per_quarter: int, ax: Axes | None = None) -> Axes:
    """Draw a roll (128, n_steps) from its lowest to its highest pitch, a square for each step, a line each quarter."""
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 2.4), layout="constrained")
    used = np.flatnonzero(roll.any(axis=1))
    low, high = (int(used[0]) - 1, int(used[-1]) + 1) if len(used) else (59, 61)
    rows, steps = np.nonzero(roll[low : high + 1])
    ax.bar(steps, 0.9, width=0.92, bottom=rows + low - 0.45, align="edge", color=COLOUR)
    n_steps = roll.shape[1]
    for quarter in range(0, n_steps + 1, steps_per_quarter):
        ax.axvline(quarter, color="0.8", linewidth=1, zorder=0)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlim=(0, n_steps), ylim=(low - 0.6, high + 0.6))
    ax.set(xlabel=f"step ({steps_per_quarter} to a quarter note)", ylabel="MIDI pitch")
    return ax
