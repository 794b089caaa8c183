"""The GAN: losses worth what they say, a training step that moves all three networks, notes that are zeros and ones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from keras import ops

from musicedu.configs import GanConfig
from musicedu.encoding.features import N_CONDITION, N_PLACE
from musicedu.models.gan import Gan, build_gan, kept_weights
from musicedu.models.losses import (
    attribute_loss,
    critic_loss,
    generator_loss,
    gradient_penalty,
    wasserstein_estimate,
)

CONFIG = GanConfig(channels=16, latent_dim=8, batch_size=4, critic_steps=1)


def batch_of(n: int, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        "tokens": rng.integers(0, 39, (n, 64)).astype(np.int32),
        "mask": np.ones((n, 64), np.float32),
        "place": rng.normal(size=(n, 64, N_PLACE)).astype(np.float32),
        "condition": rng.uniform(-1, 1, (n, N_CONDITION)).astype(np.float32),
    }


@cache
def trained(loss: str) -> tuple[Gan, dict[str, list[np.ndarray]], dict[str, float]]:
    """A network after one step, its weights before, and what the step said."""
    model = build_gan(replace(CONFIG, loss=loss), jit_compile=False)  # type: ignore[arg-type]
    before = {part.name: [np.asarray(w) for w in part.weights] for part in parts(model)}
    return model, before, model.train_on_batch(batch_of(4), return_dict=True)


def parts(model: Gan) -> list[object]:
    return [model.generator, model.critic, model.regressor]


def test_losses_of_three_numbers() -> None:
    real, made = ops.convert_to_tensor([3.0, 1.0, 2.0]), ops.convert_to_tensor([0.0, 1.0, -1.0])
    assert float(wasserstein_estimate(real, made)) == pytest.approx(2.0)
    assert float(critic_loss("wasserstein", real, made)) == pytest.approx(-2.0)
    assert float(generator_loss("wasserstein", made)) == pytest.approx(0.0)
    assert float(critic_loss("squared", real, made)) == pytest.approx((4 + 0 + 1) / 3 + 2 / 3)
    assert float(generator_loss("squared", made)) == pytest.approx((1 + 0 + 4) / 3)
    assert float(attribute_loss(real, made)) == pytest.approx((9 + 0 + 9) / 3)


def test_a_slope_of_one_costs_nothing_and_any_other_does() -> None:
    slopes = np.zeros((2, 3, 4), np.float32)
    slopes[:, 1, 2] = 1.0
    assert float(gradient_penalty(ops.convert_to_tensor(slopes))) == pytest.approx(0.0, abs=1e-9)
    assert float(gradient_penalty(ops.convert_to_tensor(3 * slopes))) == pytest.approx(4.0)


@pytest.mark.parametrize("loss", [critic_loss, generator_loss])
def test_another_loss_is_refused_by_name(loss: object) -> None:
    scores = (ops.zeros(2),) * (2 if loss is critic_loss else 1)
    with pytest.raises(ValueError, match=r"cubic.*wasserstein, squared"):
        loss("cubic", *scores)  # type: ignore[operator]


@pytest.mark.parametrize("loss", ["wasserstein", "squared"])
def test_one_step_moves_the_weights_of_every_network(loss: str) -> None:
    model, before, figures = trained(loss)
    for part in parts(model):
        moved = [np.abs(np.asarray(w) - old).max() for w, old in zip(part.weights, before[part.name], strict=True)]  # type: ignore[attr-defined]
        assert min(moved) > 0, part
    assert all(np.isfinite(value) for value in figures.values())
    assert {"wasserstein", "critic", "generator", "attributes", "regression"} <= set(figures)


def test_judging_moves_nothing() -> None:
    model, _, _ = trained("wasserstein")
    before = [np.asarray(w) for part in parts(model) for w in part.weights]  # type: ignore[attr-defined]
    assert set(model.test_on_batch(batch_of(4), return_dict=True)) == {"wasserstein", "attributes", "regression"}
    after = [np.asarray(w) for part in parts(model) for w in part.weights]  # type: ignore[attr-defined]
    assert all((old == new).all() for old, new in zip(before, after, strict=True))


def test_what_is_made_is_one_token_a_step() -> None:
    model, _, _ = trained("wasserstein")
    made = np.asarray(model(batch_of(3)))
    assert made.shape == (3, 64, 39)
    assert np.allclose(made.max(axis=-1), 1, atol=1e-5)
    assert np.allclose(made.sum(axis=-1), 1, atol=1e-5)


def test_the_kept_weights_follow_slowly() -> None:
    model, _, _ = trained("squared")
    first = kept_weights(model)["start.kernel"]
    assert (first == np.asarray(model.generator.weights[0])).all()
    model.train_on_batch(batch_of(4, seed=1), return_dict=True)
    moved = np.abs(np.asarray(model.generator.weights[0]) - first).max()
    assert 0 < np.abs(kept_weights(model)["start.kernel"] - first).max() < moved / 100
