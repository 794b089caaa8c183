"""The GAN's generator in NumPy is the network in Keras, and writes windows of any grid."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from musicedu.configs import GanConfig, VaeConfig
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.generation.engine import Asked
from musicedu.generation.numpy_gan import NumpyGan, padded, step_places
from musicedu.grid import Grid
from musicedu.melody import Metre
from musicedu.models.gan import build_gan, kept_weights
from musicedu.weights import Weights

CONFIG = GanConfig(channels=16, latent_dim=8)
_TABLES = {name: np.linspace(0, 20, 101, dtype=np.float32) for name in CONDITION_ATTRIBUTES}


@cache
def network_and_engine() -> tuple[object, NumpyGan]:
    model = build_gan(CONFIG, jit_compile=False)
    return model, NumpyGan(Weights(CONFIG, kept_weights(model), _TABLES, {}))


@pytest.mark.parametrize("grid", [Grid(Metre(4, 4), 4), Grid(Metre(6, 8), 3, 12)], ids=str)
def test_the_numpy_pass_equals_keras(grid: Grid) -> None:
    model, engine = network_and_engine()
    rng = np.random.default_rng(0)
    z, condition = rng.normal(size=(3, CONFIG.latent_dim)), rng.normal(size=(3, 16))
    place = padded(step_places(grid), CONFIG.n_sixteenths)
    told = (array.astype(np.float32) for array in (z, condition, np.repeat(place[None], 3, axis=0)))
    expected = np.asarray(model.generator(*told))  # type: ignore[attr-defined]
    assert engine.generate(z, condition, place) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("grid", [Grid(Metre(4, 4), 6), Grid(Metre(5, 8), 2), Grid(Metre(3, 8), 1, 6)], ids=str)
def test_windows_of_any_grid_are_filled_longer_ones_in_pieces(grid: Grid) -> None:
    _, engine = network_and_engine()
    (window,) = engine.sample(1, [Asked(grid)], np.random.default_rng(0))
    assert window.grid == grid
    conditions = engine.condition(Asked(grid))[None]
    logits = engine.step_logits(engine.draw_latents(conditions, np.random.default_rng(0)), conditions, grid)
    assert logits.shape[:2] == (1, grid.n_ticks // 3)


def test_weights_of_another_kind_are_refused() -> None:
    with pytest.raises(TypeError, match="VaeConfig"):
        NumpyGan(Weights(VaeConfig(), {}, {}, {}))
