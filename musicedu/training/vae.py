"""Training the VAE from tunes to weights, as `musicedu train vae` does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from musicedu.models.export import arrays_of
from musicedu.models.vae import Vae, build_vae
from musicedu.training.loop import Watcher, fit_vae
from musicedu.training.material import Material
from musicedu.weights import Floats, VaeConfig, Weights


def train_vae(
    config: VaeConfig,
    material: Material,
    folder: Path,
    *,
    epochs: int,
    watcher: Watcher,
    patience: int = 6,
    make_model: Callable[[VaeConfig], Vae] = build_vae,
) -> Weights:
    """Train, or go on training, in `folder`; return the weights of the best epoch."""
    model = fit_vae(
        config,
        material.training,
        material.validation,
        folder,
        epochs=epochs,
        watcher=watcher,
        patience=patience,
        make_model=make_model,
    )
    account = {"training_windows": len(material.training), "validation_windows": len(material.validation)}
    return weights_of(model, material.quantiles, account)


def weights_of(model: Vae, quantiles: dict[str, Floats], account: Mapping[str, object] | None = None) -> Weights:
    """The weights of a model as they stand."""
    return Weights(model.settings, arrays_of(model), quantiles, account or {})
