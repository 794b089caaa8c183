"""What a network is fed with: a fresh order of batches every epoch, drawn from the epoch's own chance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicedu.training.dataset import Packed, batches

Batch = Any
"""What a network's `train_step` takes: an array, or a dictionary of arrays with a row for every example."""


@dataclass(frozen=True)
class Feed:
    """`batches(rng)` gives the batches of an epoch, `n_batches` of them."""

    batches: Callable[[np.random.Generator], Iterable[Batch]]
    n_batches: int


def feed_of(arrays: Mapping[str, NDArray[Any]], batch_size: int) -> Feed:
    """Rows of arrays in random order, all batches full (so that a network is compiled for one shape).

    `ValueError` if the arrays differ in rows or hold fewer than a batch.
    """
    lengths = {len(array) for array in arrays.values()}
    if len(lengths) != 1:
        raise ValueError(f"the arrays have {sorted(lengths)} rows; all must have the same")
    (n_rows,) = lengths
    if n_rows < batch_size:
        raise ValueError(f"{n_rows} rows do not fill one batch of {batch_size}")

    def shuffled(rng: np.random.Generator) -> Iterator[Batch]:
        order = rng.permutation(n_rows)
        for begin in range(0, n_rows - batch_size + 1, batch_size):
            rows = order[begin : begin + batch_size]
            yield {name: array[rows] for name, array in arrays.items()}

    return Feed(shuffled, n_rows // batch_size)


def feed_of_windows(packed: Packed, batch_size: int) -> Feed:
    """Packed windows, in batches of like length."""
    return Feed(lambda rng: batches(packed, batch_size, rng), max(1, len(packed) // batch_size))


def in_order(packed: Packed, batch_size: int = 256) -> Iterator[Batch]:
    """Every packed window once, short ones first: what a network is judged on."""
    order = np.argsort(packed.lengths, kind="stable")
    for begin in range(0, len(order), batch_size):
        yield packed.batch(order[begin : begin + batch_size])
