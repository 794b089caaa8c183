"""The losses of a VAE and of generative adversarial networks, and what they are made of: pure functions of tensors.

A *critic* gives every melody a number, high for what it takes to be real. The Wasserstein losses (Arjovsky et al. 2017)
use the numbers as they are, held in check by a gradient penalty (Gulrajani et al. 2017); the squared losses (Mao et al.
2017) ask for one for real and zero for made melodies.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from keras import ops

Tensor = Any
LOSSES = ("wasserstein", "squared")


def reconstruction_loss(logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
    """Cross-entropy summed over the events of a window and averaged over windows, in nats.

    logits (batch, time, classes), targets (batch, time) integers, mask (batch, time) 1 where there is an event.
    """
    chosen = ops.take_along_axis(ops.log_softmax(logits, axis=-1), targets[..., None], axis=-1)[..., 0]
    return -ops.mean(ops.sum(chosen * mask, axis=-1))


def kl_loss(z_mean: Tensor, z_log_var: Tensor, prior_mean: Tensor, prior_log_var: Tensor) -> Tensor:
    """KL divergence of two diagonal Gaussians for every latent, averaged over the batch: (latent_dim,), in nats."""
    variance_ratio = ops.exp(z_log_var - prior_log_var)
    distance = ops.square(z_mean - prior_mean) / ops.exp(prior_log_var)
    return 0.5 * ops.mean(prior_log_var - z_log_var + variance_ratio + distance - 1, axis=0)


def reparameterised(z_mean: Tensor, z_log_var: Tensor, noise: Tensor) -> Tensor:
    """A draw from a diagonal Gaussian, made of standard normal `noise`, so that gradients reach mean and variance.

    All three of one shape; the reparameterisation of Kingma and Welling (2014).
    """
    return z_mean + ops.exp(0.5 * z_log_var) * noise


def floored(kl_of_latents: Tensor, free_nats: float) -> Tensor:
    """The sum of the KL over latents, each counted as at least `free_nats` (free bits, Kingma et al. 2016)."""
    return ops.sum(ops.maximum(kl_of_latents, free_nats))


def share_of_loss(loss: Tensor) -> Tensor:
    """A device's part of a mean loss: Keras sums the gradients of all devices of a `tf.distribute` strategy."""
    n_devices = tf.distribute.get_strategy().num_replicas_in_sync
    return loss if n_devices == 1 else loss / n_devices


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
