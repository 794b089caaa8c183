"""A conditional VAE over events: convolutional encoder, learnt prior, recurrent decoder.

The decoder says an event in two breaths, as a person would: first how long (from the recurrent state and the place in
the measure), then what (given how long). What it says about pitch is the sum of two opinions: about the pitch itself
and about the interval from the note before, so that a turn learnt in one register is known in all.

Trained, it is plain arrays, from which it is built again.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from musicedu.configs import VaeConfig
from musicedu.encoding.features import N_CONDITION, N_PLACE
from musicedu.encoding.vocabulary import FIRST_PITCH, N_PITCHES, N_TOKENS, N_VALUES
from musicedu.models.losses import floored, kl_loss, reconstruction_loss, reparameterised, share_of_loss
from musicedu.weights import Floats

Tensor = Any
Batch = dict[str, Tensor]


@keras.saving.register_keras_serializable(package="musicedu")
class Vae(keras.Model):  # type: ignore[misc]
    """The network and its training step; `musicedu.training` runs it, `musicedu.generation` samples from its weights.

    A batch is a dictionary: values, tokens (batch, time) integers, 0-padded; last (batch, time), the pitch index
    sounding before each event (0 to 36); place (batch, time, `N_PLACE`); condition (batch, `N_CONDITION`);
    mask (batch, time).
    """

    def __init__(self, config: VaeConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = config
        self.random = keras.random.SeedGenerator(config.seed)
        self.value_embedding = layers.Embedding(N_VALUES + 1, config.value_units, name="value_embedding")
        self.token_embedding = layers.Embedding(N_TOKENS + 1, config.token_units, name="token_embedding")
        self.last_embedding = layers.Embedding(N_PITCHES, config.token_units, name="last_embedding")
        self.convolutions = [
            layers.Conv1D(config.encoder_units, 3, padding="same", activation="relu", name=f"convolution_{index}")
            for index in range(3)
        ]
        self.posterior = layers.Dense(2 * config.latent_dim, name="posterior")
        self.prior_hidden = layers.Dense(config.prior_units, activation="tanh", name="prior_hidden")
        self.prior = layers.Dense(2 * config.latent_dim, name="prior")
        self.initial = layers.Dense(config.decoder_units, activation="tanh", name="initial")
        self.recurrent = layers.GRU(config.decoder_units, return_sequences=True, name="recurrent")
        self.value_logits = layers.Dense(N_VALUES, name="value_logits")
        self.hidden = layers.Dense(config.hidden_units, activation="relu", name="hidden")
        self.pitch_logits = layers.Dense(N_TOKENS, name="pitch_logits")
        self.interval_logits = layers.Dense(2 * N_PITCHES - 1, name="interval_logits")
        self.kl_weight = self.add_weight(shape=(), initializer="zeros", trainable=False, name="kl_weight")
        self.trackers = {
            name: keras.metrics.Mean(name=name) for name in ("loss", "value_loss", "token_loss", "kl", "token_accuracy")
        }

    def build(self, shapes: Any) -> None:
        """Make the weights of every layer; sizes follow from the configuration, whatever the batch."""
        c = self.settings
        told = c.latent_dim + N_CONDITION
        event = c.value_units + c.token_units
        for embedding in (self.value_embedding, self.token_embedding, self.last_embedding):
            embedding.build((None, None))
        width = event + N_PLACE + N_CONDITION
        for convolution in self.convolutions:
            convolution.build((None, None, width))
            width = c.encoder_units
        self.posterior.build((None, 2 * c.encoder_units))
        self.prior_hidden.build((None, N_CONDITION))
        self.prior.build((None, c.prior_units))
        self.initial.build((None, told))
        self.recurrent.build((None, None, event + c.token_units + N_PLACE + told))
        self.value_logits.build((None, None, c.decoder_units + N_PLACE))
        self.hidden.build((None, None, c.decoder_units + c.value_units + N_PLACE))
        self.pitch_logits.build((None, None, c.hidden_units))
        self.interval_logits.build((None, None, c.hidden_units))

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        return list(self.trackers.values())

    def encode(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The posterior of windows: mean and log variance, (batch, latent_dim) each."""
        mask = batch["mask"][..., None]
        condition = ops.repeat(batch["condition"][:, None], ops.shape(mask)[1], axis=1)
        x = ops.concatenate(
            [self.value_embedding(batch["values"]), self.token_embedding(batch["tokens"]), batch["place"], condition],
            axis=-1,
        )
        x = x * mask
        for convolution in self.convolutions:
            x = convolution(x) * mask
        mean = ops.sum(x, axis=1) / ops.sum(mask, axis=1)
        peak = ops.max(x, axis=1)
        parts = ops.split(self.posterior(ops.concatenate([mean, peak], axis=-1)), 2, axis=-1)
        return parts[0], ops.clip(parts[1], -8.0, 4.0)

    def prior_of(self, condition: Tensor) -> tuple[Tensor, Tensor]:
        """The learnt prior p(z given condition): mean and log variance."""
        parts = ops.split(self.prior(self.prior_hidden(condition)), 2, axis=-1)
        return parts[0], ops.clip(parts[1], -8.0, 4.0)

    def decode(self, z: Tensor, batch: Batch, training: bool = False) -> tuple[Tensor, Tensor]:
        """Logits of values and of tokens given all events before: (batch, time, values), (batch, time, tokens)."""
        told = ops.concatenate([z, batch["condition"]], axis=-1)
        values, tokens = _shifted(batch["values"], N_VALUES), _shifted(batch["tokens"], N_TOKENS)
        if training:
            keep = keras.random.uniform(ops.shape(values), seed=self.random) >= self.settings.event_dropout
            values, tokens = ops.where(keep, values, N_VALUES), ops.where(keep, tokens, N_TOKENS)
        length = ops.shape(values)[1]
        x = ops.concatenate(
            [
                self.value_embedding(values),
                self.token_embedding(tokens),
                self.last_embedding(batch["last"]),
                batch["place"],
                ops.repeat(told[:, None], length, axis=1),
            ],
            axis=-1,
        )
        states = self.recurrent(x, initial_state=self.initial(told))
        value_logits = self.value_logits(ops.concatenate([states, batch["place"]], axis=-1))
        named = ops.concatenate([states, self.value_embedding(batch["values"]), batch["place"]], axis=-1)
        hidden = self.hidden(named)
        return value_logits, self.pitch_logits(hidden) + self._by_interval(hidden, batch["last"])

    def _by_interval(self, hidden: Tensor, last: Tensor) -> Tensor:
        columns = ops.arange(N_PITCHES)[None, None] - last[..., None] + N_PITCHES - 1
        opinion = ops.take_along_axis(self.interval_logits(hidden), columns, axis=-1)
        return ops.pad(opinion, [(0, 0), (0, 0), (FIRST_PITCH, 0)])

    def call(self, batch: Batch, training: bool = False) -> tuple[Tensor, ...]:
        z_mean, z_log_var = self.encode(batch)
        noise = keras.random.normal(ops.shape(z_mean), seed=self.random)
        z = reparameterised(z_mean, z_log_var, noise) if training else z_mean
        return *self.decode(z, batch, training), z_mean, z_log_var

    def losses_of(self, batch: Batch, outputs: tuple[Tensor, ...]) -> dict[str, Tensor]:
        """Every term of the loss for a batch and what `call` made of it, and the share of tokens guessed right."""
        value_logits, token_logits, z_mean, z_log_var = outputs
        kl = kl_loss(z_mean, z_log_var, *self.prior_of(batch["condition"]))
        value_loss = reconstruction_loss(value_logits, batch["values"], batch["mask"])
        token_loss = reconstruction_loss(token_logits, batch["tokens"], batch["mask"])
        right = ops.cast(ops.argmax(token_logits, axis=-1) == batch["tokens"], "float32") * batch["mask"]
        return {
            "loss": value_loss + token_loss + self.kl_weight * floored(kl, self.settings.free_nats),
            "value_loss": value_loss,
            "token_loss": token_loss,
            "kl": ops.sum(kl),
            "token_accuracy": ops.sum(right) / ops.sum(batch["mask"]),
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


def _shifted(indices: Tensor, start: int) -> Tensor:
    return ops.concatenate([ops.full_like(indices[:, :1], start), indices[:, :-1]], axis=1)


def build_vae(config: VaeConfig) -> Vae:
    """Build the network with its weights drawn from the configuration's seed."""
    keras.utils.set_random_seed(config.seed)
    model = Vae(config)
    model.build(None)
    return model


def arrays_of(model: Vae) -> dict[str, Floats]:
    """Every trained array of a VAE by name (`recurrent.kernel`, …)."""
    arrays = {}
    for variable in model.trainable_variables:
        layer, name = variable.path.split("/")[-2:]
        layer = variable.path.split("/")[-3] if layer == "gru_cell" else layer
        arrays[f"{layer}.{name}"] = np.asarray(variable, dtype=np.float32)
    return arrays
