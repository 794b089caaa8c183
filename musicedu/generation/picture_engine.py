"""Engines that make a whole picture of steps at once, of common time and told nothing."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from musicedu.configs import AutoencoderConfig, DenseGanConfig
from musicedu.encoding.step_grid import HOLD, SIXTEENTH, Tokens, n_sixteenths, sounded
from musicedu.encoding.vocabulary import FIRST_PITCH, REST, VALUE_INDEX
from musicedu.errors import Unsatisfiable
from musicedu.generation.array_shapes import check_arrays
from musicedu.generation.engine import Engine
from musicedu.generation.step_decoder import DECIDED, StepDecoder, decided
from musicedu.grid import Grid
from musicedu.weights import Weights

Floats = NDArray[np.float64]


class PictureEngine(Engine):
    """A decoder of latents to pictures. It takes no conditions: whatever is asked, only the grid is heeded."""

    config: DenseGanConfig | AutoencoderConfig

    def __init__(self, weights: Weights) -> None:
        check_arrays(weights)
        self.weights = weights
        self._arrays: Mapping[str, Floats] = {name: a.astype(np.float64) for name, a in weights.arrays.items()}

    @abstractmethod
    def logits(self, z: Floats) -> Floats:
        """What is made of latents (rows, latent_dim): (rows, n_steps, tokens)."""

    def rank(self, attribute: str, value: float) -> float:
        """Where a value stands among the training windows, from -1 (lowest) to 1 (highest)."""
        return self.weights.rank(attribute, value)

    def decoder(self, z: Floats, conditions: Floats, grid: Grid) -> StepDecoder:
        """What comes next in phrases with these latents; `Unsatisfiable` if the grid lasts longer than the pictures.

        The likeliest token of every step is played, since steps are not drawn one after the other; others come up
        where rules forbid it. Pictures begin at a barline of common time: an upbeat is taken from their end, and
        another metre is filled with what was learnt in common time.
        """
        n_steps = n_sixteenths(grid)
        if n_steps is None or n_steps > self.config.n_steps:
            raise Unsatisfiable(
                f"the engine {self.name} makes pictures of {self.config.n_steps} sixteenths: {grid.n_measures} "
                f"measures of {grid.metre} do not fit",
                remedy="Ask for fewer measures, or another engine",
            )
        columns = (np.arange(n_steps) + grid.phase // SIXTEENTH) % self.config.n_steps
        logits = self.logits(z)[:, columns]
        tokens = np.array([playable(row.argmax(axis=-1), grid) for row in logits])
        return StepDecoder(decided(logits, tokens), grid, DECIDED)


def playable(tokens: NDArray[np.integer], grid: Grid) -> Tokens:
    """The same tokens as they can be written: a hold of nothing rests, and so does what no note value holds."""
    heard = sounded(tokens)
    barlines = (np.arange(len(heard)) * SIXTEENTH + grid.phase) % grid.measure_ticks == 0
    begins = np.flatnonzero((heard != HOLD) | barlines)
    for begin, end in zip(begins, [*begins[1:], len(heard)], strict=True):
        is_sounding = heard[begin] >= FIRST_PITCH or (heard[begin] == HOLD and heard[begin - 1] != REST)
        lengths = range(end - begin, 0, -1) if is_sounding else ()
        length = next((n for n in lengths if n * SIXTEENTH in VALUE_INDEX), 0)
        heard[begin + length : end] = REST
    return heard
