"""How far a Markov chain should look back: every order judged on tunes it has not counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from musicedu.configs import MarkovConfig
from musicedu.encoding.events import Window
from musicedu.evaluation.likelihood import event_nats
from musicedu.generation.markov import MarkovModel, count_events
from musicedu.weights import Floats, Weights

HIGHEST_ORDER = 8


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
    quantiles: Mapping[str, Floats],
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
