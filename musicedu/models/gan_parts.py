"""The three networks of the convolutional GAN: one makes steps, one judges them, one measures their attributes.

They read and write windows as one token for each sixteenth (`musicedu.encoding.step_grid`). All are told the place of
every step; what the window is asked to be is told to the generator and the critic.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from musicedu.configs import GanConfig
from musicedu.encoding.features import CONDITION_ATTRIBUTES, N_CONDITION, N_PLACE
from musicedu.encoding.step_grid import N_STEP_TOKENS

Tensor = Any
STEPS_AT_START = 4
"""The generator begins with one column for so many steps: a quarter note."""

_KERNEL = 5


def leaky(x: Tensor) -> Tensor:
    """A rectifier that lets a fifth of what is negative through, so that the critic's slopes never vanish."""
    return ops.maximum(x, 0.2 * x)


def evened(x: Tensor) -> Tensor:
    """Every column scaled to a mean square of 1 (Karras et al. 2018), so that signals do not grow without bound."""
    return x * ops.rsqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + 1e-6)


def pooled(x: Tensor, size: int) -> Tensor:
    """The mean of every `size` steps: (batch, steps, features) to (batch, steps / size, features)."""
    return ops.mean(ops.reshape(x, (-1, x.shape[1] // size, size, x.shape[2])), axis=2)


class Generator(keras.Model):  # type: ignore[misc]
    """From a latent, a condition and the places to logits of every step.

    Steps grow from quarters to eighths to sixteenths; at each size the places are told anew, so that the metre is known
    where the notes are decided.
    """

    def __init__(self, config: GanConfig, name: str) -> None:
        super().__init__(name=name)
        c = config.channels
        self.n_columns, self.channels = config.n_sixteenths // STEPS_AT_START, c
        self.start = layers.Dense(self.n_columns * c, name="start")
        self.convolutions = _convolutions((c, 3 * c // 4, c // 2, c // 2), strides=(1, 1, 1, 1))
        self.logits = layers.Dense(N_STEP_TOKENS, name="logits")
        self.start.build((None, config.latent_dim + N_CONDITION))
        width = c
        for convolution, told in zip(self.convolutions, (N_PLACE, N_PLACE, N_PLACE, 0), strict=True):
            convolution.build((None, None, width + told))
            width = convolution.filters
        self.logits.build((None, None, width + N_PLACE))
        self.built = True

    def call(self, z: Tensor, condition: Tensor, place: Tensor) -> Tensor:
        """Logits (batch, steps, tokens) for z (batch, latent), condition (batch, …), place (batch, steps, …)."""
        x = self.start(ops.concatenate([z, condition], axis=-1))
        x = evened(leaky(ops.reshape(x, (-1, self.n_columns, self.channels))))
        for index, size in enumerate((STEPS_AT_START, STEPS_AT_START // 2, 1)):
            x = ops.repeat(x, 2, axis=1) if index else x
            told = ops.concatenate([x, pooled(place, size)], axis=-1)
            x = evened(leaky(self.convolutions[index](told)))
        x = evened(leaky(self.convolutions[-1](x)))
        return self.logits(ops.concatenate([x, place], axis=-1))


class Critic(keras.Model):  # type: ignore[misc]
    """How real a window is, given what was asked for: one number, without bounds.

    The condition speaks twice: at the first convolution, and at the end as a direction that the features are measured
    along (Miyato and Koyama 2018).
    """

    def __init__(self, config: GanConfig, name: str) -> None:
        super().__init__(name=name)
        c = config.channels
        self.body = _Body((c // 2, 3 * c // 4, c, 5 * c // 4), c, config.n_sixteenths)
        self.condition = layers.Dense(c // 2, name="condition")
        self.condition.build((None, N_CONDITION))
        self.direction = layers.Dense(c, name="direction")
        self.direction.build((None, N_CONDITION))
        self.score = layers.Dense(1, name="score")
        self.score.build((None, c))
        self.scale = float(c) ** -0.5
        self.built = True

    def call(self, steps: Tensor, condition: Tensor, place: Tensor, mask: Tensor) -> Tensor:
        """Scores (batch,) of steps (batch, steps, tokens), zeros and ones; mask (batch, steps) is 1 inside."""
        features = self.body(steps, place, mask, self.condition(condition)[:, None])
        along = ops.sum(features * self.direction(condition), axis=-1)
        return self.score(features)[:, 0] + self.scale * along


class Regressor(keras.Model):  # type: ignore[misc]
    """What attributes a window has: ranks from -1 to 1, in the order of `CONDITION_ATTRIBUTES`."""

    def __init__(self, config: GanConfig, name: str) -> None:
        super().__init__(name=name)
        c = config.channels
        self.body = _Body((3 * c // 8, c // 2, 3 * c // 4, 3 * c // 4), c, config.n_sixteenths)
        self.ranks = layers.Dense(len(CONDITION_ATTRIBUTES), name="ranks")
        self.ranks.build((None, c))
        self.built = True

    def call(self, steps: Tensor, place: Tensor, mask: Tensor) -> Tensor:
        """Ranks (batch, attributes) of steps (batch, steps, tokens), zeros and ones; mask (batch, steps)."""
        return 1.1 * ops.tanh(self.ranks(self.body(steps, place, mask)))


class _Body(layers.Layer):  # type: ignore[misc]
    """Convolutions that halve the steps three times, and one dense layer over what is left: (batch, width)."""

    def __init__(self, channels: tuple[int, ...], width: int, n_sixteenths: int) -> None:
        super().__init__(name="body")
        self.convolutions = _convolutions(channels, strides=(1, 2, 2, 2))
        self.hidden = layers.Dense(width, name="hidden")
        told = N_STEP_TOKENS + N_PLACE + 1
        for convolution in self.convolutions:
            convolution.build((None, None, told))
            told = convolution.filters
        self.n_features = n_sixteenths // 8 * told
        self.hidden.build((None, self.n_features))
        self.built = True

    def call(self, steps: Tensor, place: Tensor, mask: Tensor, condition: Tensor | None = None) -> Tensor:
        inside = mask[..., None]
        x = ops.concatenate([steps * inside, place, inside], axis=-1)
        x = self.convolutions[0](x)
        x = leaky(x if condition is None else x + condition)
        for convolution in self.convolutions[1:]:
            x = leaky(convolution(x))
        return leaky(self.hidden(ops.reshape(x, (-1, self.n_features))))


def _convolutions(channels: tuple[int, ...], strides: tuple[int, ...]) -> list[Any]:
    return [
        layers.Conv1D(width, _KERNEL, strides=stride, padding="same", name=f"convolution_{index}")
        for index, (width, stride) in enumerate(zip(channels, strides, strict=True))
    ]
