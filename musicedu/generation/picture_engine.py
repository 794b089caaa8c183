"""Engines that make a whole picture of steps at once, of common time and told nothing: autoencoder and dense GAN.

Both are their networks without the framework, in NumPy; a test holds them equal. A layer whose stride is as long as its
kernel reads (or writes) blocks that do not overlap, so it is one matrix product.
"""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray

from musicedu.configs import AutoencoderConfig, DenseGanConfig
from musicedu.encoding.step_grid import HOLD, N_STEP_TOKENS, SIXTEENTH, Tokens, n_sixteenths, sounded
from musicedu.encoding.vocabulary import FIRST_PITCH, REST, VALUE_INDEX
from musicedu.errors import FileProblem, Unsatisfiable
from musicedu.generation.engine import NetworkEngine
from musicedu.generation.step_decoder import DECIDED, StepDecoder, decided
from musicedu.grid import Grid
from musicedu.weights import PRIOR_MEAN, PRIOR_ROOT, Weights

Floats = NDArray[np.float64]


class PictureEngine(NetworkEngine):
    """A decoder of latents to pictures. It takes no conditions: whatever is asked, only the grid is heeded."""

    config: DenseGanConfig | AutoencoderConfig

    @abstractmethod
    def logits(self, z: Floats) -> Floats:
        """What is made of latents (rows, latent_dim): (rows, n_sixteenths, tokens)."""

    def decoder(self, z: Floats, conditions: Floats, grid: Grid) -> StepDecoder:
        """What comes next in phrases with these latents; `Unsatisfiable` if the grid lasts longer than the pictures.

        The likeliest token of every step is played, since steps are not drawn one after the other; others come up
        where rules forbid it. Pictures begin at a barline of common time: an upbeat is taken from their end, and
        another metre is filled with what was learnt in common time.
        """
        length = n_sixteenths(grid)
        if length is None or length > self.config.n_sixteenths:
            raise Unsatisfiable(
                f"the engine {self.name} makes pictures of {self.config.n_sixteenths} sixteenths: {grid.n_measures} "
                f"measures of {grid.metre} do not fit",
                remedy="Ask for fewer measures, or another engine",
            )
        columns = (np.arange(length) + grid.phase // SIXTEENTH) % self.config.n_sixteenths
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
        """The latents (their mean) of pictures (rows, n_sixteenths): (rows, latent_dim)."""
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
        """What the decoder makes of latents (rows, latent_dim): (rows, n_sixteenths, tokens)."""
        x = np.maximum(self._dense("start", z), 0.0).reshape(len(z), -1, self.config.units[1])
        for name in ("to_beats", "to_steps"):
            kernel, bias = self._arrays[f"{name}.kernel"], self._arrays[f"{name}.bias"]
            blocks = x @ kernel.reshape(-1, kernel.shape[2]).T
            x = blocks.reshape(len(z), -1, kernel.shape[1]) + bias
            x = x if name == "to_steps" else np.maximum(x, 0.0)
        return x


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
        """What the generator makes of noise (rows, latent_dim): (rows, n_sixteenths, tokens)."""
        x = z
        for name in [*map(str, range(len(self.config.generator_units))), "steps"]:
            x = self._dense(f"dense_{name}", x)
            x = x if name == "steps" else np.maximum(x, self.config.leak * x)
        return x.reshape(len(z), self.config.n_sixteenths, N_STEP_TOKENS)
