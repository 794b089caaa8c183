"""The autoencoder, plain and variational: it learns, its terms are what they say, NumPy plays what Keras trained."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from musicedu.configs import AutoencoderConfig, VaeConfig
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.encoding.step_grid import N_STEP_TOKENS, n_sixteenths, step_grid, step_tokens
from musicedu.errors import FileProblem, Unsatisfiable
from musicedu.generation.engine import Asked
from musicedu.generation.picture_engine import NumpyAutoencoder, playable
from musicedu.grid import Grid
from musicedu.melody import Metre
from musicedu.models.autoencoder import Autoencoder, build_autoencoder
from musicedu.models.losses import kl_loss, reparameterised
from musicedu.training.autoencoder import autoencoder_weights_of, fit_autoencoder, train_autoencoder
from musicedu.training.dense_gan import StepMaterial
from musicedu.weights import Weights, load_weights, render_weights

PLAIN = AutoencoderConfig(n_sixteenths=16, latent_dim=4, units=(8, 12), batch_size=16, warmup_steps=2)
VARIATIONAL = replace(PLAIN, beta=0.5)
TABLES = {name: np.linspace(0, 1, 101, dtype=np.float32) for name in CONDITION_ATTRIBUTES}
ROWS = np.random.default_rng(0).integers(0, N_STEP_TOKENS, (48, 16)).astype(np.int8)
MATERIAL = StepMaterial(ROWS, ROWS[:20], TABLES)


@pytest.fixture(scope="module", params=[PLAIN, VARIATIONAL], ids=["plain", "variational"])
def config(request: pytest.FixtureRequest) -> AutoencoderConfig:
    return request.param


@pytest.fixture(scope="module")
def model(config: AutoencoderConfig) -> Autoencoder:
    return build_autoencoder(config)


@pytest.fixture(scope="module")
def weights(model: Autoencoder) -> Weights:
    return autoencoder_weights_of(model, ROWS, TABLES)


def test_every_weight_moves(config: AutoencoderConfig) -> None:
    model = build_autoencoder(config)
    model.kl_weight.assign(1.0)
    before = [np.asarray(variable).copy() for variable in model.trainable_variables]
    told = model.train_on_batch({"tokens": ROWS}, return_dict=True)
    assert set(told) == {"loss", "reconstruction", "kl", "steps", "onset_pitch"}
    for variable, old in zip(model.trainable_variables, before, strict=True):
        assert np.abs(np.asarray(variable) - old).max() > 0, variable.path


def test_it_learns_what_it_is_shown_again_and_again() -> None:
    model = fit_autoencoder(replace(PLAIN, latent_dim=16, units=(32, 64), learning_rate=1e-2), ROWS, ROWS, epochs=40)
    told = model.test_on_batch({"tokens": ROWS}, return_dict=True)
    assert told["steps"] > 0.8
    assert told["onset_pitch"] > 0.8
    assert told["kl"] == 0


def test_a_training_ends_in_weights_with_its_account() -> None:
    weights = train_autoencoder(VARIATIONAL, MATERIAL, None, epochs=1)
    assert weights.training == {"training_windows": 48, "validation_windows": 20}
    assert weights.config == VARIATIONAL


def test_an_untrained_network_finds_every_token_as_likely_as_any() -> None:
    told = build_autoencoder(PLAIN).test_on_batch({"tokens": ROWS}, return_dict=True)
    assert told["reconstruction"] == pytest.approx(16 * np.log(N_STEP_TOKENS), rel=0.05)


def test_only_a_variational_one_draws_and_only_in_training() -> None:
    for settings, is_drawn in ((PLAIN, False), (VARIATIONAL, True)):
        model = build_autoencoder(settings)
        calm, again = (np.asarray(model({"tokens": ROWS})[0]) for _ in range(2))
        assert np.array_equal(calm, again)
        trained = np.asarray(model({"tokens": ROWS}, training=True)[0])
        assert np.array_equal(calm, trained) is not is_drawn


def test_a_drawn_latent_has_the_mean_and_spread_asked_for() -> None:
    noise = np.random.default_rng(1).standard_normal((20_000, 2)).astype(np.float32)
    mean, log_var = np.array([1.0, -2.0], np.float32), np.log(np.array([4.0, 0.25], np.float32))
    z = np.asarray(reparameterised(mean + 0 * noise, log_var + 0 * noise, noise))
    assert z.mean(axis=0) == pytest.approx([1.0, -2.0], abs=0.05)
    assert z.std(axis=0) == pytest.approx([2.0, 0.5], rel=0.02)
    still = reparameterised(mean[None], log_var[None], np.zeros((1, 2), np.float32))
    assert np.asarray(still).tolist() == [[1.0, -2.0]]


def test_the_kl_of_the_loss_is_what_draws_give() -> None:
    mean, log_var = np.array([[0.8, -1.5]], np.float32), np.array([[-1.0, 0.4]], np.float32)
    exact = float(np.asarray(kl_loss(mean, log_var, 0.0, 0.0)).sum())
    draws = np.random.default_rng(2).normal(mean, np.exp(0.5 * log_var), (100_000, 2))
    gap = stats.norm.logpdf(draws, mean, np.exp(0.5 * log_var)) - stats.norm.logpdf(draws)
    assert exact == pytest.approx(gap.sum(axis=1).mean(), abs=0.03)


def test_numpy_equals_keras(model: Autoencoder, weights: Weights) -> None:
    engine = NumpyAutoencoder(weights)
    z = np.asarray(model.encode(ROWS)[0])
    assert engine.encode(ROWS) == pytest.approx(z, abs=1e-5)
    assert engine.logits(z.astype(np.float64)) == pytest.approx(np.asarray(model.decode(z)), abs=1e-5)


def test_weights_come_back_from_a_file(weights: Weights, tmp_path) -> None:
    path = tmp_path / "autoencoder.npz"
    path.write_bytes(render_weights(weights))
    again = load_weights(path)
    assert again.config == weights.config
    assert NumpyAutoencoder(again).encode(ROWS) == pytest.approx(NumpyAutoencoder(weights).encode(ROWS), abs=2e-2)


def test_a_plain_one_is_drawn_from_the_gaussian_of_its_latents(weights: Weights) -> None:
    engine = NumpyAutoencoder(weights)
    drawn = engine.draw_latents(np.zeros((20_000, 3)), np.random.default_rng(0))
    assert drawn.shape == (20_000, 4)
    if weights.config == PLAIN:
        latents = engine.encode(ROWS)
        assert drawn.mean(axis=0) == pytest.approx(latents.mean(axis=0), abs=0.02)
        assert np.cov(drawn.T) == pytest.approx(np.cov(latents.T), abs=0.02)
    else:
        assert np.cov(drawn.T) == pytest.approx(np.eye(4), abs=0.05)


@pytest.mark.parametrize("metre", ["4/4", "3/4", "2/2"])
def test_the_engine_plays_its_pictures(weights: Weights, metre: str) -> None:
    engine, grid = NumpyAutoencoder(weights), Grid(Metre.parse(metre), 1)
    windows = engine.sample(4, [Asked(grid)], np.random.default_rng(1))
    assert [window.grid for window in windows] == [grid] * 4
    if metre == "4/4":
        z = engine.draw_latents(np.zeros((4, 3)), np.random.default_rng(1))
        played = [playable(row.argmax(axis=-1), step_grid(16)).tolist() for row in engine.logits(z)]
        assert [step_tokens(window).tolist() for window in windows] == played
    assert all(len(step_tokens(window)) == n_sixteenths(grid) for window in windows)


def test_foreign_weights_and_long_grids_are_refused(weights: Weights) -> None:
    with pytest.raises(FileProblem, match="not weights of an autoencoder"):
        NumpyAutoencoder(replace(weights, config=VaeConfig()))
    with pytest.raises(Unsatisfiable, match="pictures of 16 sixteenths"):
        NumpyAutoencoder(weights).sample(1, [Asked(step_grid(32))], np.random.default_rng(0))


def test_pictures_last_whole_measures() -> None:
    with pytest.raises(ValueError, match="multiple of 16"):
        Autoencoder(replace(PLAIN, n_sixteenths=20))
