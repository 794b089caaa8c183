"""A window as one token for every sixteenth: a rest, a hold (the note goes on) or a pitch that begins.

The plainest way to give a melody to a network: all windows of a length have the same shape, and nothing has to be
counted. It cannot say triplets. The tokens are those of `vocabulary`, with `TIE` read as "hold".

For a dense network, which takes pictures of one size, tunes are cut into rows of such tokens at the barlines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Event, Window, line_of_events, window_melody
from musicedu.encoding.vocabulary import (
    FIRST_PITCH,
    LOWEST_PITCH,
    N_TOKENS,
    REST,
    TIE,
    VALUE_INDEX,
    VALUES,
    pitch_of_token,
    token_of_pitch,
)
from musicedu.encoding.windows import frame_shift
from musicedu.grid import TICKS_PER_QUARTER, Grid, GridLine
from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt, Note
from musicedu.notation import write

SIXTEENTH = TICKS_PER_QUARTER // 4
"""The length of a step here in steps of the grid (twelfths of a quarter)."""

HOLD = TIE
N_STEP_TOKENS = N_TOKENS
"""A rest, a hold and 37 pitches: 39."""

_FITTING_VALUES = [value for value in reversed(VALUES) if value % SIXTEENTH == 0]
_FRAME_KEYS = {False: Key(0, "major"), True: Key(0, "minor")}

Tokens = NDArray[np.int8]
COMMON_TIME = ("4/4", "2/2")
"""Metres whose measure lasts sixteen sixteenths and is felt in four."""

_PER_QUARTER = TICKS_PER_QUARTER // SIXTEENTH
_PER_MEASURE = 16
_UNSAYABLE = -1


@dataclass(frozen=True)
class StepArrays:
    """Windows as rows: tokens and mask (n, steps); mask is true while a window lasts, rests stand after it."""

    tokens: Tokens
    mask: NDArray[np.bool_]
    windows: tuple[Window, ...]

    def __len__(self) -> int:
        return len(self.windows)


def n_sixteenths(grid: Grid) -> int | None:
    """How many sixteenths a window of this grid lasts; None if its barlines do not fall on sixteenths."""
    if grid.measure_ticks % SIXTEENTH or grid.phase % SIXTEENTH:
        return None
    return grid.n_ticks // SIXTEENTH


def fits_steps(window: Window) -> bool:
    """Whether every note begins and ends on a sixteenth, so that nothing is lost."""
    if n_sixteenths(window.grid) is None:
        return False
    line = line_of_events(window.events, window.grid.weights())
    return not (np.any(line.onsets % SIXTEENTH) or np.any(line.durations % SIXTEENTH))


def step_tokens(window: Window) -> Tokens:
    """A window as tokens: (sixteenths,); `ValueError` if it does not fit."""
    if not fits_steps(window):
        raise ValueError("the window has notes or barlines between two sixteenths")
    line = line_of_events(window.events, window.grid.weights())
    tokens = np.full(window.grid.n_ticks // SIXTEENTH, REST, np.int8)
    notes = zip(line.onsets // SIXTEENTH, line.durations // SIXTEENTH, _pitch_tokens(window), strict=True)
    for onset, duration, token in notes:
        tokens[onset] = token
        tokens[onset + 1 : onset + duration] = HOLD
    return tokens


def _pitch_tokens(window: Window) -> list[int]:
    """The tokens of a window's notes, in order."""
    return [token for _, token in window.events if token >= FIRST_PITCH]


def window_of_steps(
    tokens: Sequence[int] | NDArray[np.integer],
    grid: Grid,
    *,
    is_minor: bool = False,
    begins_tune: bool = False,
    ends_tune: bool = False,
) -> Window:
    """The window that tokens say, written with ties where the page needs them.

    A hold with no note to hold is a rest. `ValueError` if there are not as many tokens as the grid has sixteenths, or
    if one is no token.
    """
    steps = np.asarray(tokens)
    if steps.ndim != 1 or len(steps) != n_sixteenths(grid):
        raise ValueError(f"expected {n_sixteenths(grid)} tokens, one a sixteenth, not an array of {steps.shape}")
    if np.any((steps < 0) | (steps >= N_STEP_TOKENS)):
        raise ValueError(f"a token lies from 0 to {N_STEP_TOKENS - 1}, not {steps.min()} to {steps.max()}")
    key = _FRAME_KEYS[is_minor]
    melody = Melody(
        notes=tuple(_notes(sounded(steps), key)),
        duration=Fraction(grid.n_ticks, TICKS_PER_QUARTER),
        metres=(MetreAt(Fraction(0), grid.metre),),
        keys=(KeyAt(Fraction(0), key),),
        anacrusis=Fraction((grid.measure_ticks - grid.phase) % grid.measure_ticks, TICKS_PER_QUARTER),
    )
    return Window(grid, tuple(_written(melody)), is_minor, begins_tune=begins_tune, ends_tune=ends_tune)


