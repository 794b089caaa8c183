"""Likelihood under a style model: how surprising the music is to a model of the training tunes, in nats an event.

The style model is any `next_logits`, here the Markov chain of order 4 (Pearce and Wiggins 2012 take such models for
what listeners expect). Low is no merit: a held note surprises nobody. Good music is *as* surprising as real tunes are.

Four measures (`musicedu evaluate`): held-out tunes 2.74 nats an event and 0.71 a sixteenth, the training tunes
themselves 1.57 and 0.41, random notes 9.80 and 3.94.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Window
from musicedu.encoding.vocabulary import FIRST_PITCH, MIDDLE, VALUES
from musicedu.generation.decoding import Ints, Logits, NextLogits, Prefix

Floats = NDArray[np.float64]
_BATCH = 512


def nats_of(windows: Sequence[Window], style: NextLogits) -> Floats:
    """The mean surprise of each window's events, value and token together, in nats: (n,)."""
    order = sorted(range(len(windows)), key=lambda row: len(windows[row].events))
    nats = np.zeros(len(windows))
    for begin in range(0, len(order), _BATCH):
        rows = order[begin : begin + _BATCH]
        nats[rows] = _nats_of_batch([windows[row] for row in rows], style)
    return nats


def _nats_of_batch(windows: Sequence[Window], style: NextLogits) -> Floats:
    lengths = np.array([len(window.events) for window in windows])
    values, tokens = (np.zeros((len(windows), int(lengths.max())), dtype=np.int64) for _ in range(2))
    for row, window in enumerate(windows):
        for column, event in enumerate(window.events):
            values[row, column], tokens[row, column] = event
    positions, last = np.zeros(len(windows), np.int64), np.full(len(windows), MIDDLE)
    steps, nats, rows = np.array(VALUES), np.zeros(len(windows)), np.arange(len(windows))
    for column in range(int(lengths.max())):
        value: Ints = values[:, column]
        token: Ints = tokens[:, column]
        prefix = Prefix(values[:, :column], tokens[:, :column], positions, last)
        surprise = -_log_softmax(style(prefix))[rows, value]
        asked = Prefix(prefix.values, prefix.tokens, positions, last, value)
        surprise -= _log_softmax(style(asked))[rows, token]
        going_on = column < lengths
        nats += np.where(going_on, surprise, 0.0)
        positions = np.where(column + 1 < lengths, positions + steps[value], positions)
        last = np.where(going_on & (token >= FIRST_PITCH), token - FIRST_PITCH, last)
    mean: Floats = nats / lengths
    return mean


def _log_softmax(logits: Logits) -> Logits:
    shifted = logits - logits.max(axis=1, keepdims=True)
    normalised: Logits = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return normalised
