"""The convolutional GAN with conditions: a generator and a critic that learn against each other, and a regressor.

Wasserstein loss with a gradient penalty, or squared error. Notes are chosen by the Gumbel-max trick and the gradient is
let through as if the choice were soft (Jang et al. 2017), so that the critic sees the same zeros and ones in real and
in made windows. A regressor learns attributes from real windows; the generator is asked to please it as well.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import NDArray

from musicedu.configs import GanConfig
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.encoding.step_grid import N_STEP_TOKENS
from musicedu.models.gan_parts import Critic, Generator, Regressor
from musicedu.models.losses import (
    attribute_loss,
    critic_loss,
    generator_loss,
    gradient_penalty,
    share_of_loss,
    wasserstein_estimate,
)

Tensor = Any
Batch = dict[str, Tensor]
_N_ATTRIBUTES = len(CONDITION_ATTRIBUTES)
_BETAS = {"beta_1": 0.5, "beta_2": 0.9}
_SMALLEST = 1e-6
_DRIFT = 1e-3
"""How much the critic's scores of real windows are held near zero: only their differences mean anything."""


@keras.saving.register_keras_serializable(package="musicedu")
class Gan(keras.Model):  # type: ignore[misc]
    """Three networks, their optimisers and the training step.

    The generator's optimiser keeps a running mean of its weights, which plays better than where they happen to be: see
    `kept_weights`. A batch is a dictionary: tokens (batch, steps) integers, mask (batch, steps), place (batch, steps,
    `N_PLACE`) and condition (batch, `N_CONDITION`). It holds `critic_steps` times as many windows as a network sees at
    once.
    """

    def __init__(self, config: GanConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = config
        self.random = keras.random.SeedGenerator(config.seed)
        self.generator = Generator(config, "generator")
        self.critic, self.regressor = Critic(config, "critic"), Regressor(config, "regressor")
        averaging = {"use_ema": True, "ema_momentum": config.averaging}
        self.generator_optimizer = keras.optimizers.Adam(config.learning_rate, **_BETAS, **averaging)
        self.critic_optimizer = keras.optimizers.Adam(config.critic_rate, **_BETAS)
        self.regressor_optimizer = keras.optimizers.Adam(config.regressor_rate)
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.critic_optimizer.build(self.critic.trainable_variables)
        self.regressor_optimizer.build(self.regressor.trainable_variables)
        self.built = True

    def call(self, batch: Batch, training: bool = False) -> Tensor:
        """Steps made for the conditions of a batch, from latents drawn anew: (batch, steps, tokens), zeros and ones."""
        n = ops.shape(batch["condition"])[0]
        z = keras.random.normal((n, self.settings.latent_dim), seed=self.random)
        logits = self.generator(z, batch["condition"], batch["place"])
        drawn = keras.random.uniform(ops.shape(logits), _SMALLEST, 1.0 - _SMALLEST, seed=self.random)
        scores = logits - self.settings.noise * ops.log(-ops.log(drawn))
        soft = ops.softmax(scores)
        hard = ops.one_hot(ops.argmax(scores, axis=-1), N_STEP_TOKENS)
        return soft + ops.stop_gradient(hard - soft)

    def judged(self, steps: Tensor, batch: Batch) -> Tensor:
        """The critic's score of steps for the conditions of a batch: (batch,)."""
        return self.critic(steps, batch["condition"], batch["place"], batch["mask"])

    def train_step(self, data: Any) -> dict[str, Tensor]:
        """Let the critic learn `critic_steps` times, the regressor and the generator once."""
        batch, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        told: dict[str, Tensor] = {}
        n = self.settings.critic_steps
        parts = {name: ops.split(ops.convert_to_tensor(array), n, axis=0) for name, array in batch.items()}
        rows = [{name: split[index] for name, split in parts.items()} for index in range(n)]
        for part in rows:
            for name, figure in self._teach_critic(part).items():
                told[name] = told.get(name, 0.0) + figure / n
        told["regression"] = self._teach_regressor(rows[-1])
        told.update(self._teach_generator(rows[-1]))
        return told

    def test_step(self, data: Any) -> dict[str, Tensor]:
        """The critic's distance and the attributes' errors; nothing is learnt."""
        batch, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        made = self(batch)
        return {
            "wasserstein": wasserstein_estimate(self.judged(real_steps(batch), batch), self.judged(made, batch)),
            "attributes": self._attribute_loss(made, batch),
            "regression": self._attribute_loss(real_steps(batch), batch),
        }

    def _teach_critic(self, batch: Batch) -> dict[str, Tensor]:
        real, made = real_steps(batch), ops.stop_gradient(self(batch))
        kind = self.settings.loss
        with tf.GradientTape() as tape:
            real_scores, made_scores = self.judged(real, batch), self.judged(made, batch)
            penalty = self._penalty(real, made, batch) if kind == "wasserstein" else ops.zeros(())
            loss = critic_loss(kind, real_scores, made_scores) + self.settings.penalty * penalty
            if kind == "wasserstein":
                loss = loss + _DRIFT * ops.mean(ops.square(real_scores))
            shared = share_of_loss(loss)
        self._learn(tape, shared, self.critic, self.critic_optimizer)
        return {"wasserstein": wasserstein_estimate(real_scores, made_scores), "critic": loss, "penalty": penalty}

    def _penalty(self, real: Tensor, made: Tensor, batch: Batch) -> Tensor:
        """How far the critic's slope is from 1 at random places between real and made windows."""
        share = keras.random.uniform((ops.shape(real)[0], 1, 1), seed=self.random)
        between = share * real + (1.0 - share) * made
        with tf.GradientTape() as tape:
            tape.watch(between)
            scores = self.judged(between, batch)
        return gradient_penalty(tape.gradient(scores, between))

    def _teach_regressor(self, batch: Batch) -> Tensor:
        with tf.GradientTape() as tape:
            loss = self._attribute_loss(real_steps(batch), batch)
            shared = share_of_loss(loss)
        self._learn(tape, shared, self.regressor, self.regressor_optimizer)
        return loss

    def _teach_generator(self, batch: Batch) -> dict[str, Tensor]:
        with tf.GradientTape() as tape:
            made = self(batch)
            pleasing = generator_loss(self.settings.loss, self.judged(made, batch))
            attributes = self._attribute_loss(made, batch)
            shared = share_of_loss(pleasing + self.settings.attribute_weight * attributes)
        self._learn(tape, shared, self.generator, self.generator_optimizer)
        return {"generator": pleasing, "attributes": attributes}

    def _attribute_loss(self, steps: Tensor, batch: Batch) -> Tensor:
        estimated = self.regressor(steps, batch["place"], batch["mask"])
        return attribute_loss(estimated, batch["condition"][:, :_N_ATTRIBUTES])

    @staticmethod
    def _learn(tape: Any, loss: Tensor, network: Any, optimizer: Any) -> None:
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(loss, [variable.value for variable in variables]), variables)


def real_steps(batch: Batch) -> Tensor:
    """The windows of a batch as the generator would write them: (batch, steps, tokens), zeros and ones."""
    return ops.one_hot(batch["tokens"], N_STEP_TOKENS)


def kept_weights(model: Gan) -> dict[str, NDArray[np.float32]]:
    """The running mean of the generator's weights by layer and name (`start.kernel`, …)."""
    arrays = {}
    variables, optimizer = model.generator.trainable_variables, model.generator_optimizer
    has_learnt = bool(np.asarray(optimizer.iterations) > 0)
    means = optimizer._model_variables_moving_average if has_learnt else variables
    for variable, mean in zip(variables, means, strict=True):
        layer, name = variable.path.split("/")[-2:]
        arrays[f"{layer}.{name}"] = np.asarray(mean, dtype=np.float32)
    return arrays


def build_gan(config: GanConfig, *, jit_compile: bool = True) -> Gan:
    """Build the networks with weights drawn from the configuration's seed, ready to be trained.

    jit_compile: whether TensorFlow compiles the training step as a whole (XLA): it takes half a minute to begin with
    and is then about twice as fast.
    """
    keras.utils.set_random_seed(config.seed)
    model = Gan(config)
    model.compile(jit_compile=jit_compile)
    return model
