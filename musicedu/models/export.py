"""Trained networks as plain arrays, and back."""

from __future__ import annotations

import numpy as np

from musicedu.configs import VaeConfig
from musicedu.models.vae import Vae, build_vae
from musicedu.weights import Floats, Weights


def arrays_of(model: Vae) -> dict[str, Floats]:
    """Every trained array of a VAE by name (`recurrent.kernel`, …)."""
    arrays = {}
    for variable in model.trainable_variables:
        layer, name = variable.path.split("/")[-2:]
        layer = variable.path.split("/")[-3] if layer == "gru_cell" else layer
        arrays[f"{layer}.{name}"] = np.asarray(variable, dtype=np.float32)
    return arrays


def model_of(weights: Weights) -> Vae:
    """Build the Keras model that weights belong to, ready to be trained on."""
    if not isinstance(weights.config, VaeConfig):
        raise TypeError(f"expected the weights of a VAE, not a {type(weights.config).__name__}")
    model = build_vae(weights.config)
    named = arrays_of(model)
    for variable, name in zip(model.trainable_variables, named, strict=True):
        variable.assign(weights.arrays[name])
    return model
