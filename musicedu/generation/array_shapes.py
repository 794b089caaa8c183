"""Whether trained arrays are those that their configuration promises: weights are files, and files are untrusted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from musicedu.configs import AutoencoderConfig, Config, DenseGanConfig, GanConfig, MarkovConfig, VaeConfig
from musicedu.encoding.features import N_CONDITION, N_PLACE
from musicedu.encoding.step_grid import N_STEP_TOKENS
from musicedu.encoding.vocabulary import N_PITCHES, N_TOKENS, N_VALUES
from musicedu.errors import FileProblem
from musicedu.weights import PRIOR_MEAN, PRIOR_ROOT, Weights

Shape = tuple[int | None, ...]
Shapes = dict[str, Shape]
_REMEDY = "Install musicedu again, or train new weights with 'musicedu train'"
_MOST_ORDER = 16


def check_arrays(weights: Weights) -> None:
    """Raise `FileProblem` if an array is missing, has another shape than the configuration asks for, or no numbers."""
    config = weights.config
    try:
        expected = _SHAPES[type(config)](config)
        _refuse_sizes(config, expected)
    except (TypeError, ValueError, IndexError, OverflowError) as fault:
        raise FileProblem("the weights have settings that make no network", remedy=_REMEDY) from fault
    for name, shape in expected.items():
        array = weights.arrays.get(name)
        if array is None:
            raise FileProblem(f"the weights lack the array {name}", remedy=_REMEDY)
        if len(shape) != array.ndim or any(size not in (None, at) for size, at in zip(shape, array.shape, strict=True)):
            asked = " x ".join("any" if size is None else str(size) for size in shape)
            found = " x ".join(map(str, array.shape)) or "one number"
            raise FileProblem(f"the array {name} of the weights is {found} where {asked} is asked for", remedy=_REMEDY)
        if not np.isfinite(array).all():
            raise FileProblem(f"the array {name} of the weights holds what is no number", remedy=_REMEDY)
    if isinstance(config, MarkovConfig):
        _check_counts(weights, config.order)


def _refuse_sizes(config: Config, expected: Shapes) -> None:
    sizes = [size for shape in expected.values() for size in shape]
    if not isinstance(config, MarkovConfig) and any(type(size) is not int or size < 1 for size in sizes):
        raise ValueError("a layer without units")


def _check_counts(weights: Weights, order: int) -> None:
    """What follows is counted, in order, and leads to contexts that there are."""
    for length in range(order + 1):
        followers, counts = weights.arrays[f"followers_{length}"], weights.arrays[f"counts_{length}"]
        n_contexts = len(weights.arrays[f"contexts_{length}"]) if length else 1
        events = N_VALUES * N_TOKENS
        in_order = bool(np.all(followers[1:] > followers[:-1])) if len(followers) else False
        whole = followers.dtype.kind in "iu" and counts.dtype.kind in "iu"
        if not whole or len(followers) != len(counts) or not in_order or int(followers[-1]) >= n_contexts * events:
            raise FileProblem(f"the counts of order {length} of the weights do not fit together", remedy=_REMEDY)


def _with_biases(kernels: Shapes) -> Shapes:
    return {f"{name}.kernel": shape for name, shape in kernels.items()} | {
        f"{name}.bias": shape[-1:] for name, shape in kernels.items()
    }


def _vae_shapes(c: VaeConfig) -> Shapes:
    step = c.value_units + c.token_units + N_CONDITION + N_PLACE
    kernels: Shapes = {
        "convolution_0": (3, step, c.encoder_units),
        "convolution_1": (3, c.encoder_units, c.encoder_units),
        "convolution_2": (3, c.encoder_units, c.encoder_units),
        "posterior": (2 * c.encoder_units, 2 * c.latent_dim),
        "prior_hidden": (N_CONDITION, c.prior_units),
        "prior": (c.prior_units, 2 * c.latent_dim),
        "initial": (c.latent_dim + N_CONDITION, c.decoder_units),
        "value_logits": (c.decoder_units + N_PLACE, N_VALUES),
        "hidden": (c.decoder_units + N_PLACE + c.value_units, c.hidden_units),
        "pitch_logits": (c.hidden_units, N_TOKENS),
        "interval_logits": (c.hidden_units, 2 * (N_PITCHES - 1) + 1),
    }
    return _with_biases(kernels) | {
        "recurrent.kernel": (step + c.token_units + c.latent_dim, 3 * c.decoder_units),
        "recurrent.recurrent_kernel": (c.decoder_units, 3 * c.decoder_units),
        "recurrent.bias": (2, 3 * c.decoder_units),
        "value_embedding.embeddings": (N_VALUES + 1, c.value_units),
        "token_embedding.embeddings": (N_TOKENS + 1, c.token_units),
        "last_embedding.embeddings": (N_PITCHES, c.token_units),
    }


def _gan_shapes(c: GanConfig) -> Shapes:
    wide, middle, narrow = c.channels, c.channels * 3 // 4, c.channels // 2
    return _with_biases(
        {
            "start": (c.latent_dim + N_CONDITION, c.n_sixteenths // 4 * wide),
            "convolution_0": (5, wide + N_PLACE, wide),
            "convolution_1": (5, wide + N_PLACE, middle),
            "convolution_2": (5, middle + N_PLACE, narrow),
            "convolution_3": (5, narrow, narrow),
            "logits": (narrow + N_PLACE, N_STEP_TOKENS),
        }
    )


def _autoencoder_shapes(c: AutoencoderConfig) -> Shapes:
    beats, measures = c.units
    flat = c.n_sixteenths // 16 * measures
    kernels: Shapes = {
        "beats": (4, N_STEP_TOKENS, beats),
        "measures": (4, beats, measures),
        "latent": (flat, c.latent_dim if c.beta == 0 else 2 * c.latent_dim),
        "start": (c.latent_dim, flat),
    }
    shapes = _with_biases(kernels) | {
        "to_beats.kernel": (4, beats, measures),
        "to_beats.bias": (beats,),
        "to_steps.kernel": (4, N_STEP_TOKENS, beats),
        "to_steps.bias": (N_STEP_TOKENS,),
    }
    fitted = {PRIOR_MEAN: (c.latent_dim,), PRIOR_ROOT: (c.latent_dim, c.latent_dim)}
    return shapes | (fitted if c.beta == 0 else {})


def _dense_gan_shapes(c: DenseGanConfig) -> Shapes:
    sizes = [c.latent_dim, *c.generator_units]
    kernels: Shapes = {f"dense_{at}": (sizes[at], sizes[at + 1]) for at in range(len(sizes) - 1)}
    return _with_biases(kernels | {"dense_steps": (sizes[-1], c.n_sixteenths * N_STEP_TOKENS)})


def _markov_shapes(c: MarkovConfig) -> Shapes:
    if not 1 <= c.order <= _MOST_ORDER:
        raise ValueError(f"order {c.order}")
    lengths = range(c.order + 1)
    shapes: Shapes = {f"{name}_{length}": (None,) for length in lengths for name in ("followers", "counts")}
    return shapes | {f"contexts_{length}": (None,) for length in lengths if length}


_SHAPES: dict[type[Config], Callable[[Any], Shapes]] = {
    VaeConfig: _vae_shapes,
    GanConfig: _gan_shapes,
    AutoencoderConfig: _autoencoder_shapes,
    DenseGanConfig: _dense_gan_shapes,
    MarkovConfig: _markov_shapes,
}
