"""What a network is told about the place of an event and about the whole window.

Metres are described by what they are made of rather than by name, so that a network can be asked for one it has
rarely met, such as 5/4.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from musicedu.grid import TICKS_PER_QUARTER, Grid
from musicedu.melody import Metre

Floats = NDArray[np.float32]

CONDITION_ATTRIBUTES = ("range", "mean_interval", "note_density", "rhythm_entropy", "syncopation", "register")
"""The attributes a network can be asked for, each as a rank from -1 to 1 among the training windows."""

_WEIGHT_LEVELS = 6
_BEAT_STEPS = (0, 2, 3, 4, 6, 8, 9, 10)
_MEASURES_LEFT = 5
N_PLACE = _WEIGHT_LEVELS + len(_BEAT_STEPS) + 3 + 3 + 2 + _MEASURES_LEFT
N_CONDITION = len(CONDITION_ATTRIBUTES) + 5 + 5


@lru_cache(maxsize=512)
def place_features(grid: Grid) -> Floats:
    """Describe every step of a window, and the step after its end: (n_ticks + 1, `N_PLACE`).

    Columns: metrical weight (one-hot), step of a quarter-note beat (one-hot), step of a dotted-quarter beat (one-hot),
    place in the measure (share, sine, cosine), what is left of measure and window, full measures left (one-hot).
    """
    steps = np.arange(grid.n_ticks + 1)
    place = (steps + grid.phase) % grid.measure_ticks
    weights = np.append(grid.weights(), 0)
    share = place / grid.measure_ticks
    left = grid.n_ticks - steps
    columns = [
        weights[:, None] == -np.arange(_WEIGHT_LEVELS),
        (place % TICKS_PER_QUARTER)[:, None] == np.array(_BEAT_STEPS),
        (place % 18)[:, None] == np.array([0, 6, 12]),
        np.stack([share, np.sin(2 * np.pi * share), np.cos(2 * np.pi * share)], axis=1),
        np.stack([(grid.measure_ticks - place) / 48, left / 192], axis=1),
        np.minimum(left // grid.measure_ticks, _MEASURES_LEFT - 1)[:, None] == np.arange(_MEASURES_LEFT),
    ]
    features = np.concatenate(columns, axis=1).astype(np.float32)
    features.setflags(write=False)
    return features


def metre_features(metre: Metre) -> tuple[float, ...]:
    """Describe a metre in five numbers: length, beats, whether compound, whether uneven, shortest written unit."""
    beats = metre.beats
    return (
        float(metre.duration) / 4,
        len(beats) / 4,
        float(metre.is_compound),
        float(len(set(beats)) > 1),
        float(metre.unit),
    )


def condition_vector(
    ranks: Sequence[float], grid: Grid, *, is_minor: bool, begins_tune: bool, ends_tune: bool
) -> Floats:
    """What a window is asked to be: (`N_CONDITION`,), attribute ranks first, in the order of `CONDITION_ATTRIBUTES`."""
    if len(ranks) != len(CONDITION_ATTRIBUTES):
        raise ValueError(f"expected {len(CONDITION_ATTRIBUTES)} ranks, not {len(ranks)}")
    rest = (float(is_minor), float(begins_tune), float(ends_tune), grid.phase / grid.measure_ticks, grid.n_measures / 4)
    return np.array([*ranks, *metre_features(grid.metre), *rest], dtype=np.float32)
