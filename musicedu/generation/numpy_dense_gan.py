"""The dense GAN's generator without its framework: noise to a picture of steps, in NumPy; a test holds both equal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicedu.configs import DenseGanConfig
from musicedu.encoding.step_grid import N_STEP_TOKENS
from musicedu.errors import FileProblem
from musicedu.generation.picture_engine import PictureEngine
from musicedu.weights import Weights

Floats = NDArray[np.float64]


class NumpyDenseGan(PictureEngine):
    """The generator of trained weights. It takes no conditions: whatever is asked, only the grid is heeded."""

    name = "dense_gan"
    config: DenseGanConfig

    def __init__(self, weights: Weights) -> None:
        if not isinstance(weights.config, DenseGanConfig):
            raise FileProblem("these are not weights of a dense GAN", remedy="Train some: musicedu train dense-gan")
        self.config = weights.config
        super().__init__(weights)

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
