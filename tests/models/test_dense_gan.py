"""The dense GAN: both networks learn, the flags change what is judged, NumPy plays what Keras trained."""

from __future__ import annotations

import numpy as np
import pytest

from musicedu.configs import DenseGanConfig, VaeConfig
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.encoding.step_grid import N_STEP_TOKENS, n_sixteenths, step_grid, step_tokens
from musicedu.errors import FileProblem, Unsatisfiable
from musicedu.generation.engine import Asked
from musicedu.generation.picture_engine import NumpyDenseGan, playable
from musicedu.grid import Grid
from musicedu.melody import Metre
from musicedu.models.dense_gan import DenseGan, build_dense_gan, cross_entropy, generator_arrays
from musicedu.training.dense_gan import dense_weights_of
from musicedu.weights import Weights

SMALL = DenseGanConfig(
    n_sixteenths=16, latent_dim=6, generator_units=(8, 12), discriminator_units=(10,), learning_rate=1e-2, batch_size=16
)
TABLES = {name: np.linspace(0, 1, 101, dtype=np.float32) for name in CONDITION_ATTRIBUTES}


def rows(n: int = 16) -> dict[str, np.ndarray]:
    return {"tokens": np.random.default_rng(0).integers(0, N_STEP_TOKENS, (n, SMALL.n_sixteenths)).astype(np.int8)}


@pytest.fixture(scope="module")
def trained() -> DenseGan:
    model = build_dense_gan(SMALL)
    for _ in range(3):
        model.train_on_batch(rows())
    return model


@pytest.fixture(scope="module")
def engine(trained: DenseGan) -> NumpyDenseGan:
    return NumpyDenseGan(dense_weights_of(trained, TABLES))


def test_every_weight_of_both_networks_moves() -> None:
    model = build_dense_gan(SMALL)
    before = [np.array(variable.numpy()) for variable in model.trainable_variables]
    told = model.train_on_batch(rows(), return_dict=True)
    assert set(told) == {"discriminator", "generator"}
    networks = {variable.path.split("/")[0] for variable in model.trainable_variables}
    assert len(networks) >= 2
    for variable, old in zip(model.trainable_variables, before, strict=True):
        assert np.abs(variable.numpy() - old).max() > 0, variable.path


def test_a_judge_in_doubt_has_a_cross_entropy_of_ln_2() -> None:
    assert float(cross_entropy(np.zeros((5, 1), np.float32), is_real=True)) == pytest.approx(np.log(2))
    sure = np.full((5, 1), 9.0, np.float32)
    assert float(cross_entropy(sure, is_real=True)) < 0.001
    assert float(cross_entropy(sure, is_real=False)) == pytest.approx(9.0, abs=0.001)


@pytest.mark.parametrize("one_hot", [True, False])
def test_pictures_are_zeros_and_ones_if_asked(one_hot: bool) -> None:
    model = build_dense_gan(DenseGanConfig(n_sixteenths=16, latent_dim=6, generator_units=(8,), one_hot=one_hot))
    pictures = np.asarray(model(np.random.default_rng(0).normal(size=(4, 6)).astype(np.float32)))
    np.testing.assert_allclose(pictures.sum(axis=-1), 1, atol=1e-5)
    assert bool(np.isin(pictures.round(6), [0, 1]).all()) is one_hot


def test_the_same_seed_builds_the_same_networks() -> None:
    one, other = build_dense_gan(SMALL), build_dense_gan(SMALL)
    for left, right in zip(one.variables, other.variables, strict=True):
        np.testing.assert_array_equal(left, right)


def test_numpy_makes_what_keras_makes(trained: DenseGan, engine: NumpyDenseGan) -> None:
    z = np.random.default_rng(1).standard_normal((7, SMALL.latent_dim))
    by_keras = np.asarray(trained.generator(z.astype(np.float32), training=False))
    np.testing.assert_allclose(engine.logits(z), by_keras, atol=1e-5)
    assert not any("norm" in name for name in generator_arrays(trained))


def test_sampled_windows_are_the_pictures(trained: DenseGan, engine: NumpyDenseGan) -> None:
    grid = step_grid(SMALL.n_sixteenths)
    z = engine.draw_latents(np.zeros((20, 1)), np.random.default_rng(5))
    pictures = [playable(row.argmax(axis=-1), grid).tolist() for row in engine.logits(z)]
    windows = engine.sample(20, [Asked(grid)], np.random.default_rng(5))
    assert [step_tokens(window).tolist() for window in windows] == pictures


@pytest.mark.parametrize("grid", [Grid(Metre(3, 4), 1), Grid(Metre(4, 4), 1, phase=36), Grid(Metre(2, 4), 2)])
def test_other_grids_are_filled(engine: NumpyDenseGan, grid: Grid) -> None:
    (window,) = engine.sample(1, [Asked(grid)], np.random.default_rng(2))
    assert len(step_tokens(window)) == n_sixteenths(grid)


def test_what_lasts_longer_than_a_picture_is_refused(engine: NumpyDenseGan) -> None:
    with pytest.raises(Unsatisfiable, match="pictures of 16 sixteenths: 2 measures of 4/4 do not fit"):
        engine.sample(1, [Asked(step_grid(32))], np.random.default_rng(0))


def test_other_weights_are_refused() -> None:
    with pytest.raises(FileProblem, match="not weights of a dense GAN"):
        NumpyDenseGan(Weights(VaeConfig(), {}, TABLES, {}))


def test_what_no_note_value_holds_rests() -> None:
    grid, c = step_grid(16), 14
    five = [c, *[1] * 4, *[0] * 11]
    assert playable(np.array(five), grid).tolist() == [c, *[1] * 3, *[0] * 12]
    eleven = [1, 1, 0, 1, 0, c, *[1] * 10]
    assert playable(np.array(eleven), grid).tolist() == [*[0] * 5, c, *[1] * 7, *[0] * 3]
