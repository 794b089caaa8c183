"""Many rows of step tokens as one picture: what a generator repeats shows as stripes."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

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
