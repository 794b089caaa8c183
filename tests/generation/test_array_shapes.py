"""Weights whose arrays are not those of their settings are refused in one line, whichever engine they are of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from musicedu.configs import kind_of
from musicedu.data import data_path
from musicedu.errors import FileProblem
from musicedu.generation.array_shapes import check_arrays
from musicedu.generation.markov import MarkovEngine
from musicedu.generation.numpy_gan import NumpyGan
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.generation.picture_engine import NumpyAutoencoder, NumpyDenseGan
from musicedu.weights import Weights, load_weights

SHIPPED = sorted(path for path in Path(data_path("models")).glob("*.npz") if path.stem != "chords")
ENGINES = {
    "vae": NumpyVae, "gan": NumpyGan, "markov": MarkovEngine, "autoencoder": NumpyAutoencoder,
    "dense_gan": NumpyDenseGan,
}  # fmt: skip


def engine_of(weights: Weights) -> object:
    return ENGINES[kind_of(weights.config).replace("-", "_")](weights)


@pytest.fixture(scope="module", params=SHIPPED, ids=lambda path: path.stem)
def weights(request: pytest.FixtureRequest) -> Weights:
    return load_weights(request.param)


def test_every_array_that_ships_is_asked_for_and_fits(weights: Weights) -> None:
    check_arrays(weights)
    engine_of(weights)


def test_a_missing_array_is_named(weights: Weights) -> None:
    for name in weights.arrays:
        others = {other: array for other, array in weights.arrays.items() if other != name}
        with pytest.raises(FileProblem, match=f"lack the array {name}"):
            engine_of(replace(weights, arrays=others))


def test_an_array_of_another_shape_or_without_numbers_is_refused(weights: Weights) -> None:
    for name, array in weights.arrays.items():
        spoiled = [array[..., None], array[:0]]
        spoiled += [np.full_like(array, np.nan)] if array.dtype.kind == "f" else [array[::-1]]
        for other in spoiled:
            if name.startswith(("contexts", "counts")) and other.ndim == 1 and len(other):
                continue  # counts in another order are counts too
            with pytest.raises(FileProblem, match=r"of the weights|fit together"):
                check_arrays(replace(weights, arrays={**weights.arrays, name: other}))


@pytest.mark.parametrize("value", [10**12, -1, 0, "many", None, 2.5])
def test_settings_that_make_no_network_are_refused(weights: Weights, value: object) -> None:
    size = "order" if kind_of(weights.config) == "markov" else "latent_dim"
    with pytest.raises(FileProblem):
        check_arrays(replace(weights, config=replace(weights.config, **{size: value})))
