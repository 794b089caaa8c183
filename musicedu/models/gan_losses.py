"""The losses of generative adversarial networks that measure a distance, pure functions of tensors.

A *critic* gives every melody a number, high for what it takes to be real. The Wasserstein losses (Arjovsky et al. 2017)
use the numbers as they are, held in check by a gradient penalty (Gulrajani et al. 2017); the squared losses (Mao et al.
2017) ask for one for real and zero for made melodies.
"""

from __future__ import annotations

from typing import Any

from keras import ops

Tensor = Any

LOSSES = ("wasserstein", "squared")


def wasserstein_estimate(real: Tensor, made: Tensor) -> Tensor:
    """How far apart the critic holds real and made melodies: the difference of its mean scores, in its own units.

    For a critic whose slope is at most 1 this is a lower bound of the Wasserstein distance.
    """
    return ops.mean(real) - ops.mean(made)


def gradient_penalty(slopes: Tensor) -> Tensor:
    """The mean squared distance from 1 of the norm of each slope: (batch, …) slopes of the critic at its inputs."""
    axes = tuple(range(1, len(slopes.shape)))
    norms = ops.sqrt(ops.sum(ops.square(slopes), axis=axes) + 1e-12)
    return ops.mean(ops.square(norms - 1.0))


def critic_loss(loss: str, real: Tensor, made: Tensor) -> Tensor:
    """What a critic makes small, given its scores of real and made melodies; `ValueError` for another loss."""
    if loss == "wasserstein":
        return -wasserstein_estimate(real, made)
    if loss == "squared":
        return ops.mean(ops.square(real - 1.0)) + ops.mean(ops.square(made))
    raise ValueError(f"no loss is called {loss!r}; choose from {', '.join(LOSSES)}")


def generator_loss(loss: str, made: Tensor) -> Tensor:
    """What a generator makes small, given the critic's scores of what it made; `ValueError` for another loss."""
    if loss == "wasserstein":
        return -ops.mean(made)
    if loss == "squared":
        return ops.mean(ops.square(made - 1.0))
    raise ValueError(f"no loss is called {loss!r}; choose from {', '.join(LOSSES)}")


def attribute_loss(estimated: Tensor, asked: Tensor) -> Tensor:
    """The mean squared difference of ranks estimated and asked: (batch, attributes) each."""
    return ops.mean(ops.square(estimated - asked))
