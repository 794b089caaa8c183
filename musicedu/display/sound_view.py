"""Sound as pictures: the waveform, the spectrum, the spectrogram and pitch; each draws on the axes it is given.

Pitch is how alike a sound is to itself a little later, a pitch track, or notes heard beside notes played.
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from musicedu.audio.spectrum import Frames, amplitude_to_db, extract_spectrum
from musicedu.display.plots import COLOUR
from musicedu.evaluation.listening.melody import missed_and_extra
from musicedu.played import PlayedNote

SECOND_COLOUR = "#d55e00"  # vermilion: told apart from COLOUR by every eye
_MOST_POINTS = 800
_MOST_ROWS, _MOST_FRAMES = 120, 400  # more would be finer than the picture
_SIZE = (6.6, 2.2)
_SHADES = 12  # few enough for a small picture, and 6 dB apart
MISSED_COLOUR = SECOND_COLOUR
_PLAYED_COLOUR = "0.82"
_PITCH_SIZE = (7.2, 2.6)
_ROOM = 2  # semitones above and below

Floats = npt.NDArray[np.floating]


def plot_waveform(
    y: Floats,
    sr: int,
    ax: Axes | None = None,
    *,
    start_sec: float = 0.0,
    end_sec: float | None = None,
    samples: bool = False,
    label: str = "",
) -> Axes:
    """Draw samples over time, from `start_sec` to `end_sec`; `samples` marks each of them with a dot.

    Of a long sound the highest and lowest of neighbouring samples are drawn, so that no peak is lost.
    """
    ax = _axes(ax)
    first = round(start_sec * sr)
    part = np.asarray(y)[first : None if end_sec is None else round(end_sec * sr)]
    times_sec = (first + np.arange(len(part))) / sr
    per_point = len(part) // _MOST_POINTS
    if per_point > 1:
        n_points = len(part) // per_point
        groups = part[: n_points * per_point].reshape(n_points, per_point)
        times_sec = times_sec[: n_points * per_point : per_point]
        ax.fill_between(times_sec, groups.min(axis=1), groups.max(axis=1), color=_next_colour(ax), label=label)
    else:
        marks = {"marker": "o", "markersize": 4} if samples else {}
        ax.plot(times_sec, part, color=_next_colour(ax), linewidth=1.2, label=label, **marks)  # type: ignore[arg-type]
    ax.set(xlabel="time (s)", ylabel="amplitude")
    ax.margins(x=0)
    if label:
        ax.legend(loc="upper right")
    return ax


def plot_spectrum(
    y: Floats, sr: int, ax: Axes | None = None, *, highest_hz: float | None = None, label: str = ""
) -> Axes:
    """Draw how strong each frequency is in a whole sound, in decibels below the strongest (Hann window)."""
    ax = _axes(ax)
    values = np.abs(np.fft.rfft(np.asarray(y) * np.hanning(len(y))))
    hz = np.fft.rfftfreq(len(y), 1 / sr)
    shown = hz <= (highest_hz or sr / 2)
    hz, decibels = _thinned(hz[shown], amplitude_to_db(values)[shown])
    ax.plot(hz, decibels, color=_next_colour(ax), linewidth=1, label=label)
    ax.set(xlabel="frequency (Hz)", ylabel="strength (dB)", xlim=(0, highest_hz or sr / 2))
    if label:
        ax.legend(loc="upper right")
    return ax


def plot_spectrogram(
    sound: Floats | Frames, sr: int = 0, ax: Axes | None = None, *, highest_hz: float | None = None
) -> Axes:
    """Draw frequency over time, brighter where it is stronger: of samples (with `sr`), or of a spectrum or mel bands.

    Mel bands stand at equal heights, with their hertz beside them.
    """
    ax = _axes(ax)
    frames = sound if isinstance(sound, Frames) else extract_spectrum(np.asarray(sound, dtype=np.float32), sr)
    is_mel = frames.unit == "power"
    decibels = amplitude_to_db(np.sqrt(frames.values) if is_mel else frames.values, top_db=72)
    rows = frames.rows if highest_hz is None or is_mel else frames.rows[frames.rows <= highest_hz]
    half = frames.hop_length / frames.sr / 2
    height = (-0.5, len(rows) - 0.5) if is_mel else (0.0, float(rows[-1]))
    extent = (-half, float(frames.times_sec[-1]) + half, *height)
    colours = plt.get_cmap("magma", _SHADES)
    ax.imshow(
        decibels[: len(rows)], origin="lower", aspect="auto", extent=extent, cmap=colours, interpolation="nearest"
    )
    if is_mel:
        ticks = np.linspace(0, len(rows) - 1, 6).round().astype(int)
        ax.set_yticks(ticks, [f"{float(f'{frames.rows[tick]:.2g}'):.0f}" for tick in ticks])
    ax.set(xlabel="time (s)", ylabel="frequency (Hz)")
    return ax


def _axes(ax: Axes | None, size: tuple[float, float] = _SIZE) -> Axes:
    if ax is None:
        _, ax = plt.subplots(figsize=size, layout="constrained")
    return ax


def _next_colour(ax: Axes) -> str:
    return COLOUR if not (ax.lines or ax.collections) else SECOND_COLOUR


def _thinned(hz: Floats, decibels: Floats) -> tuple[Floats, Floats]:
    """Of many neighbouring frequencies the strongest."""
    per_point = len(hz) // _MOST_POINTS
    if per_point < 2:
        return hz, decibels
    n_points = len(hz) // per_point
    groups = decibels[: n_points * per_point].reshape(n_points, per_point)
    return hz[: n_points * per_point].reshape(n_points, per_point).mean(axis=1), groups.max(axis=1)


def plot_likeness(likeness: Floats, ax: Axes | None = None, *, peaks: dict[int, str] | None = None) -> Axes:
    """Draw how alike a sound is to itself some samples later, for every lag from 0; `peaks` names some of the lags."""
    ax = _axes(ax, _PITCH_SIZE)
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
    ax = _axes(ax, _PITCH_SIZE)
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
    ax = _axes(ax, _PITCH_SIZE)
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
