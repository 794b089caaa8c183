"""What a picture of steps proposes, event by event: networks that make a whole window at once, asked for `next_logits`.

Such a network gives, for every sixteenth, how likely each token is (rest, hold, pitches). How likely an event of some
value is follows: it begins with its token, goes on through holds, and something else stands where it ends. Drawn
without rules at temperature 1, the events are just what the picture's tokens would give.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.step_grid import HOLD, SIXTEENTH
from musicedu.encoding.vocabulary import REST, TIE, VALUES
from musicedu.generation.proposal import Ints, Logits, Prefix
from musicedu.grid import Grid

Floats = NDArray[np.float64]
_NEVER = -60.0
_LEAST = np.exp(_NEVER)


class StepProposal:
    """`next_logits` of pictures: log-probabilities (rows, steps, tokens), a step for each sixteenth of the grid."""

    def __init__(self, log_p: Floats, grid: Grid) -> None:
        self._log_p = np.maximum(log_p, _NEVER)
        self._n_steps = log_p.shape[1]
        self._rows = np.arange(len(log_p))
        self._measure, self._phase = grid.measure_steps, grid.phase
        goes_on = self._log_p[..., [HOLD]], np.logaddexp(self._log_p[..., HOLD], self._log_p[..., REST])[..., None]
        held = np.concatenate(goes_on, axis=2)  # of a note, of silence
        zero = np.zeros((len(held), 1, 2))
        self._held_until = np.concatenate([zero, np.cumsum(held, axis=1)], axis=1)
        ends = np.log(np.maximum(-np.expm1(np.minimum(held, 0.0)), _LEAST))
        self._ends = np.concatenate([ends, zero], axis=1)

    def __call__(self, prefix: Prefix) -> Logits:
        """Logits of the next value, or of the next token once the value is chosen."""
        step = np.minimum(prefix.positions // SIXTEENTH, self._n_steps - 1)
        begins = self._begins(prefix, step)
        if prefix.value is not None:
            durations = np.array(VALUES)[prefix.value]
            of_note, of_silence = self._lasts(prefix.positions, step, durations).T
            tokens: Logits = begins + of_note[:, None]
            tokens[:, REST] = begins[:, REST] + of_silence
            return tokens
        notes, silence = np.logaddexp.reduce(begins[:, TIE:], axis=1), begins[:, REST]
        columns = []
        for value in VALUES:
            of_note, of_silence = self._lasts(prefix.positions, step, np.full(len(step), value)).T
            columns.append(np.logaddexp(notes + of_note, silence + of_silence))
        logits: Logits = np.stack(columns, axis=1)
        logits[:, [value % SIXTEENTH != 0 for value in VALUES]] = _NEVER
        return logits

    def _begins(self, prefix: Prefix, step: Ints) -> Floats:
        """What an event may begin with: a hold only goes on from the measure before, as a tie or as more silence."""
        begins: Floats = self._log_p[self._rows, step].copy()
        hold = begins[:, HOLD].copy()
        at_barline = (prefix.positions + self._phase) % self._measure == 0
        begins[:, TIE] = np.where(at_barline, hold, _NEVER)
        silent = prefix.tokens[:, -1] == REST if prefix.tokens.shape[1] else np.full(len(step), True)
        begins[:, REST] = np.where(silent, np.logaddexp(begins[:, REST], hold), begins[:, REST])
        begins[:, TIE] = np.where(silent, _NEVER, begins[:, TIE])
        return begins

    def _lasts(self, positions: Ints, step: Ints, durations: Ints) -> Floats:
        """How likely a note and silence are to last so long from a step: (rows, 2); up to a barline is long enough."""
        end = np.minimum(step + durations // SIXTEENTH, self._n_steps)
        lasts = self._held_until[self._rows, end] - self._held_until[self._rows, np.minimum(step + 1, end)]
        at_barline = (positions + durations + self._phase) % self._measure == 0
        ends: Floats = np.where(at_barline[:, None], 0.0, self._ends[self._rows, end])
        total: Floats = lasts + ends
        return total


def decided(logits: Floats, tokens: NDArray[np.integer]) -> Floats:
    """Log-probabilities for a network that has decided on tokens (rows, steps): others come up where rules forbid them.

    logits (rows, steps, tokens) say in what order.
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p: Floats = np.maximum(shifted + _NEVER / 2, _NEVER)
    np.put_along_axis(log_p, np.asarray(tokens, dtype=np.int64)[..., None], 0.0, axis=-1)
    return log_p
