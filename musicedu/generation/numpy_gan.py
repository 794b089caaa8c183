"""The trained GAN's generator without its framework: the same arithmetic as `musicedu.models.gan_parts`, in NumPy.

A test holds both equal. A window longer than the generator's steps is made of pieces, each from the latent turned on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musicedu.configs import GanConfig
from musicedu.encoding.features import N_PLACE, place_features
from musicedu.encoding.step_grid import SIXTEENTH
from musicedu.generation.engine import NetworkEngine
from musicedu.generation.step_decoder import StepDecoder
from musicedu.grid import Grid
from musicedu.weights import Weights

Floats = NDArray[np.float64]
_POOLED = (4, 2, 1)


class NumpyGan(NetworkEngine):
    """The generator of trained weights."""

    name = "gan"

    def __init__(self, weights: Weights) -> None:
        if not isinstance(weights.config, GanConfig):
            raise TypeError(f"expected the weights of a GAN, not a {type(weights.config).__name__}")
        super().__init__(weights)
        self.config = weights.config

    def draw_latents(self, conditions: Floats, rng: np.random.Generator) -> Floats:
        """Latents from a standard normal distribution, whatever the condition."""
        drawn: Floats = rng.standard_normal((len(conditions), self.config.latent_dim))
        return drawn

    def decoder(self, z: Floats, conditions: Floats, grid: Grid) -> StepDecoder:
        """What comes next in phrases with these latents (rows, latent_dim) and conditions (rows, condition)."""
        return StepDecoder(self.step_logits(z, conditions, grid), grid)

    def step_logits(self, z: Floats, conditions: Floats, grid: Grid) -> Floats:
        """Logits of every sixteenth of a window: (rows, sixteenths, tokens)."""
        place = step_places(grid)
        pieces = []
        for piece, begin in enumerate(range(0, len(place), self.config.n_sixteenths)):
            told = padded(place[begin : begin + self.config.n_sixteenths], self.config.n_sixteenths)
            length = min(self.config.n_sixteenths, len(place) - begin)
            pieces.append(self.generate(np.roll(z, piece, axis=1), conditions, told)[:, :length])
        return np.concatenate(pieces, axis=1)

    def generate(self, z: Floats, conditions: Floats, place: Floats) -> Floats:
        """What the network says: z (rows, latent), conditions (rows, condition), place (steps, `N_PLACE`)."""
        rows = len(z)
        x = self._dense("start", np.concatenate([z, conditions], axis=1))
        x = _evened(_leaky(x.reshape(rows, len(place) // _POOLED[0], -1)))
        for index, size in enumerate(_POOLED):
            x = np.repeat(x, 2, axis=1) if index else x
            told = place.reshape(len(place) // size, size, -1).mean(axis=1)
            x = _evened(_leaky(self._convolution(f"convolution_{index}", _joined(x, told))))
        x = _evened(_leaky(self._convolution(f"convolution_{len(_POOLED)}", x)))
        return self._dense("logits", _joined(x, place))


def step_places(grid: Grid) -> Floats:
    """The place of every sixteenth of a window: (sixteenths, `N_PLACE`)."""
    places: Floats = place_features(grid)[: grid.n_ticks : SIXTEENTH].astype(np.float64)
    return places


def padded(place: Floats, n_sixteenths: int) -> Floats:
    """Places followed by zeros: (n_sixteenths, `N_PLACE`)."""
    filled = np.zeros((n_sixteenths, N_PLACE), place.dtype)
    filled[: len(place)] = place
    return filled


def _joined(x: Floats, place: Floats) -> Floats:
    return np.concatenate([x, np.broadcast_to(place, (len(x), *place.shape))], axis=-1)


def _leaky(x: Floats) -> Floats:
    larger: Floats = np.maximum(x, 0.2 * x)
    return larger


def _evened(x: Floats) -> Floats:
    scaled: Floats = x / np.sqrt(np.mean(np.square(x), axis=-1, keepdims=True) + 1e-6)
    return scaled
