"""What chains of events know and do, as pictures: what may follow, and how figures change with the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")  # Okabe and Ito (2008)
_MARKERS = "os^D"
_MOST_BARS = 12


def plot_following(shares: Mapping[str, float], ax: Axes | None = None) -> Axes:
    """Draw what may follow as bars, the likeliest first, at most twelve; what is left over is said in the title."""
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    shown = ranked[:_MOST_BARS]
    if ax is None:
        _, ax = plt.subplots(figsize=(7.5, 2), layout="constrained")
    ax.bar([word for word, _ in shown], [share for _, share in shown], color=COLOURS[0])
    ax.set(ylabel="share", ylim=(0, 1), xlim=(-0.7, max(len(shown), 4) - 0.3))
    ax.tick_params(axis="x", labelsize=8)
    n_more = len(ranked) - len(shown)
    if n_more:
        left = 1 - sum(share for _, share in shown)
        ax.set_title(f"and {n_more} more with {left:.0%} together", fontsize=9, loc="right")
    return ax


def plot_by_order(
    curves: Mapping[str, Sequence[float]], what: str, *, level: tuple[str, float] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw figures against the order of a chain from 1 on, a curve for each name; `level` is a line to compare with."""
    if ax is None:
        _, ax = plt.subplots(figsize=(5.4, 2.3), layout="constrained")
    for number, (name, values) in enumerate(curves.items()):
        orders = np.arange(1, len(values) + 1)
        ax.plot(orders, values, color=COLOURS[number], marker=_MARKERS[number], label=name)
        ax.set_xticks(orders)
    if level is not None:
        ax.axhline(level[1], color="0.4", linestyle="--", label=level[0])
    ax.set(xlabel="order: how many words the chain looks back", ylabel=what)
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False)
    return ax
