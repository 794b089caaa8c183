"""A piano roll as what it is: a table of switches, each a square."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from musicedu.display.plots import COLOUR


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