def sounded(tokens: Sequence[int] | NDArray[np.integer]) -> Tokens:
    """The same tokens, with every hold that has no note to hold made a rest: what is heard."""
    heard = np.array(tokens, dtype=np.int8)
    for step in range(len(heard)):
        if heard[step] == HOLD and (step == 0 or heard[step - 1] == REST):
            heard[step] = REST
    return heard


def step_arrays(windows: Iterable[Window], longest: int) -> StepArrays:
    """All windows that fit and last at most `longest` sixteenths, as rows padded with rests."""
    kept = tuple(
        window for window in windows if (n_sixteenths(window.grid) or longest + 1) <= longest and fits_steps(window)
    )
    tokens, mask = np.full((len(kept), longest), REST, np.int8), np.zeros((len(kept), longest), np.bool_)
    for row, window in enumerate(kept):
        steps = step_tokens(window)
        tokens[row, : len(steps)], mask[row, : len(steps)] = steps, True
    return StepArrays(tokens, mask, kept)


def _notes(tokens: Tokens, key: Key) -> list[Note]:
    onsets = np.flatnonzero(tokens >= FIRST_PITCH)
    ends = [*np.flatnonzero(tokens != HOLD), len(tokens)]
    after = np.searchsorted(ends, onsets, side="right")
    return [
        Note(
            Fraction(int(onset) * SIXTEENTH, TICKS_PER_QUARTER),
            Fraction(int(ends[end] - onset) * SIXTEENTH, TICKS_PER_QUARTER),
            key.spell(pitch_of_token(int(tokens[onset]))),
        )
        for onset, end in zip(onsets, after, strict=True)
    ]


def _written(melody: Melody) -> list[Event]:
    events: list[Event] = []
    for _, symbols in write(melody):
        for symbol in symbols:
            token, tied = REST, REST
            if symbol.note is not None:
                pitch = FIRST_PITCH + melody.notes[symbol.note].pitch - pitch_of_token(FIRST_PITCH)
                token, tied = TIE if symbol.tied_from else pitch, TIE
            for value in _values(int(symbol.duration * TICKS_PER_QUARTER)):
                events.append((VALUE_INDEX[value], token))
                token = tied
    return events


def _values(length: int) -> list[int]:
    """The note values, longest first, that together last so many steps: one, but for lengths that no value has."""
    if length in VALUE_INDEX:
        return [length]
    first = next(value for value in _FITTING_VALUES if value <= length)
    return [first, *_values(length - first)] if length > first else [first]


def step_grid(n_sixteenths: int) -> Grid:
    """The grid of so many sixteenths of common time; `ValueError` unless they fill measures."""
    if n_sixteenths < _PER_MEASURE or n_sixteenths % _PER_MEASURE:
        raise ValueError(f"expected whole measures of {_PER_MEASURE} sixteenths, not {n_sixteenths}")
    return Grid(Metre(4, 4), n_sixteenths // _PER_MEASURE)


def step_rows(melodies: Iterable[Melody], n_sixteenths: int) -> Tokens:
    """Cut tunes in major or minor and in common time into rows, side by side: (rows, n_sixteenths).

    Rows begin at a barline, with the first full measure; pitches stand in the frame. Left out are rows with a note
    between two sixteenths, with a note that sounds into them, or with fewer than two notes a measure.
    """
    least = 2 * step_grid(n_sixteenths).n_measures
    rows = [row for melody in melodies for row in _rows_of(melody, n_sixteenths) if (row >= FIRST_PITCH).sum() >= least]
    return np.array(rows, dtype=np.int8).reshape(len(rows), n_sixteenths)


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


def _rows_of(melody: Melody, n_sixteenths: int) -> Iterator[Tokens]:
    is_even = len(melody.keys) == len(melody.metres) == 1 and not melody.irregular
    shift = frame_shift(melody) if melody.notes and is_even else None
    if shift is None or melody.key.mode not in ("major", "minor") or str(melody.metre) not in COMMON_TIME:
        return
    tokens = _tokens_of(melody, shift)
    upbeat = melody.anacrusis * _PER_QUARTER
    if upbeat.denominator > 1:
        return
    for begin in range(int(upbeat), len(tokens) - n_sixteenths + 1, n_sixteenths):
        row = tokens[begin : begin + n_sixteenths]
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
