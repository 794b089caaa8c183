"""Arrangements in a notebook: lead sheets, scores, stems to hear, and the tables of a model of harmony."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from musicedu.display.embed import Shown, picture, show
from musicedu.display.score import STAFF_MM, WIDTH_MM
from musicedu.formats.engraving import engrave
from musicedu.formats.musicxml.score import changes_of, render_lead_sheet
from musicedu.harmony.chord import ChordAt
from musicedu.melody import Melody

_FONT = re.compile(r'<style type="text/css">@font-face.*?</style>', re.DOTALL)
_SIGNS = {"\uea64": "♭", "\uea66": "♯"}
_SIGN = re.compile(r'<tspan font-family="\w+"([^>]*)>([\uea64\uea66])')


def show_lead_sheet(melody: Melody, chords: Sequence[ChordAt]) -> None:
    """Show a tune with chord symbols over it."""
    show(lead_sheet_picture(melody, chords))


def lead_sheet_picture(melody: Melody, chords: Sequence[ChordAt], words: str = "") -> Shown:
    """A tune with chord symbols as a picture; `words` say it, by default the chords."""
    names = " ".join(one.chord.name_in(melody.key) for one, _ in changes_of(chords, melody.key))
    said = words or f"Lead sheet of {len(melody.measures)} measures in {melody.key.name}. Chords: {names}"
    musicxml = render_lead_sheet(replace(melody, tempos=()), chords)
    return picture(_without_font(engrave(musicxml, width_mm=WIDTH_MM, staff_mm=STAFF_MM)[0]), said)


def _without_font(svg: str) -> str:
    """The picture without the music font that verovio puts in for flats and sharps in text: a tenth of the size."""
    return _SIGN.sub(lambda match: f"<tspan{match[1]}>{_SIGNS[match[2]]}", _FONT.sub("", svg))


def plot_shares(
    shares: npt.NDArray[np.floating], rows: Sequence[str], columns: Sequence[str], ax: Axes | None = None
) -> Axes:
    """Draw a table of shares as colours, each with its percentage; rows and columns are named."""
    if ax is None:
        size = (1.6 + 0.55 * len(columns), 1.0 + 0.38 * len(rows))
        _, ax = plt.subplots(figsize=size, layout="constrained")
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=max(0.5, float(np.max(shares))), aspect="auto")
    for row, column in np.ndindex(shares.shape):
        share = float(shares[row, column])
        ax.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color="white" if share > 0.35 else "black")
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    return ax
