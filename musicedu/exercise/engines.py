"""The engines that come with the package, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from musicedu.configs import kind_of
from musicedu.data import data_path
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.errors import FileProblem, unknown_name
from musicedu.exercise.wishable import ENGINES
from musicedu.generation.engine import Engine
from musicedu.generation.markov import MarkovEngine
from musicedu.generation.numpy_gan import NumpyGan
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.weights import Weights, load_weights

_MADE_OF: dict[str, Callable[[Weights], Engine]] = {"vae": NumpyVae, "gan": NumpyGan, "markov": MarkovEngine}


def shipped_engine(name: str = ENGINES[0]) -> Engine:
    """The engine of a name; `UnknownName` if there is none, `FileProblem` if its weights are not there."""
    return _loaded(name)  # once, whether the first engine is named or not


@lru_cache(maxsize=len(ENGINES))
def _loaded(name: str) -> Engine:
    if name not in ENGINES:
        raise unknown_name("engine", name, ENGINES)
    path = data_path("models") / f"{name}.npz"
    weights = load_weights(path)
    if name not in _MADE_OF or kind_of(weights.config) != name:
        raise FileProblem(
            f"these are not weights of the engine {name}", where=str(path), remedy="Choose another engine"
        )
    lacking = [attribute for attribute in CONDITION_ATTRIBUTES if len(weights.quantiles.get(attribute, ())) < 2]
    if lacking:
        raise FileProblem(
            f"the weights do not say what is usual of {', '.join(lacking)}",
            where=str(path),
            remedy=f"Install musicedu again, or train new weights: musicedu train {name}",
        )
    return _MADE_OF[name](weights)
