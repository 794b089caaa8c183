"""Pictures of likeness: stars on a spectrogram, votes for recordings, and which notes stand for which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from musicedu.display.embed import Shown, show
from musicedu.display.plots import COLOUR
from musicedu.display.score import score_picture
from musicedu.melody import Melody
from musicedu.melody.cutting import cut_measures
from musicedu.originality.constellation import LOWEST_PITCH, frames_to_sec
from musicedu.originality.similarity import Alignment

_SECOND, _QUIET = "#d55e00", "0.7"


def plot_stars(
    spectrogram: NDArray[np.floating], frames: Sequence[int], bands: Sequence[int], ax: Axes | None = None
) -> Axes:
    """Draw stars on the spectrogram of semitones they come from: (n_bands, n_frames), time to the right."""
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 2.8), layout="constrained")
    n_bands, n_frames = spectrogram.shape
    edges = (0, frames_to_sec(n_frames), LOWEST_PITCH - 0.5, LOWEST_PITCH + n_bands - 0.5)
    ax.imshow(spectrogram, origin="lower", aspect="auto", cmap="Greys", extent=edges, interpolation="nearest")
    seconds = [frames_to_sec(frame) for frame in frames]
    ax.scatter(seconds, [LOWEST_PITCH + band for band in bands], s=22, color=_SECOND, edgecolor="white", linewidth=0.5)
    ax.set(xlabel="time (s)", ylabel="pitch (MIDI number)")
    return ax


def plot_votes(votes: Mapping[str, float], right: str = "", ax: Axes | None = None, *, what: str = "votes") -> Axes:
    """Draw how many votes each recording got; the one it really is, if said, in another colour."""
    if ax is None:
        _, ax = plt.subplots(figsize=(6.5, 0.8 + 0.28 * len(votes)), layout="constrained")
    names = list(votes)
    colours = [_SECOND if name == right else COLOUR for name in names]
    ax.barh(names, list(votes.values()), color=colours, height=0.7)
    ax.invert_yaxis()
    ax.set(xlabel=what)
    return ax


def plot_alignment(one: Melody, other: Melody, alignment: Alignment, ax: Axes | None = None) -> Axes:
    """Draw two melodies, one above the other, with a line between notes that stand for one another."""
    if ax is None:
        _, ax = plt.subplots(figsize=(7.5, 3.2), layout="constrained")
    lift = max(one.pitches) - min(other.pitches) + 6  # the other melody stands clear above the one
    for melody, shift, paired in (
        (one, 0, {pair[0] for pair in alignment.pairs}),
        (other, lift, {pair[1] for pair in alignment.pairs}),
    ):
        for number, note in enumerate(melody.notes):
            colour = COLOUR if number in paired else _QUIET
            height = note.pitch + shift
            ax.plot([_share(melody, note.onset), _share(melody, note.offset)], [height] * 2, color=colour, linewidth=4)
    for ours, theirs in alignment.pairs:
        first, second = one.notes[ours], other.notes[theirs]
        ax.plot(
            [_share(one, first.onset), _share(other, second.onset)],
            [first.pitch + 0.6, second.pitch + lift - 0.6],
            color=_SECOND,
            linewidth=0.7,
        )
    middles = [sum(one.pitches) / len(one.pitches), sum(other.pitches) / len(other.pitches) + lift]
    ax.set_yticks(middles, [one.title or "the melody", other.title or "the tune"])
    ax.set_xticks([])
    ax.set(xlabel="time, each melody from its beginning to its end")
    return ax


def _share(melody: Melody, time: object) -> float:
    return float(time / melody.duration)  # type: ignore[operator]


def passage(melody: Melody, first: int, last: int) -> Melody:
    """The whole measures in which notes `first` to `last` of a melody stand, counted from 0, both included."""
    begin = melody.measure_at(melody.notes[first].onset).number
    end = melody.measure_at(melody.notes[last].onset).number
    cut = cut_measures(melody, begin, end - begin + 1)
    return replace(cut, anacrusis=melody.anacrusis) if begin == 0 else cut


def passage_picture(melody: Melody, first: int, last: int) -> Shown:
    """The notation of a passage, in whole measures; its words say which notes of the melody are meant."""
    said = f"Notes {first + 1} to {last + 1} of {melody.title or 'the melody'}:"
    return Shown(f"<p>{said}</p>", said) + score_picture(passage(melody, first, last))


def show_passages(melody: Melody, notes: tuple[int, int], tune: Melody, tune_notes: tuple[int, int]) -> None:
    """Show a passage of a melody, and under it what it is like in a tune."""
    show(passage_picture(melody, *notes), passage_picture(tune, *tune_notes))
