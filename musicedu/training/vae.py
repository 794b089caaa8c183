"""Training the VAE from tunes to weights, as `musicedu train vae` does it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras

from musicedu.models.vae import Vae, arrays_of, build_vae
from musicedu.training.dataset import Material, Packed
from musicedu.training.devices import Strategy
from musicedu.training.feed import feed_of_windows, in_order
from musicedu.training.loop import Judge, Progress, Watcher, fit, judged_on
from musicedu.weights import Floats, VaeConfig, Weights


def train_vae(
    config: VaeConfig,
    material: Material,
    folder: Path | None,
    *,
    epochs: int,
    watcher: Watcher | None = None,
    patience: int = 6,
    make_model: Callable[[VaeConfig], Vae] = build_vae,
    strategy: Strategy | None = None,
) -> Weights:
    """Train, or go on training, in `folder`; return the weights of the best epoch."""
    model = fit(
        lambda: _compiled(make_model(config)),
        feed_of_windows(material.training, config.batch_size),
        folder,
        epochs=epochs,
        watcher=watcher,
        judge=judge_of(material.validation, config.beta),
        patience=patience,
        before_step=annealed,
        strategy=strategy,
    )
    account = {"training_windows": len(material.training), "validation_windows": len(material.validation)}
    return weights_of(model, material.quantiles, account)


def _compiled(model: Vae) -> Vae:
    model.compile(optimizer=keras.optimizers.Adam(model.settings.learning_rate, clipnorm=5.0), jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    return model


def annealed(model: Any, progress: Progress) -> None:
    """Before a step: the KL term's weight rises to beta over the warm-up, the rate falls by a half cosine a run."""
    settings, share = model.settings, (progress.epoch - 1) / max(1, progress.epochs)
    rate = settings.learning_rate * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * share)))
    model.optimizer.learning_rate.assign(rate)
    model.kl_weight.assign(settings.beta * min(1.0, progress.step / max(1, settings.warmup_steps)))


def judge_of(validation: Packed, beta: float) -> Judge:
    """Losses of held-out windows at the full weight of the KL term, so that warm-up epochs compare with later ones."""
    mean_losses = judged_on(lambda: in_order(validation))

    def judge(model: Any) -> dict[str, float]:
        judged = dict(mean_losses(model))
        judged["loss"] = judged["value_loss"] + judged["token_loss"] + beta * judged["kl"]
        return judged

    return judge


def weights_of(model: Vae, quantiles: dict[str, Floats], account: Mapping[str, object] | None = None) -> Weights:
    """The weights of a model as they stand."""
    return Weights(model.settings, arrays_of(model), quantiles, account or {})
