"""A small autoencoder of step pictures, plain or variational (Kingma and Welling 2014).

The encoder reads as a musician counts: four sixteenths to a beat, four beats to a measure, the measures to a few
numbers. The decoder is its mirror and says all steps at once, so it needs no past; it is not told any condition either.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from musicedu.configs import AutoencoderConfig
from musicedu.encoding.step_grid import N_STEP_TOKENS
from musicedu.encoding.vocabulary import FIRST_PITCH
from musicedu.models.losses import kl_loss, reconstruction_loss, reparameterised, share_of_loss

Tensor = Any
Batch = dict[str, Tensor]

_STEPS_A_BEAT, _BEATS_A_MEASURE = 4, 4
_LOG_VAR_RANGE = -8.0, 4.0


@keras.saving.register_keras_serializable(package="musicedu")
class Autoencoder(keras.Model):  # type: ignore[misc]
    """Encoder, decoder and the training step. A batch is a dictionary: tokens (batch, n_sixteenths) integers."""

    def __init__(self, config: AutoencoderConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = config
        self.n_measures = n_measures_of(config)
        self.random = keras.random.SeedGenerator(config.seed)
        beat, measure = config.units
        strides = {"kernel_size": 4, "strides": 4}
        self.beats = layers.Conv1D(beat, activation="relu", name="beats", **strides)
        self.measures = layers.Conv1D(measure, activation="relu", name="measures", **strides)
        n_told = 2 if self.is_variational else 1
        self.latent = layers.Dense(n_told * config.latent_dim, name="latent")
        self.start = layers.Dense(self.n_measures * measure, activation="relu", name="start")
        self.to_beats = layers.Conv1DTranspose(beat, activation="relu", name="to_beats", **strides)
        self.to_steps = layers.Conv1DTranspose(N_STEP_TOKENS, name="to_steps", **strides)
        self.kl_weight = self.add_weight(shape=(), initializer="zeros", trainable=False, name="kl_weight")
        names = ("loss", "reconstruction", "kl", "steps", "onset_pitch")
        self.trackers = {name: keras.metrics.Mean(name=name) for name in names}
        self._build(beat, measure)

    @property
    def is_variational(self) -> bool:
        return self.settings.beta > 0

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        return list(self.trackers.values())

    def _build(self, beat: int, measure: int) -> None:
        n_beats = self.n_measures * _BEATS_A_MEASURE
        self.beats.build((None, self.settings.n_sixteenths, N_STEP_TOKENS))
        self.measures.build((None, n_beats, beat))
        self.latent.build((None, self.n_measures * measure))
        self.start.build((None, self.settings.latent_dim))
        self.to_beats.build((None, self.n_measures, measure))
        self.to_steps.build((None, n_beats, beat))
        self.built = True

    def encode(self, tokens: Tensor) -> tuple[Tensor, Tensor | None]:
        """Mean and log variance of the latents of pictures, (batch, latent_dim) each; a plain autoencoder has no
        variance.
        """
        x = self.measures(self.beats(ops.one_hot(tokens, N_STEP_TOKENS)))
        told = self.latent(ops.reshape(x, (-1, self.n_measures * self.settings.units[1])))
        if not self.is_variational:
            return told, None
        z_mean, z_log_var = ops.split(told, 2, axis=-1)
        return z_mean, ops.clip(z_log_var, *_LOG_VAR_RANGE)

    def decode(self, z: Tensor) -> Tensor:
        """Logits of every step's tokens: (batch, n_sixteenths, tokens)."""
        x = ops.reshape(self.start(z), (-1, self.n_measures, self.settings.units[1]))
        return self.to_steps(self.to_beats(x))

    def call(self, batch: Batch, training: bool = False) -> tuple[Tensor, Tensor, Tensor | None]:
        z_mean, z_log_var = self.encode(batch["tokens"])
        z = z_mean
        if training and z_log_var is not None:
            noise = keras.random.normal(ops.shape(z_mean), seed=self.random)
            z = reparameterised(z_mean, z_log_var, noise)
        return self.decode(z), z_mean, z_log_var

    def losses_of(self, batch: Batch, outputs: tuple[Tensor, Tensor, Tensor | None]) -> dict[str, Tensor]:
        """Every term of the loss in nats a picture, and the shares of steps and of onset pitches that are right."""
        logits, z_mean, z_log_var = outputs
        tokens = ops.cast(batch["tokens"], "int32")
        reconstruction = reconstruction_loss(logits, tokens, ops.ones_like(tokens, dtype="float32"))
        kl = ops.zeros(()) if z_log_var is None else ops.sum(kl_loss(z_mean, z_log_var, 0.0, 0.0))
        right = ops.cast(ops.argmax(logits, axis=-1) == tokens, "float32")
        begins = ops.cast(tokens >= FIRST_PITCH, "float32")
        return {
            "loss": reconstruction + self.kl_weight * kl,
            "reconstruction": reconstruction,
            "kl": kl,
            "steps": ops.mean(right),
            "onset_pitch": ops.sum(right * begins) / ops.maximum(ops.sum(begins), 1.0),
        }

    def compute_loss(
        self, x: Batch, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Tensor:
        """The loss of a batch, for Keras' own training and test steps."""
        terms = self.losses_of(x, y_pred)
        for name, tracker in self.trackers.items():
            tracker.update_state(terms[name])
        return share_of_loss(terms["loss"])

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Tensor]:
        """What the trackers hold, for Keras' own training and test steps."""
        return {name: tracker.result() for name, tracker in self.trackers.items()}


def n_measures_of(config: AutoencoderConfig) -> int:
    """How many measures of common time a picture lasts; `ValueError` unless they are whole."""
    n_measures, rest = divmod(config.n_sixteenths, _STEPS_A_BEAT * _BEATS_A_MEASURE)
    if rest or not n_measures:
        raise ValueError(f"n_sixteenths must be a multiple of 16, not {config.n_sixteenths}")
    return n_measures


def build_autoencoder(config: AutoencoderConfig) -> Autoencoder:
    """Build the network with its weights drawn from the configuration's seed, ready to be trained."""
    keras.utils.set_random_seed(config.seed)
    model = Autoencoder(config)
    model.compile(optimizer=keras.optimizers.Adam(config.learning_rate, clipnorm=5.0), jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    return model


def autoencoder_arrays(model: Autoencoder) -> dict[str, NDArray[np.float32]]:
    """Every trained array by name (`beats.kernel`, …)."""
    variables = ((variable.path.split("/")[-2:], variable) for variable in model.trainable_variables)
    return {".".join(path): np.asarray(variable, dtype=np.float32) for path, variable in variables}
