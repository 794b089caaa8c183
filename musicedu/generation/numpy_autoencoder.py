"""The autoencoder without its framework: pictures of steps to latents and back, in NumPy; a test holds both equal.

A layer whose stride is as long as its kernel reads (or writes) blocks that do not overlap, so it is one matrix product.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicedu.configs import AutoencoderConfig
from musicedu.encoding.step_grid import N_STEP_TOKENS, Tokens
from musicedu.errors import FileProblem
from musicedu.generation.picture_engine import PictureEngine
from musicedu.weights import PRIOR_MEAN, PRIOR_ROOT, Weights

Floats = NDArray[np.float64]


class NumpyAutoencoder(PictureEngine):
    """Encoder and decoder of trained weights.

    A plain autoencoder never learnt what lies between its latents, so what it makes of a drawn one is a guess: that is
    what the variational one is for.
    """

    name = "autoencoder"
    config: AutoencoderConfig

    def __init__(self, weights: Weights) -> None:
        if not isinstance(weights.config, AutoencoderConfig):
            raise FileProblem(
                "these are not weights of an autoencoder", remedy="Train some: musicedu train autoencoder"
            )
        self.config = weights.config
        super().__init__(weights)

    def encode(self, tokens: Tokens) -> Floats:
        """The latents (their mean) of pictures (rows, n_steps): (rows, latent_dim)."""
        x = np.eye(N_STEP_TOKENS)[np.asarray(tokens)]
        for name in ("beats", "measures"):
            kernel = self._arrays[f"{name}.kernel"]
            blocks = x.reshape(len(x), -1, kernel.shape[0] * kernel.shape[1])
            x = np.maximum(blocks @ kernel.reshape(-1, kernel.shape[2]) + self._arrays[f"{name}.bias"], 0.0)
        return self._dense("latent", x.reshape(len(x), -1))[:, : self.config.latent_dim]

    def draw_latents(self, conditions: Floats, rng: np.random.Generator) -> Floats:
        """Latents, a row for each condition: of the standard normal, or of the Gaussian fitted to a plain one's."""
        z: Floats = rng.standard_normal((len(conditions), self.config.latent_dim))
        if PRIOR_ROOT not in self._arrays:
            return z
        fitted: Floats = self._arrays[PRIOR_MEAN] + z @ self._arrays[PRIOR_ROOT].T
        return fitted

    def logits(self, z: Floats) -> Floats:
        """What the decoder makes of latents (rows, latent_dim): (rows, n_steps, tokens)."""
        x = np.maximum(self._dense("start", z), 0.0).reshape(len(z), -1, self.config.units[1])
        for name in ("to_beats", "to_steps"):
            kernel, bias = self._arrays[f"{name}.kernel"], self._arrays[f"{name}.bias"]
            blocks = x @ kernel.reshape(-1, kernel.shape[2]).T
            x = blocks.reshape(len(z), -1, kernel.shape[1]) + bias
            x = x if name == "to_steps" else np.maximum(x, 0.0)
        return x

    def _dense(self, name: str, x: Floats) -> Floats:
        product: Floats = x @ self._arrays[f"{name}.kernel"] + self._arrays[f"{name}.bias"]
        return product
