"""What comes next in a phrase, when a network has said for every sixteenth what it would put there.

An event lasts several steps, so its probability is a product: a note of a quarter is a pitch, three holds, and then no
hold. Where the value ends at a barline the note may go on, as a tie. So the same masks and the same look-ahead work for
a network that knows steps as for one that knows events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.step_grid import HOLD, SIXTEENTH
from musicedu.encoding.vocabulary import FIRST_PITCH, N_TOKENS, REST, TIE, VALUES
from musicedu.generation.decoding import Ints, Logits, Prefix
from musicedu.grid import Grid

Floats = NDArray[np.float64]
_VALUES = np.array(VALUES)
_BEATS_OF_TRIPLETS = {4: 12, 2: 6}
"""The steps that three values fill together, by value: such a group begins where they do."""


@dataclass(frozen=True)
class Doubts:
    """How unlikely, as log-probabilities, is what a network of sixteenths rules out or cannot say.

    `least`: what it rules out; it may still stand where a rule leaves nothing else. `triplet`: to begin one, and
    `between`: any other value that ends between sixteenths.
    """

    least: float = -20.0
    triplet: float = -4.0
    between: float = -10.0


DECIDED = Doubts(-60.0, -60.0, -60.0)
"""Of a network whose tokens are played as they are, so that others come up only where rules forbid them."""


class StepDecoder:
    """`next_logits` from logits of every sixteenth: (rows, sixteenths, tokens)."""

    def __init__(self, logits: Floats, grid: Grid, doubts: Doubts = Doubts()) -> None:
        shifted = logits - logits.max(axis=-1, keepdims=True)
        log_p = np.maximum(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), doubts.least)
        self._grid, self._n_sixteenths, self._log_p, self._doubts = grid, logits.shape[1], log_p, doubts
        self._any_pitch = np.logaddexp.reduce(log_p[..., FIRST_PITCH:], axis=-1)
        self._going_on = {token: _summed(log_p[..., token]) for token in (HOLD, REST)}
        self._ended = {token: _complement(log_p[..., token], doubts.least) for token in (HOLD, REST)}

    def __call__(self, prefix: Prefix) -> Logits:
        """Log-probabilities of the next value, or of the next token once the value is chosen."""
        rows = np.arange(len(prefix.positions))
        step = np.minimum((prefix.positions + SIXTEENTH // 2) // SIXTEENTH, self._n_sixteenths - 1)
        price = self._prices(prefix)
        held, silent = (price + self._lasting(rows, prefix.positions, step, token) for token in (HOLD, REST))
        ties = np.where(self._is_barline(prefix.positions), self._log_p[rows, step, HOLD], self._doubts.least)
        rests = self._log_p[rows, step, REST]
        if prefix.value is None:
            begun = np.logaddexp(self._any_pitch[rows, step], ties)
            logits: Logits = np.logaddexp(begun[:, None] + held, rests[:, None] + silent)
            return logits
        logits = np.empty((len(rows), N_TOKENS))
        logits[:, FIRST_PITCH:] = self._log_p[rows, step, FIRST_PITCH:] + held[rows, prefix.value, None]
        logits[:, TIE] = ties + held[rows, prefix.value]
        logits[:, REST] = rests + silent[rows, prefix.value]
        return logits

    def _lasting(self, rows: Ints, positions: Ints, step: Ints, token: int) -> Floats:
        """Log-probabilities, for each value, that what begins at a step goes on to the value's end and no further."""
        ends = positions[:, None] + _VALUES
        end_steps = np.clip((ends + SIXTEENTH // 2) // SIXTEENTH, step[:, None] + 1, self._n_sixteenths)
        going_on = self._going_on[token]
        inside = going_on[rows[:, None], end_steps] - going_on[rows[:, None], step[:, None] + 1]
        ended = np.where(self._is_barline(ends), 0.0, self._ended[token][rows[:, None], end_steps])
        lasting: Floats = inside + ended
        return lasting

    def _is_barline(self, positions: Ints) -> NDArray[np.bool_]:
        barline: NDArray[np.bool_] = (positions + self._grid.phase) % self._grid.measure_ticks == 0
        return barline

    def _prices(self, prefix: Prefix) -> Floats:
        """What values between sixteenths cost, (rows, values): a triplet is paid for where it begins, and goes on."""
        positions, between = prefix.positions[:, None], self._doubts.between
        begun = np.where(_VALUES % SIXTEENTH, between, 0.0)
        for value, beat in _BEATS_OF_TRIPLETS.items():
            begun = np.where((value == _VALUES) & (positions % beat == 0), self._doubts.triplet, begun)
        before = _VALUES[prefix.values[:, -1]] if prefix.values.shape[1] else np.zeros(len(positions))
        going_on = np.where(before[:, None] == _VALUES, 0.0, between)
        prices: Floats = np.where(positions % SIXTEENTH, going_on, begun)
        return prices


def _summed(log_p: Floats) -> Floats:
    """The sum of all steps before each: (rows, steps + 1)."""
    return np.pad(np.cumsum(log_p, axis=1), ((0, 0), (1, 0)))


def _complement(log_p: Floats, least: float) -> Floats:
    """The log-probability of anything else; after the end of the window it is certain: (rows, steps + 1)."""
    others = np.log(np.maximum(-np.expm1(np.minimum(log_p, 0.0)), np.exp(least)))
    return np.pad(others, ((0, 0), (0, 1)))


def decided(logits: Floats, tokens: NDArray[np.integer]) -> Floats:
    """Log-probabilities for a network that has decided on tokens (rows, steps): others come up where rules forbid them.

    logits (rows, steps, tokens) say in what order.
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p: Floats = np.maximum(shifted + DECIDED.least / 2, DECIDED.least)
    np.put_along_axis(log_p, np.asarray(tokens, dtype=np.int64)[..., None], 0.0, axis=-1)
    return log_p
