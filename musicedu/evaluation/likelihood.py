"""How well a model foretells real music: nats an event, and their perplexity (Jelinek et al. 1977).

A window is read event by event; before each the model is told all that truly came before, and pays the negative
logarithm of the probability it gave to what came: of the value first, then of the token given the value. Unlike a
network's reconstruction loss nothing here has seen the window in advance. By this a Markov chain is told how far it
should look back: every order is judged on tunes it has not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from musicedu.configs import MarkovConfig
from musicedu.encoding.events import Window
from musicedu.encoding.vocabulary import FIRST_PITCH, MIDDLE, VALUES
from musicedu.generation.decoding import Prefix
from musicedu.generation.markov import MarkovModel, count_events
from musicedu.weights import Weights

Floats = NDArray[np.float64]
_ROWS_AT_ONCE = 2000
HIGHEST_ORDER = 8


@dataclass(frozen=True)
class EventNats:
    """Nats an event: of its value and of its token, () for one model and (models,) for several asked at once."""

    value: Floats
    token: Floats
    n_events: int

    @property
    def total(self) -> Floats:
        return self.value + self.token

    @property
    def perplexity(self) -> Floats:
        """Among how many equally likely events the model might as well have to choose."""
        return np.exp(self.total)


def event_nats(logits_of: Callable[[Prefix], Floats], windows: Sequence[Window]) -> EventNats:
    """The nats that a model pays for an event of windows; `ValueError` without an event.

    logits_of: unnormalised logits (rows, choices) as of `NextLogits`, or (models, rows, choices). Prefixes grow by one
    event at a time only within windows of one call; a model that keeps a state needs windows that it was made for.
    """
    ordered = sorted(windows, key=lambda window: -len(window.events))
    value, token, n_events = np.zeros(()), np.zeros(()), 0
    for begin in range(0, len(ordered), _ROWS_AT_ONCE):
        batch = ordered[begin : begin + _ROWS_AT_ONCE]
        paid = _batch_nats(logits_of, batch)
        value, token = value + paid[0], token + paid[1]
        n_events += sum(len(window.events) for window in batch)
    if not n_events:
        raise ValueError("a likelihood needs events")
    return EventNats(value / n_events, token / n_events, n_events)


def _batch_nats(logits_of: Callable[[Prefix], Floats], windows: Sequence[Window]) -> tuple[Floats, Floats]:
    """The sum of nats of windows, the longest first: rows leave as they end."""
    lengths = np.array([len(window.events) for window in windows])
    events = np.zeros((len(windows), lengths.max(initial=0), 2), dtype=np.int64)
    for row, window in enumerate(windows):
        events[row, : lengths[row]] = window.events
    positions, last = np.zeros(len(windows), dtype=np.int64), np.full(len(windows), MIDDLE)
    paid = [np.zeros(()), np.zeros(())]
    for index in range(events.shape[1]):
        n = int((lengths > index).sum())
        values, tokens = events[:n, :index, 0], events[:n, :index, 1]
        value, token = events[:n, index, 0], events[:n, index, 1]
        for part, told, truth in ((0, None, value), (1, value, token)):
            logits = logits_of(Prefix(values, tokens, positions[:n], last[:n], told))
            paid[part] = paid[part] + _paid(logits, truth)
        positions = positions[:n] + np.array(VALUES)[value]
        last = np.where(token >= FIRST_PITCH, token - FIRST_PITCH, last[:n])
    return paid[0], paid[1]


def _paid(logits: Floats, truth: NDArray[np.int64]) -> Floats:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_shares = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    paid: Floats = -log_shares[..., np.arange(len(truth)), truth].sum(axis=-1)
    return paid


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What a chain of an order pays for an event of held-out tunes, in nats, and how many contexts it must remember."""

    order: int
    value_nats: float
    token_nats: float
    nats: float
    perplexity: float
    n_contexts: int


def train_chain(
    config: MarkovConfig,
    training: Sequence[Window],
    validation: Sequence[Window],
    quantiles: Mapping[str, NDArray[np.float32]],
    *,
    highest: int = HIGHEST_ORDER,
) -> tuple[Weights, tuple[OrderRow, ...]]:
    """Count a chain of the order from 1 to `highest` that foretells the validation windows best; the order of `config`
    is not looked at. Returns its weights and a row for every order. `ValueError` without events.
    """
    arrays = count_events(training, highest)
    nats = event_nats(MarkovModel.of_arrays(arrays, highest).by_order, validation)
    rows = tuple(
        OrderRow(
            order,
            round(float(nats.value[order]), 4),
            round(float(nats.token[order]), 4),
            round(float(nats.total[order]), 4),
            round(float(nats.perplexity[order]), 2),
            1 + sum(len(arrays[f"contexts_{length}"]) for length in range(1, order + 1)),
        )
        for order in range(1, highest + 1)
    )
    best = min(rows, key=lambda row: row.nats)
    kept = {
        name: array.astype(np.min_scalar_type(int(array.max(initial=0))))
        for name, array in arrays.items()
        if int(name.rpartition("_")[2]) <= best.order
    }
    account = {
        "windows": len(training),
        "validation_windows": len(validation),
        "validation_events": nats.n_events,
        "orders": [asdict(row) for row in rows],
    }
    return Weights(replace(config, order=best.order), kept, quantiles, account), rows
