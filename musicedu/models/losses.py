"""The losses of a VAE and what they are made of, pure functions of tensors."""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from keras import ops

Tensor = Any


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
