"""Trained weights on disk: plain arrays and the configuration they were trained with, in one file without pickle.

A file is a compressed NumPy archive with one array a weight (numbers with a fraction in half precision, whole numbers
as they are) and a head in JSON: the configuration, its kind, the rank tables and the training's account. A head without
a kind is of a VAE. `load_weights` treats a file as untrusted.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicedu.arrays import read_array, read_members
from musicedu.configs import KINDS, Config, kind_of
from musicedu.configs import VaeConfig as VaeConfig
from musicedu.errors import FileProblem

Array = NDArray[Any]
Floats = NDArray[np.float32]
PRIOR_MEAN, PRIOR_ROOT = "prior.mean", "prior.root"
"""Arrays of a plain autoencoder: the Gaussian that was fitted to its latents afterwards, with its covariance's root."""

_CONFIG = "config.json"
_UNNAMED_KIND, _WHOLE = "vae", "iu"
_LARGEST_BYTES = 64 * 2**20
_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, OSError, RecursionError)
"""What reading a truncated, damaged, encrypted or foreign archive may raise."""


def rank_in(table: Floats, values: float | Floats) -> NDArray[np.float64]:
    """Where values stand in a table of quantiles, from -1 (lowest) to 1 (highest); between its equals in the middle."""
    low, high = (np.searchsorted(table, values, side=side) for side in ("left", "right"))
    return np.asarray((low + high) / len(table) - 1)


@dataclass(frozen=True)
class Weights:
    """Trained arrays by name, their configuration, the rank tables of the attributes, and the training's account.

    arrays: float32, or whole numbers. quantiles: attribute name to its quantiles (101 values, 0 % to 100 %) over the
    training windows.
    """

    config: Config
    arrays: Mapping[str, Array]
    quantiles: Mapping[str, Floats]
    training: Mapping[str, Any]

    def rank(self, attribute: str, value: float) -> float:
        """Where a value stands among the training windows, from -1 (lowest) to 1 (highest)."""
        return float(rank_in(self.quantiles[attribute], value))


def render_weights(weights: Weights) -> bytes:
    """Write weights as the bytes of a file; the same weights give the same bytes."""
    kind = kind_of(weights.config)
    head = {
        **({} if kind == _UNNAMED_KIND else {"kind": kind}),
        "config": asdict(weights.config),
        "quantiles": {name: [round(float(v), 6) for v in table] for name, table in weights.quantiles.items()},
        "training": dict(weights.training),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(_CONFIG), json.dumps(head, indent=1, sort_keys=True))
        for name in sorted(weights.arrays):
            array = io.BytesIO()
            np.save(array, _stored(weights.arrays[name]), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), array.getvalue())
    return buffer.getvalue()


def load_weights(path: Path) -> Weights:
    """Read weights; `FileProblem` if the file is missing, truncated, too large or not a weights file."""
    name = path.stem.removesuffix("_quick")
    remedy = f"Install musicedu again, or train new weights: musicedu train {name if name in KINDS else _UNNAMED_KIND}"
    if not path.is_file():
        raise FileProblem("there are no weights here", where=str(path), remedy=remedy)
    try:
        members = read_members(path.read_bytes(), most_bytes=_LARGEST_BYTES)
        head = json.loads(members[_CONFIG])
        arrays = {name[:-4]: _array(content) for name, content in members.items() if name.endswith(".npy")}
        config = _config(KINDS[head.get("kind", _UNNAMED_KIND)], head["config"])
        with np.errstate(over="ignore"):
            quantiles = {name: np.asarray(table, dtype=np.float32) for name, table in head["quantiles"].items()}
        if any(table.ndim != 1 or not np.isfinite(table).all() for table in quantiles.values()):
            raise ValueError("a table of ranks is no row of numbers")
        return Weights(config, arrays, quantiles, head["training"])
    except _UNREADABLE as fault:
        raise FileProblem(f"the weights cannot be read ({fault})", where=str(path), remedy=remedy) from fault


def _config(kind: type[Config], settings: Mapping[str, Any]) -> Config:
    """The configuration of settings from JSON, where a tuple is a list; settings it does not know are left out."""
    known = {field.name for field in fields(kind)}
    values: Any = {name: tuple(v) if isinstance(v, list) else v for name, v in settings.items() if name in known}
    return kind(**values)


def _stored(array: Array) -> Array:
    return array if array.dtype.kind in _WHOLE else array.astype(np.float16)


def _array(data: bytes) -> Array:
    array: Array = read_array(data)
    if array.dtype.kind in _WHOLE:
        return array
    with np.errstate(invalid="ignore", over="ignore"):
        numbers = array.astype(np.float32)
    if not np.isfinite(numbers).all():
        raise ValueError("an array holds what is no number")
    return numbers
