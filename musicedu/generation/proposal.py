"""What a model is asked while music is made: what may come next, given what has come so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.vocabulary import N_TOKENS, N_VALUES

Ints = NDArray[np.int64]
Logits = NDArray[np.float64]


@dataclass(frozen=True)
class Prefix:
    """Several phrases in the making, one a row.

    values, tokens: (rows, events so far); positions: (rows,) the step each has reached; last: (rows,) the pitch index
    that sounded last, or the middle of the frame; value: (rows,) the value chosen for the next event, or None while it
    is still being asked for.
    """

    values: Ints
    tokens: Ints
    positions: Ints
    last: Ints
    value: Ints | None = None


NextLogits = Callable[[Prefix], Logits]
"""Preferences for what comes next: (rows, values) while `value` is None, else (rows, tokens)."""


def no_preference(prefix: Prefix) -> Logits:
    """A model that knows nothing: everything is as likely as everything else."""
    return np.zeros((len(prefix.positions), N_VALUES if prefix.value is None else N_TOKENS))
