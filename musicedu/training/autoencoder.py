"""Training the autoencoder from tunes to weights, as `musicedu train autoencoder` does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from musicedu.configs import AutoencoderConfig
from musicedu.encoding.step_grid import Tokens
from musicedu.models.autoencoder import Autoencoder, autoencoder_arrays, build_autoencoder
from musicedu.training.dense_gan import StepMaterial
from musicedu.training.devices import Strategy
from musicedu.training.feed import Batch, feed_of
from musicedu.training.loop import Watcher, fit, judged_on
from musicedu.training.vae import annealed
from musicedu.weights import PRIOR_MEAN, PRIOR_ROOT, Floats, Weights

_JUDGED_AT_ONCE = 512


def fit_autoencoder(
    config: AutoencoderConfig,
    training: Tokens,
    validation: Tokens,
    folder: Path | None = None,
    *,
    epochs: int,
    watcher: Watcher | None = None,
    patience: int | None = None,
    strategy: Strategy | None = None,
) -> Autoencoder:
    """Train, or go on training, in `folder` on tokens (rows, n_sixteenths); return the network of the best epoch.

    The best gives held-out rows back best; with a KL term, at its full weight, so that warm-up epochs compare.
    """
    held_out = judged_on(lambda: _in_order(validation))

    def judge(model: Autoencoder) -> dict[str, float]:
        judged = dict(held_out(model))
        judged["loss"] = judged["reconstruction"] + config.beta * judged["kl"]
        return judged

    model: Autoencoder = fit(
        lambda: build_autoencoder(config),
        feed_of({"tokens": training}, config.batch_size),
        folder,
        epochs=epochs,
        watcher=watcher,
        judge=judge,
        patience=patience,
        before_step=annealed,
        strategy=strategy,
    )
    return model


def train_autoencoder(
    config: AutoencoderConfig,
    material: StepMaterial,
    folder: Path | None,
    *,
    epochs: int,
    watcher: Watcher | None = None,
    patience: int | None = None,
    strategy: Strategy | None = None,
) -> Weights:
    """Train, or go on training, in `folder`; return the weights of the best epoch."""
    rows = material.training
    model = fit_autoencoder(
        config, rows, material.validation, folder, epochs=epochs, watcher=watcher, patience=patience, strategy=strategy
    )
    account = {"training_windows": len(rows), "validation_windows": len(material.validation)}
    return autoencoder_weights_of(model, rows, material.quantiles, account)


def autoencoder_weights_of(
    model: Autoencoder, rows: Tokens, quantiles: Mapping[str, Floats], account: Mapping[str, object] | None = None
) -> Weights:
    """The weights of a model as they stand, and the Gaussian of the latents of `rows` if it needs one."""
    arrays = {**autoencoder_arrays(model), **gaussian_of(model, rows)}
    return Weights(model.settings, arrays, quantiles, account or {})


def gaussian_of(model: Autoencoder, rows: Tokens) -> Mapping[str, Floats]:
    """The Gaussian that fits the latents of rows best: its mean, and the root of its covariance (Cholesky).

    A variational autoencoder needs none: its prior is the standard normal.
    """
    if model.is_variational:
        return {}
    latents = np.concatenate([np.asarray(model.encode(batch["tokens"])[0]) for batch in _in_order(rows)])
    covariance = np.cov(latents.T).reshape(latents.shape[1], -1) + 1e-6 * np.eye(latents.shape[1])
    return {
        PRIOR_MEAN: latents.mean(axis=0).astype(np.float32),
        PRIOR_ROOT: np.linalg.cholesky(covariance).astype(np.float32),
    }


def _in_order(rows: Tokens) -> Iterator[Batch]:
    for begin in range(0, len(rows), _JUDGED_AT_ONCE):
        yield {"tokens": rows[begin : begin + _JUDGED_AT_ONCE]}
