"""Pitch as pictures: how alike a sound is to itself a little later, a pitch track, notes heard beside notes played."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from musicedu.display.plots import COLOUR
from musicedu.evaluation.listening.notes import missed_and_extra
from musicedu.played import PlayedNote

MISSED_COLOUR = "#d55e00"  # vermilion
_PLAYED_COLOUR = "0.82"
_SIZE = (7.2, 2.6)
_ROOM = 2  # semitones above and below

Floats = npt.NDArray[np.floating]


def plot_likeness(likeness: Floats, ax: Axes | None = None, *, peaks: dict[int, str] | None = None) -> Axes:
    """Draw how alike a sound is to itself some samples later, for every lag from 0; `peaks` names some of the lags."""
    ax = _axes(ax)
    ax.plot(np.arange(len(likeness)), likeness, color=COLOUR, linewidth=1.2)
    for lag, name in (peaks or {}).items():
        ax.plot(lag, likeness[lag], "o", color=MISSED_COLOUR)
        ax.annotate(name, (lag, likeness[lag]), xytext=(0, 7), textcoords="offset points", ha="center")
    ax.set(
        xlabel="lag (samples)",
        ylabel="likeness",
        xlim=(0, len(likeness)),
        ylim=(min(0.0, float(np.min(likeness))) - 0.1, 1.3),
    )
    return ax


def plot_pitch(
    times_sec: npt.ArrayLike, pitch: npt.ArrayLike, notes: Sequence[PlayedNote], ax: Axes | None = None
) -> Axes:
    """Draw a pitch track (fractional MIDI numbers) over the notes played: wrong moments stand out as crosses."""
    ax = _axes(ax)
    times, heard = np.asarray(times_sec, dtype=np.float64), np.asarray(pitch, dtype=np.float64)
    _plot_played(notes, ax)
    wrong = np.zeros(len(times), dtype=bool)
    for note in notes:
        inside = (times >= note.onset_sec) & (times < note.offset_sec)
        wrong |= inside & (np.abs(heard - note.pitch) >= 0.5)
    ax.plot(times[~wrong], heard[~wrong], ".", color=COLOUR, markersize=3, label="heard")
    ax.plot(times[wrong], heard[wrong], "x", color=MISSED_COLOUR, markersize=5, label="heard wrong")
    ax.set(xlabel="time (s)", ylabel="pitch (MIDI)")
    ax.legend(loc="upper right", ncols=3, fontsize="small")
    return ax


def plot_notes(played: Sequence[PlayedNote], heard: Sequence[PlayedNote], ax: Axes | None = None) -> Axes:
    """Draw the notes played in grey and the notes heard in blue; what was missed or made up is framed in vermilion."""
    ax = _axes(ax)
    missed, extra = missed_and_extra(played, heard)
    _plot_played(played, ax)
    for number, note in enumerate(heard):
        edge = MISSED_COLOUR if note in extra else COLOUR
        label = "heard" if number == 0 else None
        ax.barh(note.pitch, note.duration_sec, 0.35, note.onset_sec, color=COLOUR, edgecolor=edge, label=label)
    for number, lost in enumerate(missed):
        label = "missed" if number == 0 else None
        ax.barh(
            lost.pitch, lost.duration_sec, 0.9, lost.onset_sec, color="none", edgecolor=MISSED_COLOUR, lw=2, label=label
        )
    for number, one in enumerate(extra):
        label = "made up" if number == 0 else None
        ax.plot(one.onset_sec, one.pitch, "x", color=MISSED_COLOUR, markersize=8, label=label)
    pitches = [note.pitch for note in played] + [note.pitch for note in heard] or [60]
    ax.set(xlabel="time (s)", ylabel="pitch (MIDI)", ylim=(min(pitches) - _ROOM, max(pitches) + _ROOM + 1))
    ax.legend(loc="upper right", ncols=4, fontsize="small")
    return ax


def _plot_played(notes: Sequence[PlayedNote], ax: Axes) -> None:
    ax.barh(
        [note.pitch for note in notes],
        [note.duration_sec for note in notes],
        0.9,
        [note.onset_sec for note in notes],
        color=_PLAYED_COLOUR,
        label="played",
    )


def _axes(ax: Axes | None) -> Axes:
    if ax is None:
        _, ax = plt.subplots(figsize=_SIZE, layout="constrained")
    return ax
