"""Tunes as rows of step tokens, cut at the barlines: for a dense network, which takes pictures of one size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import window_melody
from musicedu.encoding.step_grid import HOLD, SIXTEENTH, Tokens, window_of_steps
from musicedu.encoding.vocabulary import FIRST_PITCH, LOWEST_PITCH, REST, token_of_pitch
from musicedu.encoding.windows import frame_shift
from musicedu.grid import TICKS_PER_QUARTER, Grid, GridLine
from musicedu.melody import Melody, Metre

COMMON_TIME = ("4/4", "2/2")
"""Metres whose measure lasts sixteen sixteenths and is felt in four."""

_PER_QUARTER = TICKS_PER_QUARTER // SIXTEENTH
_PER_MEASURE = 16
_UNSAYABLE = -1


def step_grid(n_steps: int) -> Grid:
    """The grid of so many sixteenths of common time; `ValueError` unless they fill measures."""
    if n_steps < _PER_MEASURE or n_steps % _PER_MEASURE:
        raise ValueError(f"expected whole measures of {_PER_MEASURE} sixteenths, not {n_steps}")
    return Grid(Metre(4, 4), n_steps // _PER_MEASURE)


def step_rows(melodies: Iterable[Melody], n_steps: int) -> Tokens:
    """Cut tunes in major or minor and in common time into rows of `n_steps` sixteenths, side by side: (rows, n_steps).

    Rows begin at a barline, with the first full measure; pitches stand in the frame. Left out are rows with a note
    between two sixteenths, with a note that sounds into them, or with fewer than two notes a measure.
    """
    least = 2 * step_grid(n_steps).n_measures
    rows = [row for melody in melodies for row in _rows_of(melody, n_steps) if (row >= FIRST_PITCH).sum() >= least]
    return np.array(rows, dtype=np.int8).reshape(len(rows), n_steps)


def line_of_row(row: Tokens) -> GridLine:
    """A row on the grid of common time, without its pitches' spelling."""
    onsets = np.flatnonzero(row >= FIRST_PITCH)
    breaks = np.append(np.flatnonzero(row != HOLD), len(row))
    ends = breaks[np.searchsorted(breaks, onsets, side="right")]
    pitches = LOWEST_PITCH + row[onsets].astype(np.int64) - FIRST_PITCH
    return GridLine(onsets * SIXTEENTH, (ends - onsets) * SIXTEENTH, pitches, step_grid(len(row)).weights())


def melody_of_row(row: NDArray[np.integer]) -> Melody:
    """A row as a melody in C major; holds of nothing are rests."""
    return window_melody(window_of_steps(row, step_grid(len(row))))


def _rows_of(melody: Melody, n_steps: int) -> Iterator[Tokens]:
    is_even = len(melody.keys) == len(melody.metres) == 1 and not melody.irregular
    shift = frame_shift(melody) if melody.notes and is_even else None
    if shift is None or melody.key.mode not in ("major", "minor") or str(melody.metre) not in COMMON_TIME:
        return
    tokens = _tokens_of(melody, shift)
    upbeat = melody.anacrusis * _PER_QUARTER
    if upbeat.denominator > 1:
        return
    for begin in range(int(upbeat), len(tokens) - n_steps + 1, n_steps):
        row = tokens[begin : begin + n_steps]
        if row[0] != HOLD and not (row == _UNSAYABLE).any():
            yield row


def _tokens_of(melody: Melody, shift: int) -> Tokens:
    tokens = np.full(int(melody.duration * _PER_QUARTER), REST, np.int8)
    for note in melody.notes:
        onset, offset = note.onset * _PER_QUARTER, note.offset * _PER_QUARTER
        begin, end = int(onset), -int(-offset // 1)
        if onset.denominator == offset.denominator == 1:
            tokens[begin] = token_of_pitch(note.pitch - shift)
            tokens[begin + 1 : end] = HOLD
        else:
            tokens[begin:end] = _UNSAYABLE
    return tokens
