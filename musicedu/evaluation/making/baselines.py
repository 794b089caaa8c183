"""What every engine is judged beside: chance, memory, a pool, and a network without its latent.

A *maker* answers requests with windows, one each. Engines are makers by `drawn_by`; memory and pool are makers only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Window
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.encoding.vocabulary import FIRST_PITCH, LOWEST_PITCH, N_PITCHES
from musicedu.evaluation.making.pieces import Pieces, asked_values, measure_windows
from musicedu.generation.decoding import Logits, NextLogits, Prefix, no_preference
from musicedu.generation.engine import Asked, Engine
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.grid import Grid

Floats = NDArray[np.float64]
Maker = Callable[[Sequence[Asked], np.random.Generator], list[Window]]
Rank = Callable[[str, float], float]

_SCALE = {0, 2, 4, 5, 7, 9, 11}
_NEVER = -1e9
_CHROMATIC = np.array([(LOWEST_PITCH + index) % 12 not in _SCALE for index in range(N_PITCHES)])


def drawn_by(engine: Engine, n_draws: int) -> Maker:
    """A maker that draws each request so often from an engine, and keeps what comes nearest."""
    return lambda requests, rng: engine.sample(len(requests), requests, rng, n_draws=n_draws)


class RandomInKey(Engine):
    """Any note value, and a rest, a tie or any note of the scale, all as likely: what rules alone would write."""

    name = "random in key"

    def __init__(self, rank: Rank) -> None:
        self._rank = rank

    def rank(self, attribute: str, value: float) -> float:
        """Where a value stands, as another engine has it."""
        return self._rank(attribute, value)

    def draw_latents(self, conditions: Floats, rng: np.random.Generator) -> Floats:
        """No latents: (rows, 0)."""
        return np.zeros((len(conditions), 0))

    def decoder(self, z: Floats, conditions: Floats, grid: Grid) -> NextLogits:
        """The same at every place."""
        return _in_key


def _in_key(prefix: Prefix) -> Logits:
    logits = no_preference(prefix)
    if prefix.value is not None:
        logits[:, FIRST_PITCH:][:, _CHROMATIC] = _NEVER
    return logits


class WithoutLatent(Engine):
    """A VAE whose latent is always the prior's mean: what its decoder does with the request alone."""

    name = "vae without latent"

    def __init__(self, vae: NumpyVae) -> None:
        self._vae = vae

    def rank(self, attribute: str, value: float) -> float:
        """Where a value stands, as the VAE has it."""
        return self._vae.rank(attribute, value)

    def draw_latents(self, conditions: Floats, rng: np.random.Generator) -> Floats:
        """The mean of each condition's prior: the same for the same request."""
        return self._vae.prior(conditions)[0]

    def decoder(self, z: Floats, conditions: Floats, grid: Grid) -> NextLogits:
        """The VAE's own."""
        return self._vae.decoder(z, conditions, grid)


class Memory:
    """The training tune nearest to a request, of its metre and mode: perfect copies, and perfect control."""

    def __init__(self, pieces: Pieces, rank: Rank) -> None:
        self._pieces, self._rank = pieces, rank
        self._ranks = ranks_of_table(pieces.values, rank)
        self._rows: dict[tuple[Grid, bool], NDArray[np.int64]] = {}
        for row, window in enumerate(pieces.windows):
            key = (window.grid, window.is_minor)
            self._rows[key] = np.append(self._rows.get(key, np.empty(0, dtype=np.int64)), row)

    def __call__(self, requests: Sequence[Asked], rng: np.random.Generator) -> list[Window]:
        """The nearest window to each request; `rng` decides nothing."""
        return [nearest[0] for nearest in self.nearest(requests, 1)]

    def nearest(self, requests: Sequence[Asked], n: int) -> list[list[Window]]:
        """The `n` nearest windows to each request, each of another tune; fewer where there are no more."""
        found = []
        asked = ranks_of_table(asked_values(requests), self._rank)
        for one, ranks in zip(requests, asked, strict=True):
            rows = self._rows.get((one.grid, one.is_minor), np.arange(0))
            if not len(rows):  # no tune of this metre is in this mode
                rows = self._rows[one.grid, not one.is_minor]
            order = rows[np.argsort(np.abs(self._ranks[rows] - ranks).sum(axis=1), kind="stable")]
            _, first = np.unique(self._pieces.tunes[order], return_index=True)
            found.append([self._pieces.windows[row] for row in order[np.sort(first)[:n]]])
        return found


class Pool:
    """The nearest to each request of thousands drawn beforehand without looking at it, for each metre and mode."""

    def __init__(self, engine: Engine, n: int) -> None:
        self._engine, self._n = engine, n
        self._drawn: dict[tuple[Grid, bool], tuple[list[Window], Floats]] = {}

    def __call__(self, requests: Sequence[Asked], rng: np.random.Generator) -> list[Window]:
        """The nearest window of the pool to each request; a pool is drawn once, when it is first needed."""
        asked = ranks_of_table(asked_values(requests), self._engine.rank)
        found = []
        for one, ranks in zip(requests, asked, strict=True):
            windows, known = self._pool_of(one, rng)
            nearest = windows[int(np.argmin(np.abs(known - ranks).sum(axis=1)))]
            found.append(Window(one.grid, nearest.events, one.is_minor, one.begins_tune, one.ends_tune))
        return found

    def _pool_of(self, asked: Asked, rng: np.random.Generator) -> tuple[list[Window], Floats]:
        key = (asked.grid, asked.is_minor)
        if key not in self._drawn:
            windows = self._engine.sample(self._n, [Asked(asked.grid, {}, asked.is_minor)], rng)
            self._drawn[key] = windows, ranks_of_table(measure_windows(windows), self._engine.rank)
        return self._drawn[key]


def ranks_of_table(values: Floats, rank: Rank) -> Floats:
    """Attributes in units as ranks: (rows, attributes)."""
    columns = []
    for name, column in zip(CONDITION_ATTRIBUTES, values.T, strict=True):
        known, places = np.unique(column, return_inverse=True)
        columns.append(np.array([rank(name, value) for value in known.tolist()])[places])
    return np.column_stack(columns)
