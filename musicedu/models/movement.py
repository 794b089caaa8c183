"""Whether a network learns at all: how far its weights have moved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


def movement(before: Sequence[ArrayLike], after: Sequence[ArrayLike]) -> float:
    """The largest change of any weight between two lists of arrays, as `get_weights()` gives them; 0 if none moved.

    `ValueError` if the lists are not of one network.

    >>> movement([[1.0, 2.0], [0.0]], [[1.0, 1.5], [0.25]])
    0.5
    """
    pairs = [(np.asarray(old), np.asarray(new)) for old, new in zip(before, after, strict=True)]
    if any(old.shape != new.shape for old, new in pairs):
        raise ValueError("the weights are of two different networks")
    return max((float(np.abs(new - old).max()) for old, new in pairs if old.size), default=0.0)
