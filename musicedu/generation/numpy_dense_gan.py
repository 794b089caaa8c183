"""The dense GAN's generator without its framework: noise to a picture of steps, in NumPy; a test holds both equal."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from musicedu.configs import DenseGanConfig
from musicedu.encoding.step_grid import HOLD, N_STEP_TOKENS, SIXTEENTH, Tokens, n_sixteenths, sounded
from musicedu.encoding.vocabulary import FIRST_PITCH, REST, VALUE_INDEX
from musicedu.errors import FileProblem, Unsatisfiable
from musicedu.generation.engine import Engine
from musicedu.generation.step_proposal import StepProposal, decided
from musicedu.grid import Grid
from musicedu.weights import Weights

Floats = NDArray[np.float64]


class NumpyDenseGan(Engine):
    """The generator of trained weights. It takes no conditions: whatever is asked, only the grid is heeded."""

    name = "dense_gan"

    def __init__(self, weights: Weights) -> None:
        if not isinstance(weights.config, DenseGanConfig):
            raise FileProblem("these are not weights of a dense GAN", remedy="Train some: musicedu train dense-gan")
        self.weights, self.config = weights, weights.config
        self._arrays: Mapping[str, Floats] = {name: a.astype(np.float64) for name, a in weights.arrays.items()}

    def rank(self, attribute: str, value: float) -> float:
        """Where a value stands among the training windows, from -1 (lowest) to 1 (highest)."""
        return self.weights.rank(attribute, value)

    def draw_latents(self, conditions: Floats, rng: np.random.Generator) -> Floats:
        """Noise, a row for each condition: (rows, latent_dim)."""
        return rng.standard_normal((len(conditions), self.config.latent_dim))

    def logits(self, z: Floats) -> Floats:
        """What the generator makes of noise (rows, latent_dim): (rows, n_steps, tokens)."""
        x = z
        for name in [*map(str, range(len(self.config.generator_units))), "steps"]:
            x = x @ self._arrays[f"dense_{name}.kernel"] + self._arrays[f"dense_{name}.bias"]
            x = x if name == "steps" else np.maximum(x, self.config.leak * x)
        return x.reshape(len(z), self.config.n_steps, N_STEP_TOKENS)

    def decoder(self, z: Floats, conditions: Floats, grid: Grid) -> StepProposal:
        """What comes next in phrases with this noise; `Unsatisfiable` if the grid lasts longer than the pictures.

        The likeliest token of every step is played, since nothing else was shown to the discriminator; others come up
        where rules forbid it. Pictures begin at a barline of common time: an upbeat is taken from their end, and
        another metre is filled with what was learnt in common time.
        """
        n_steps = n_sixteenths(grid)
        if n_steps is None or n_steps > self.config.n_steps:
            raise Unsatisfiable(
                f"the dense GAN makes pictures of {self.config.n_steps} sixteenths: {grid.n_measures} measures of "
                f"{grid.metre} do not fit",
                remedy="Ask for fewer measures, or another engine",
            )
        columns = (np.arange(n_steps) + grid.phase // SIXTEENTH) % self.config.n_steps
        logits = self.logits(z)[:, columns]
        tokens = np.array([playable(row.argmax(axis=-1), grid) for row in logits])
        return StepProposal(decided(logits, tokens), grid)


def playable(tokens: NDArray[np.integer], grid: Grid) -> Tokens:
    """The same tokens as they can be written: a hold of nothing rests, and so does what no note value holds."""
    heard = sounded(tokens)
    barlines = (np.arange(len(heard)) * SIXTEENTH + grid.phase) % grid.measure_steps == 0
    begins = np.flatnonzero((heard != HOLD) | barlines)
    for begin, end in zip(begins, [*begins[1:], len(heard)], strict=True):
        is_sounding = heard[begin] >= FIRST_PITCH or (heard[begin] == HOLD and heard[begin - 1] != REST)
        lengths = range(end - begin, 0, -1) if is_sounding else ()
        length = next((n for n in lengths if n * SIXTEENTH in VALUE_INDEX), 0)
        heard[begin + length : end] = REST
    return heard
