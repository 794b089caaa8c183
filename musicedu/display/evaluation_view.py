"""Pictures of an evaluation: every maker of music beside every other, measure by measure."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from musicedu.display.plots import COLOUR, DPI
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.evaluation.making.sweep import PEOPLE, Record, Row
from musicedu.evaluation.making.table import label

_SECOND, _QUIET = "#d55e00", "0.6"
Floats = NDArray[np.float64]


def plot_figure(rows: Sequence[Row], figure: str, ax: Axes | None = None, *, name: str = "") -> Axes:
    """Draw one figure as a bar for every row; a line marks held-out people, a band the interval of what they copy."""
    if ax is None:
        _, ax = plt.subplots(figsize=(7.5, 0.8 + 0.32 * len(rows)), layout="constrained")
    colours = [_SECOND if row.name == PEOPLE else COLOUR for row in rows]
    deviations = [row.figures.get(figure, (0.0, 0.0))[1] for row in rows]
    ax.barh(
        [label(row) for row in rows], [row.mean(figure) for row in rows], color=colours, xerr=deviations, height=0.7
    )
    people = next((row for row in rows if row.name == PEOPLE), None)
    if people is not None:
        ax.axvline(people.mean(figure), color=_SECOND, linewidth=1)
        if figure == "copied":
            ax.axvspan(people.mean("copied_low"), people.mean("copied_high"), color=_SECOND, alpha=0.15)
    ax.invert_yaxis()
    ax.set(xlabel=name or figure)
    return ax


def plot_attributes(rows: Sequence[Row], ax: Axes | None = None) -> Axes:
    """Draw the control of every attribute, a line of points for each row."""
    if ax is None:
        _, ax = plt.subplots(figsize=(7.5, 4), layout="constrained")
    names = [name.replace("_", " ") for name in CONDITION_ATTRIBUTES]
    for row in rows:
        ax.plot(names, [row.mean(f"control_{name}") for name in CONDITION_ATTRIBUTES], "o-", label=label(row))
    ax.set(ylabel="asked against realised (Spearman)", ylim=(min(0.0, ax.get_ylim()[0]), 1.02))
    ax.legend(fontsize=8)
    return ax


def plot_densities(
    samples: Mapping[str, Floats], points: Floats, densities: Mapping[str, Floats], ax: Axes | None = None
) -> Axes:
    """Draw two densities over the same points and what lies under both; samples are marked below them."""
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 3), layout="constrained")
    for (name, density), colour in zip(densities.items(), (_SECOND, COLOUR), strict=False):
        ax.plot(points, density, color=colour, label=name)
        ax.plot(samples[name], np.full(len(samples[name]), -0.02 * density.max()), "|", color=colour, alpha=0.3)
    ax.fill_between(points, np.minimum(*densities.values()), color=_QUIET, alpha=0.5, label="under both")
    ax.set(yticks=[])
    ax.legend()
    return ax


def evaluation_plots(record: Record) -> dict[str, bytes]:
    """The plots of a record as PNG files, by name, for each length."""
    plots = {}
    for n_measures in record.lengths:
        rows = [row for row in record.rows if row.n_measures == n_measures and row.kind == "matched"]
        if not rows:
            continue
        written = [row for row in rows if row.name != PEOPLE]
        axes = {
            "control": plot_figure(written, "control", name="asked against realised attributes (Spearman, mean)"),
            "overlap": plot_figure(rows, "overlap", name="overlap of attributes with held-out tunes"),
            "attributes": plot_attributes(written),
            "copied": plot_figure(rows, "copied", name="runs of eight notes that stand in training tunes (share)"),
            "surprise": plot_figure(rows, "nats", name="surprise under the style model (nats an event)"),
            "cadence": plot_figure(rows, "cadence", name="tunes' ends with a cadence (share)"),
        }
        plots.update({f"{name}_{n_measures}": _png(ax) for name, ax in axes.items()})
    return plots


def _png(ax: Axes) -> bytes:
    figure, buffer = ax.get_figure(root=True), io.BytesIO()
    if figure is None:
        raise ValueError("these axes belong to no figure")
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    plt.close(figure)
    return buffer.getvalue()
