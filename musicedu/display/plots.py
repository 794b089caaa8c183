"""Plots for the lessons: each draws on the axes it is given, or on new ones, and returns them."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from PIL import Image

from musicedu.display.embed import Shown, picture, show
from musicedu.melody import Melody
from musicedu.pitch import spell
from musicedu.syllabus.difficulty import Difficulty
from musicedu.wording.english import term_in_words

COLOUR = "#1f5fa8"
DPI = 100


def plot_piano_roll(melody: Melody, ax: Axes | None = None) -> Axes:
    """Draw a melody as bars: time to the right in quarter notes, MIDI pitch upwards, barlines as in the score."""
    if ax is None:
        _, ax = plt.subplots(figsize=(9, 3), layout="constrained")
    for measure in melody.measures:
        ax.axvline(float(measure.onset), color="0.8", linewidth=1, zorder=0)
    ax.barh(
        y=list(melody.pitches),
        width=[float(note.duration) for note in melody.notes],
        left=[float(note.onset) for note in melody.notes],
        height=0.8,
        color=COLOUR,
        edgecolor="white",
    )
    pitches = sorted(set(melody.pitches))
    named = {pitch: str(spell(pitch, melody.key.fifths, minor=melody.key.is_minor)) for pitch in pitches}
    ax.set_yticks(pitches, [f"{named[pitch]} = {pitch}" for pitch in pitches])
    ax.set_xlim(0, float(melody.duration))
    ax.set(xlabel="time (quarter notes)", ylabel="pitch")
    return ax


def plot_difficulty(difficulty: Difficulty, ax: Axes | None = None) -> Axes:
    """Draw a difficulty as a bar for each of its reasons, in levels, the largest at the top."""
    terms = [term for term in difficulty.terms if round(term.value, 1) > 0]
    if ax is None:
        _, ax = plt.subplots(figsize=(9, 0.6 + 0.35 * len(terms)), layout="constrained")
    bars = ax.barh([term_in_words(term) for term in terms], [term.value for term in terms], color=COLOUR, height=0.7)
    ax.bar_label(bars, fmt="+%.1f", padding=3)
    ax.invert_yaxis()
    ax.margins(x=0.1)
    ax.set(xlabel="adds to the difficulty (levels)")
    return ax


def show_plot(ax: Axes, words: str) -> None:
    """Show a plot with the words that say it; the figure is closed afterwards."""
    show(plot_picture(ax, words))


def plot_picture(ax: Axes, words: str, *, n_colours: int = 256) -> Shown:
    """A plot as a picture with its words; the figure is closed, so that a notebook does not show it twice."""
    figure, buffer = ax.get_figure(root=True), io.BytesIO()
    if figure is None:
        raise ValueError("these axes belong to no figure")
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    plt.close(figure)
    return picture(_in_few_colours(buffer.getvalue(), n_colours), words)


def _in_few_colours(png: bytes, n_colours: int) -> bytes:
    """The same picture with 256 colours of its own: a third of the bytes, and no eye sees the difference."""
    buffer = io.BytesIO()
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(n_colours, dither=Image.Dither.NONE)
    few.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
