"""The dense GAN's generator without its framework: noise to a picture of steps, in NumPy; a test holds both equal."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from musicedu.configs import DenseGanConfig
from musicedu.encoding.step_grid import N_STEP_TOKENS, SIXTEENTH, n_sixteenths
from musicedu.errors import FileProblem, Unsatisfiable
from musicedu.generation.engine import Engine
from musicedu.generation.step_proposal import StepProposal, chosen
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
        x, names = z, [*range(len(self.config.generator_units)), "steps"]
        for name in names:
            x = x @ self._arrays[f"dense_{name}.kernel"] + self._arrays[f"dense_{name}.bias"]
            x = x if name == "steps" else np.maximum(x, self.config.leak * x)
        return x.reshape(len(z), self.config.n_steps, N_STEP_TOKENS)

    def decoder(self, z: Floats, conditions: Floats, grid: Grid) -> StepProposal:
        """What comes next in phrases with this noise; `Unsatisfiable` if the grid lasts longer than the pictures.

        Pictures begin at a barline of common time. An upbeat is taken from their end, and another metre is filled with
        what was learnt in common time.
        """
        n_steps = n_sixteenths(grid)
        if n_steps is None or n_steps > self.config.n_steps:
            raise Unsatisfiable(
                f"the dense GAN makes pictures of {self.config.n_steps} sixteenths; they cannot fill {grid}",
                remedy="Ask for fewer measures, or another engine",
            )
        columns = (np.arange(n_steps) + grid.phase // SIXTEENTH) % self.config.n_steps
        return StepProposal(chosen(self.logits(z)[:, columns]), grid)
