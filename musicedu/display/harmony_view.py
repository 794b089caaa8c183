"""Pictures of harmony: chroma over time, weights of pitch classes, and rows of chords beside the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from musicedu.audio.takes import SoundingChord
from musicedu.display.plots import COLOUR

PITCH_CLASS_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_OTHER = "#d55e00"  # vermilion, beside blue for every kind of colour vision
_NAMED_SHARE = 0.022  # of the width: a narrower chord has no room for its name

Values = npt.NDArray[np.floating]


def plot_chroma(values: Values, times_sec: Values, ax: Axes | None = None) -> Axes:
    """Draw chroma of shape (12, n_frames) as a map: seconds to the right, pitch classes upwards, dark is strong."""
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 2.8), layout="constrained")
    ax.imshow(
        values,
        aspect="auto",
        origin="lower",
        cmap="Blues",
        interpolation="nearest",
        extent=(float(times_sec[0]), float(times_sec[-1]), -0.5, 11.5),
    )
    ax.set_yticks(range(12), PITCH_CLASS_NAMES, fontsize=8)
    ax.set(xlabel="time (seconds)")
    return ax


def plot_pitch_classes(
    weights: Sequence[float] | Values, profile: Sequence[float] | Values | None = None, ax: Axes | None = None
) -> Axes:
    """Draw twelve weights as bars, from C; a profile beside them is drawn as a line, both scaled to a largest of 1."""
    if ax is None:
        _, ax = plt.subplots(figsize=(6, 2.4), layout="constrained")
    bars = np.asarray(weights, dtype=float)
    ax.bar(range(12), bars / max(bars.max(), 1e-12), color=COLOUR, width=0.7, label="sounds")
    if profile is not None:
        line = np.asarray(profile, dtype=float)
        ax.plot(range(12), line / line.max(), color=_OTHER, marker="o", label="profile")
        ax.legend(frameon=False, fontsize=8)
    ax.set_xticks(range(12), PITCH_CLASS_NAMES)
    ax.set(ylabel="share of the strongest", ylim=(0, 1.1))
    return ax


def plot_chord_rows(
    rows: Mapping[str, Sequence[SoundingChord]], ax: Axes | None = None, *, truth: str | None = None
) -> Axes:
    """Draw rows of chords one below the other, each chord a box with its name from left to right in seconds.

    rows: by what stands beside them; truth: the name of the row that is right; the others end with it, and are
    orange and hatched for as long as they differ from it.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(8, 0.7 + 0.45 * len(rows)), layout="constrained")
    shown = rows.values() if truth is None else [rows[truth]]
    end_sec = max((one.offset_sec for row in shown for one in row), default=1.0)
    for place, (name, row) in enumerate(rows.items()):
        right = rows[truth] if truth is not None and name != truth else row
        for one in row:
            _draw_chord(ax, place, one, right)
            if one.offset_sec - one.onset_sec > _NAMED_SHARE * end_sec:
                middle_sec = (one.onset_sec + one.offset_sec) / 2
                ax.text(middle_sec, place, one.chord.name, ha="center", va="center", fontsize=8, clip_on=True)
    ax.set_yticks(range(len(rows)), list(rows))
    ax.set(xlabel="time (seconds)", xlim=(0, end_sec), ylim=(len(rows) - 0.5, -0.5))
    return ax


def _draw_chord(ax: Axes, place: int, one: SoundingChord, right: Sequence[SoundingChord]) -> None:
    """A box in blue where the chord is the right one and in hatched orange where it is not."""
    _draw_box(ax, place, one.onset_sec, one.offset_sec, is_right=False)
    for other in right:
        onset_sec, offset_sec = max(one.onset_sec, other.onset_sec), min(one.offset_sec, other.offset_sec)
        if other.chord == one.chord and offset_sec > onset_sec:
            _draw_box(ax, place, onset_sec, offset_sec, is_right=True)


def _draw_box(ax: Axes, place: int, onset_sec: float, offset_sec: float, *, is_right: bool) -> None:
    ax.barh(
        place,
        offset_sec - onset_sec,
        left=onset_sec,
        height=0.8,
        color="#a9c9ea" if is_right else "#f7c29b",
        hatch=None if is_right else "///",
        edgecolor="white",
        linewidth=0.8,
    )
