"""The textbook GAN: two dense networks, a forger and a judge, that learn against each other (Goodfellow et al. 2014).

The generator leads noise through layers of 128, 256 and 512 units to a picture of steps, the discriminator a picture
through 512 and 256 units to the probability that it is real. Two additions can be switched off, and then the pair
fails as lesson 13 shows: batch normalisation in the generator, and one-hot pictures (the gradient is let through as if
they were soft, Bengio et al. 2013), without which the discriminator tells soft pictures from real ones at a glance.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from numpy.typing import NDArray

from musicedu.configs import DenseGanConfig
from musicedu.encoding.step_grid import N_STEP_TOKENS
from musicedu.models.losses import share_of_loss

Tensor = Any
_BETA_1, _MOMENTUM = 0.5, 0.8  # as Radford et al. (2015) found to be stable


@keras.saving.register_keras_serializable(package="musicedu")
class DenseGan(keras.Model):  # type: ignore[misc]
    """Both networks, an optimiser for each, and a training step of two halves.

    A batch is a dictionary: tokens (batch, n_sixteenths) integers.
    """

    def __init__(self, config: DenseGanConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = config
        self.random = keras.random.SeedGenerator(config.seed)
        self.generator, self.discriminator = build_generator(config), build_discriminator(config)
        self.generator_optimizer = keras.optimizers.Adam(config.learning_rate, beta_1=_BETA_1)
        self.discriminator_optimizer = keras.optimizers.Adam(config.learning_rate, beta_1=_BETA_1)
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.built = True

    def noise(self, n: int) -> Tensor:
        """Noise for `n` pictures: (n, latent_dim)."""
        return keras.random.normal((n, self.settings.latent_dim), seed=self.random)

    def call(self, z: Tensor, training: bool = False) -> Tensor:
        """Pictures made of noise (batch, latent_dim): (batch, n_sixteenths, tokens)."""
        soft = ops.softmax(self.generator(z, training=training), axis=-1)
        if not self.settings.one_hot:
            return soft
        hard = ops.one_hot(ops.argmax(soft, axis=-1), N_STEP_TOKENS)
        return soft + ops.stop_gradient(hard - soft)

    def train_step(self, data: Any) -> dict[str, Tensor]:
        """Let the discriminator learn to tell real from made, then the generator to be taken for real."""
        batch, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        real = ops.one_hot(batch["tokens"], N_STEP_TOKENS)
        n = ops.shape(real)[0]
        made = self(self.noise(n), training=True)
        with tf.GradientTape() as tape:
            on_real = cross_entropy(self.discriminator(real, training=True), is_real=True)
            on_made = cross_entropy(self.discriminator(made, training=True), is_real=False)
            judging = (on_real + on_made) / 2
            loss = share_of_loss(judging)
        _learn(tape, loss, self.discriminator, self.discriminator_optimizer)
        with tf.GradientTape() as tape:
            forging = cross_entropy(self.discriminator(self(self.noise(n), training=True), training=True), is_real=True)
            loss = share_of_loss(forging)
        _learn(tape, loss, self.generator, self.generator_optimizer)
        return {"discriminator": judging, "generator": forging}

    def draw(self, n: int, seed: int) -> NDArray[np.int64]:
        """Tokens of `n` pictures: (n, n_sixteenths); the same seed draws from the same noise."""
        z = np.random.default_rng(seed).standard_normal((n, self.settings.latent_dim))
        drawn: NDArray[np.int64] = np.asarray(self.generator(z, training=False)).argmax(axis=-1)
        return drawn


def cross_entropy(logits: Tensor, *, is_real: bool) -> Tensor:
    """The mean binary cross-entropy of a discriminator's logits when all are real or all are made, in nats."""
    return ops.mean(ops.softplus(-logits if is_real else logits))


def build_generator(config: DenseGanConfig) -> Any:
    """Noise (batch, latent_dim) to logits of steps (batch, n_sixteenths, tokens)."""
    network = keras.Sequential(name="generator")
    network.add(keras.Input((config.latent_dim,)))
    for index, units in enumerate(config.generator_units):
        network.add(layers.Dense(units, name=f"dense_{index}"))
        network.add(layers.LeakyReLU(negative_slope=config.leak))
        if config.batch_norm:
            network.add(layers.BatchNormalization(momentum=_MOMENTUM, name=f"norm_{index}"))
    network.add(layers.Dense(config.n_sixteenths * N_STEP_TOKENS, name="dense_steps"))
    network.add(layers.Reshape((config.n_sixteenths, N_STEP_TOKENS)))
    return network


def build_discriminator(config: DenseGanConfig) -> Any:
    """Pictures (batch, n_sixteenths, tokens) to the logit of their being real (batch, 1)."""
    network = keras.Sequential(name="discriminator")
    network.add(keras.Input((config.n_sixteenths, N_STEP_TOKENS)))
    network.add(layers.Flatten())
    for units in config.discriminator_units:
        network.add(layers.Dense(units))
        network.add(layers.LeakyReLU(negative_slope=config.leak))
    network.add(layers.Dense(1))
    return network


def build_dense_gan(config: DenseGanConfig) -> DenseGan:
    """Build both networks with weights drawn from the configuration's seed, ready to be trained."""
    keras.utils.set_random_seed(config.seed)
    model = DenseGan(config)
    model.compile()
    return model


def generator_arrays(model: DenseGan) -> dict[str, NDArray[np.float32]]:
    """The generator as one kernel and one bias a layer: each normalisation is taken up by the layer after it."""
    arrays: dict[str, NDArray[np.float32]] = {}
    scale: Any = 1.0
    shift: Any = 0.0
    for layer in model.generator.layers:
        if isinstance(layer, layers.BatchNormalization):
            gamma, beta, mean, variance = (np.asarray(array) for array in layer.get_weights())
            scale = gamma / np.sqrt(variance + layer.epsilon)
            shift = beta - mean * scale
        elif isinstance(layer, layers.Dense):
            kernel, bias = (np.asarray(array) for array in layer.get_weights())
            arrays[f"{layer.name}.kernel"] = (kernel.T * scale).T
            arrays[f"{layer.name}.bias"] = bias + np.asarray(shift) * np.ones(len(kernel)) @ kernel
            scale, shift = 1.0, 0.0
    return arrays


def _learn(tape: Any, loss: Tensor, network: Any, optimizer: Any) -> None:
    variables = network.trainable_variables
    optimizer.apply(tape.gradient(loss, [variable.value for variable in variables]), variables)
