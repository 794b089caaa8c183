"""What proposes the notes, whatever it is inside: one interface for networks and chains, and free sampling from it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.encoding.events import Event, Window, line_of_events
from musicedu.encoding.features import CONDITION_ATTRIBUTES, condition_vector
from musicedu.generation.array_shapes import check_arrays
from musicedu.generation.decoding import NextLogits, draw_phrases
from musicedu.generation.lookahead import free_ahead
from musicedu.grid import Grid
from musicedu.weights import Weights

Floats = NDArray[np.float64]
_ROWS_AT_ONCE = 1024


@dataclass(frozen=True)
class Asked:
    """What a phrase is asked to be: its measures, attributes in their units, mode and place in the tune.

    attributes: by name (`CONDITION_ATTRIBUTES`); one that is left out is asked for in its middle and judged by nobody.
    """

    grid: Grid
    attributes: Mapping[str, float] = field(default_factory=dict)
    is_minor: bool = False
    begins_tune: bool = False
    ends_tune: bool = False


class Engine(ABC):
    """A trained model that says what may come next; rules and choices are made by others."""

    name: str

    @abstractmethod
    def rank(self, attribute: str, value: float) -> float:
        """Where a value stands among the tunes learnt from, from -1 (lowest) to 1 (highest)."""

    @abstractmethod
    def draw_latents(self, conditions: Floats, rng: np.random.Generator) -> Floats:
        """What decides the phrases of conditions (rows, condition) before their first note: (rows, latent)."""

    @abstractmethod
    def decoder(self, z: Floats, conditions: Floats, grid: Grid) -> NextLogits:
        """What comes next in phrases with these latents (rows, latent) and conditions (rows, condition).

        Prefixes may have to grow by one event at a time.
        """

    def condition(self, asked: Asked) -> Floats:
        """What is asked as the vector that models are told: (condition,), attributes as ranks."""
        ranks = [
            self.rank(name, asked.attributes[name]) if name in asked.attributes else 0.0
            for name in CONDITION_ATTRIBUTES
        ]
        vector = condition_vector(
            ranks, asked.grid, is_minor=asked.is_minor, begins_tune=asked.begins_tune, ends_tune=asked.ends_tune
        )
        return vector.astype(np.float64)

    def sample(
        self,
        n: int,
        conditions: Sequence[Asked],
        rng: np.random.Generator,
        *,
        n_draws: int = 1,
        temperature: float = 0.9,
    ) -> list[Window]:
        """Write `n` phrases, the conditions in turn, under no rule but that measures are filled.

        n_draws: how often each is drawn; the one whose attributes are nearest to those asked is kept. `ValueError`
        without a condition or a draw.
        """
        if not conditions or n_draws < 1:
            raise ValueError(f"expected conditions and draws, not {len(conditions)} and {n_draws}")
        wanted = [conditions[index % len(conditions)] for index in range(n)]
        windows: dict[int, Window] = {}
        for rows in _batches(wanted, max(1, _ROWS_AT_ONCE // n_draws)):
            asked = [wanted[row] for row in rows]
            windows.update(zip(rows, self._written(asked, rng, n_draws, temperature), strict=True))
        return [windows[index] for index in range(n)]

    def _written(
        self, asked: Sequence[Asked], rng: np.random.Generator, n_draws: int, temperature: float
    ) -> Iterator[Window]:
        grid = asked[0].grid
        told = np.repeat(np.stack([self.condition(one) for one in asked]), n_draws, axis=0)
        decoder = self.decoder(self.draw_latents(told, rng), told, grid)
        drawn = draw_phrases(free_ahead(grid), decoder, len(told), rng, temperature=temperature)
        for index, one in enumerate(asked):
            candidates = drawn[index * n_draws : (index + 1) * n_draws]
            misses = [self._miss(events, one) for events in candidates] if n_draws > 1 else [0.0]
            yield Window(grid, candidates[int(np.argmin(misses))], one.is_minor, one.begins_tune, one.ends_tune)

    def _miss(self, events: Sequence[Event], asked: Asked) -> float:
        """The mean distance in rank between what was asked and what came."""
        line = line_of_events(events, asked.grid.weights())
        misses = [
            abs(self.rank(name, value) - self.rank(name, GRID_ATTRIBUTES[name](line)))
            for name, value in asked.attributes.items()
        ]
        return sum(misses) / max(1, len(misses))


class LearntEngine(Engine):
    """An engine of trained weights, which know how the tunes they are of are ranked.

    Raises `FileProblem` where the weights are not what their configuration promises.
    """

    def __init__(self, weights: Weights) -> None:
        check_arrays(weights)
        self.weights = weights

    def rank(self, attribute: str, value: float) -> float:
        """Where a value stands among the training windows, from -1 (lowest) to 1 (highest)."""
        return self.weights.rank(attribute, value)


class NetworkEngine(LearntEngine):
    """A network without its framework: the arithmetic that all of them share, in NumPy and double precision."""

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._arrays: Mapping[str, Floats] = {name: a.astype(np.float64) for name, a in weights.arrays.items()}

    def _dense(self, name: str, x: Floats) -> Floats:
        """A dense layer: rows of units to rows of units."""
        product: Floats = x @ self._arrays[f"{name}.kernel"] + self._arrays[f"{name}.bias"]
        return product

    def _convolution(self, name: str, x: Floats) -> Floats:
        """A convolution along the axis before the last, as long as what it is given."""
        kernel, length = self._arrays[f"{name}.kernel"], x.shape[-2]
        reach = len(kernel) // 2
        wide = np.pad(x, (*[(0, 0)] * (x.ndim - 2), (reach, reach), (0, 0)))
        summed: Floats = np.sum([wide[..., tap : tap + length, :] @ kernel[tap] for tap in range(len(kernel))], axis=0)
        return summed + self._arrays[f"{name}.bias"]


def _batches(asked: Sequence[Asked], size: int) -> Iterator[list[int]]:
    """Indices of what has the same grid, so many at once at most, in the order in which grids are first asked for."""
    by_grid: dict[Grid, list[int]] = {}
    for index, one in enumerate(asked):
        by_grid.setdefault(one.grid, []).append(index)
    for indices in by_grid.values():
        for begin in range(0, len(indices), size):
            yield indices[begin : begin + size]
