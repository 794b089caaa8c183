"""A window as one token for every sixteenth: a rest, a hold (the note goes on) or a pitch that begins.

The plainest way to give a melody to a network: all windows of a length have the same shape, and nothing has to be
counted. It cannot say triplets. The tokens are those of `vocabulary`, with `TIE` read as "hold".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Event, Window, line_of_events
from musicedu.encoding.vocabulary import FIRST_PITCH, N_TOKENS, REST, TIE, VALUE_INDEX, VALUES, pitch_of_token
from musicedu.grid import TICKS_PER_QUARTER, Grid
from musicedu.melody import Key, KeyAt, Melody, MetreAt, Note
from musicedu.notation import write

SIXTEENTH = TICKS_PER_QUARTER // 4
"""The length of a step here in steps of the grid (twelfths of a quarter)."""

HOLD = TIE
N_STEP_TOKENS = N_TOKENS
"""A rest, a hold and 37 pitches: 39."""

_FITTING_VALUES = [value for value in reversed(VALUES) if value % SIXTEENTH == 0]
_FRAME_KEYS = {False: Key(0, "major"), True: Key(0, "minor")}

Tokens = NDArray[np.int8]


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


def step_arrays(windows: Iterable[Window], n_steps: int) -> StepArrays:
    """All windows that fit and last at most `n_steps` sixteenths, as rows padded with rests."""
    kept = tuple(
        window for window in windows if (n_sixteenths(window.grid) or n_steps + 1) <= n_steps and fits_steps(window)
    )
    tokens, mask = np.full((len(kept), n_steps), REST, np.int8), np.zeros((len(kept), n_steps), np.bool_)
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


def _values(n_steps: int) -> list[int]:
    """The note values, longest first, that together last so many steps: one, but for lengths that no value has."""
    if n_steps in VALUE_INDEX:
        return [n_steps]
    first = next(value for value in _FITTING_VALUES if value <= n_steps)
    return [first, *_values(n_steps - first)] if n_steps > first else [first]
