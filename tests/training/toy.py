"""A network small enough to train in seconds, with two optimisers and chance in it, and a program that trains it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from musicedu.models.losses import share_of_loss
from musicedu.training.feed import Feed, feed_of
from musicedu.training.loop import Progress, Silent, fit
from musicedu.training.record import EpochReport

ROWS = np.random.default_rng(0).normal(size=(64, 6)).astype(np.float32)
OTHERS = np.random.default_rng(1).normal(size=(32, 6)).astype(np.float32)


@dataclass(frozen=True)
class ToyConfig:
    units: int = 5
    noise: float = 0.1
    rate: float = 0.02
    seed: int = 3


class Toy(keras.Model):
    """Squeezes rows through a bottleneck with noise; encoder and decoder each have an optimiser, as a GAN would."""

    def __init__(self, config: ToyConfig) -> None:
        super().__init__()
        self.settings = config
        self.random = keras.random.SeedGenerator(config.seed)
        self.encoder, self.decoder = layers.Dense(config.units, name="encoder"), layers.Dense(6, name="decoder")
        self.encoder.build((None, 6))
        self.decoder.build((None, config.units))
        self.built = True
        self.error = keras.metrics.Mean(name="error")
        self.encoder_optimizer = keras.optimizers.Adam(config.rate)
        self.decoder_optimizer = keras.optimizers.Adam(config.rate)
        self.encoder_optimizer.build(self.encoder.trainable_variables)
        self.decoder_optimizer.build(self.decoder.trainable_variables)

    @property
    def metrics(self) -> list[Any]:
        return [self.error]

    def error_of(self, rows: Any, noise: float) -> Any:
        coded = self.encoder(rows)
        coded = coded + noise * keras.random.normal(ops.shape(coded), seed=self.random) if noise else coded
        return ops.mean(ops.square(self.decoder(coded) - rows))

    def train_step(self, data: Any) -> dict[str, Any]:
        import tensorflow as tf

        rows = data[0]["rows"]
        with tf.GradientTape(persistent=True) as tape:
            error = self.error_of(rows, self.settings.noise)
            loss = share_of_loss(error)
        for optimizer, layer in ((self.encoder_optimizer, self.encoder), (self.decoder_optimizer, self.decoder)):
            optimizer.apply_gradients(
                zip(tape.gradient(loss, layer.trainable_variables), layer.trainable_variables, strict=True)
            )
        self.error.update_state(error)
        return {"loss": self.error.result()}

    def test_step(self, data: Any) -> dict[str, Any]:
        self.error.update_state(self.error_of(data[0]["rows"], 0.0))
        return {"loss": self.error.result()}


def toy(config: ToyConfig = ToyConfig()) -> Toy:
    keras.utils.set_random_seed(config.seed)
    model = Toy(config)
    model.compile()
    return model


def toy_feed(batch_size: int = 16) -> Feed:
    return feed_of({"rows": ROWS}, batch_size)


def slower(model: Any, progress: Progress) -> None:
    """The rate falls epoch by epoch, and the decoder's more."""
    model.encoder_optimizer.learning_rate.assign(model.settings.rate / progress.epoch)
    model.decoder_optimizer.learning_rate.assign(model.settings.rate / progress.epoch**2)


class Told(Silent):
    """Tells the test how far it is, by a file an epoch; at the end of the epoch `wait_at` it waits to be killed."""

    def __init__(self, folder: Path, wait_at: int | None = None) -> None:
        self.folder = folder
        self.wait_at = wait_at

    def on_epoch(self, report: EpochReport, model: Any) -> None:
        (self.folder / f"epoch-{report.epoch}").touch()
        if report.epoch == self.wait_at:
            time.sleep(3600)


def train_toy(folder: str, epochs: int, wait_at: int | None = None) -> None:
    """What the process that is killed runs; its last act is to leave the weights."""
    path = Path(folder)
    model = fit(toy, toy_feed(), path, epochs=epochs, before_step=slower, watcher=Told(path, wait_at))
    np.save(path / "final.npy", np.concatenate([np.ravel(variable) for variable in model.trainable_variables]))
