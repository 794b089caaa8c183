"""Pictures of rhythm: an onset envelope over the notes it should find, what comes back in it, rows of beats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from musicedu.audio.rhythm.beats import HIGH_HZ, LOW_HZ, with_clicks
from musicedu.audio.spectrum import amplitude_to_db, extract_spectrum
from musicedu.display.plots import COLOUR

MISSED, INVENTED, QUIET = "#d55e00", "#e69f00", "0.6"
_COLUMNS = 400  # a waveform is drawn as so many highest and lowest values
_STEP_DB = 8.0

Array = npt.NDArray[np.floating]
Times = Sequence[float] | Array


def plot_waveform(y: Array, sr: int, onsets_sec: Times = (), ax: Axes | None = None) -> Axes:
    """Draw a waveform, with a line at every onset."""
    ax = ax if ax is not None else _axes(1.8)
    size = max(1, len(y) // _COLUMNS)
    columns = np.asarray(y[: len(y) // size * size]).reshape(-1, size)
    times_sec = (np.arange(len(columns)) + 0.5) * size / sr
    ax.fill_between(times_sec, columns.min(axis=1), columns.max(axis=1), color=COLOUR, linewidth=0)
    for at in onsets_sec:
        ax.axvline(at, color=MISSED, linewidth=1, linestyle="--")
    ax.set(xlim=(0, len(y) / sr), xlabel="time (s)", yticks=[])
    return ax


def plot_attacks(sounds: Mapping[str, Array], sr: int, onsets_sec: Times) -> Axes:
    """Draw every sound as a waveform over its spectrogram (to 5 kHz), side by side, with lines at the onsets."""
    figure, grid = plt.subplots(
        2, len(sounds), figsize=(8, 3.2), layout="constrained", sharex="col", squeeze=False, height_ratios=(1, 2)
    )
    for column, (name, y) in zip(grid.T, sounds.items(), strict=True):
        plot_waveform(y, sr, onsets_sec, column[0])
        column[0].set(title=name, xlabel="")
        spectrum = extract_spectrum(np.asarray(y, dtype=np.float32), sr, n_fft=1024, hop_length=256)
        rows = spectrum.rows <= 5000
        extent = (0.0, len(y) / sr, 0.0, 5.0)
        steps_db = _STEP_DB * np.round(amplitude_to_db(spectrum.values[rows]) / _STEP_DB)  # fewer greys, smaller file
        column[1].imshow(steps_db, origin="lower", aspect="auto", extent=extent, cmap="Greys", vmin=-48)
        for at in onsets_sec:
            column[1].axvline(at, color=MISSED, linewidth=1, linestyle="--")
        column[1].set(xlabel="time (s)", ylabel="frequency (kHz)" if column is grid.T[0] else "")
    axes: Axes = figure.axes[0]
    return axes


def plot_onsets(
    envelope: Array,
    frames_per_sec: float,
    reference_sec: Times,
    *,
    missed_sec: Times | None = None,
    invented_sec: Times = (),
    threshold: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw an envelope under the true onsets; missed ones are red crosses, invented ones orange triangles."""
    ax = ax if ax is not None else _axes(2.3)
    times_sec = np.arange(len(envelope)) / frames_per_sec
    ax.plot(times_sec, envelope, color=COLOUR, linewidth=1)
    top = 1.12 * float(np.max(envelope, initial=1.0))
    missed = np.asarray([] if missed_sec is None else missed_sec, dtype=float)
    found = [at for at in reference_sec if not np.any(np.isclose(at, missed))]
    ax.plot(found, np.full(len(found), top), "|", color="black", markersize=9, label="true onset")
    ax.vlines(np.asarray(reference_sec, dtype=float), 0, top, color="0.85", linewidth=0.8, zorder=0)
    if len(missed):
        ax.plot(missed, np.full(len(missed), top), "x", color=MISSED, markersize=9, markeredgewidth=2.5, label="missed")
    if len(invented_sec):
        height = np.interp(np.asarray(invented_sec), times_sec, envelope)
        ax.plot(invented_sec, height + 0.06, "v", color=INVENTED, markeredgecolor="black", label="invented")
    if threshold is not None:
        ax.axhline(threshold, color="black", linewidth=0.8, linestyle=":", label="threshold")
    ax.set(
        xlim=(0, max(len(envelope), 1) / frames_per_sec),
        ylim=(0, 1.1 * top),
        xlabel="time (s)",
        ylabel="onset envelope",
    )
    if len(ax.get_legend_handles_labels()[0]) > 1:
        ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=4, fontsize="small", frameon=False)
    return ax


def plot_autocorrelation(
    alike: Array, frames_per_sec: float, tempi_bpm: Sequence[float], ax: Axes | None = None
) -> Axes:
    """Draw how alike an envelope is to itself later, with the lags of some tempi marked by their names."""
    ax = ax if ax is not None else _axes(2.0)
    ax.plot(np.arange(len(alike)) / frames_per_sec, alike, color=COLOUR)
    for tempo_bpm in tempi_bpm:
        ax.axvline(60 / tempo_bpm, color=MISSED, linewidth=1, linestyle="--")
        ax.annotate(f"{tempo_bpm:g}", (60 / tempo_bpm, 1.02), xycoords=("data", "axes fraction"), ha="center")
    ax.set(xlim=(0, len(alike) / frames_per_sec), xlabel="later by (s); above: beats a minute", ylabel="alike")
    return ax


def plot_beats(y: Array, sr: int, rows: Mapping[str, Times], ax: Axes | None = None) -> Axes:
    """Draw a waveform, and under it a row of ticks for every listener, by name."""
    ax = ax if ax is not None else _axes(1.4 + 0.3 * len(rows))
    plot_waveform(np.asarray(y) / max(float(np.max(np.abs(y), initial=0.0)), 1e-9), sr, ax=ax)
    for number, times_sec in enumerate(rows.values(), start=1):
        height = -1.0 - 0.6 * number
        ax.vlines(np.asarray(times_sec, dtype=float), height - 0.22, height + 0.22, color="black", linewidth=1.2)
    ax.set_yticks([-1.0 - 0.6 * number for number in range(1, len(rows) + 1)], list(rows))
    ax.set_ylim(-1.4 - 0.6 * len(rows), 1.1)
    return ax


def clicks_for(y: Array, sr: int, found_sec: Times, missed_sec: Times) -> Array:
    """The sound with a high click where an onset was found and a low knock where one was missed."""
    clicked = with_clicks(y, sr, found_sec, pitch_hz=HIGH_HZ, volume=0.35)
    return with_clicks(clicked, sr, missed_sec, pitch_hz=LOW_HZ, volume=0.9)


def _axes(height: float) -> Axes:
    _, ax = plt.subplots(figsize=(7.5, height), layout="constrained")
    return ax
