"""Trained weights on disk: plain arrays and the configuration they were trained with, in one file without pickle.

A file is a compressed NumPy archive with one array a weight (stored in half precision) and the configuration as JSON;
`load_weights` treats it as untrusted.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicedu.errors import FileProblem

Floats = NDArray[np.float32]
_CONFIG = "config.json"
_LARGEST_BYTES = 64 * 2**20
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, ValueError, TypeError, AttributeError, EOFError, OSError,
    MemoryError,
)  # fmt: skip
"""What reading a truncated, damaged, encrypted or foreign archive may raise."""


@dataclass(frozen=True, slots=True)
class VaeConfig:
    """Everything that makes a conditional VAE what it is; saved with its weights.

    Sizes are units; `beta` weighs the KL term after `warmup_steps`; `free_nats` is the KL a latent may keep for
    nothing; `event_dropout` is the share of past events hidden from the decoder in training.
    """

    latent_dim: int = 32
    encoder_units: int = 128
    decoder_units: int = 256
    value_units: int = 16
    token_units: int = 32
    hidden_units: int = 96
    prior_units: int = 64
    beta: float = 0.2
    free_nats: float = 0.05
    warmup_steps: int = 2000
    event_dropout: float = 0.15
    learning_rate: float = 1.5e-3
    batch_size: int = 128
    max_events: int = 48
    seed: int = 1
    include_non_commercial: bool = False


def rank_in(table: Floats, values: float | Floats) -> NDArray[np.float64]:
    """Where values stand in a table of quantiles, from -1 (lowest) to 1 (highest); between its equals in the middle."""
    low, high = (np.searchsorted(table, values, side=side) for side in ("left", "right"))
    return np.asarray((low + high) / len(table) - 1)


@dataclass(frozen=True)
class Weights:
    """Trained arrays by name, their configuration, the rank tables of the attributes, and the training's account.

    quantiles: attribute name to its quantiles (101 values, 0 % to 100 %) over the training windows.
    """

    config: VaeConfig
    arrays: Mapping[str, Floats]
    quantiles: Mapping[str, Floats]
    training: Mapping[str, Any]

    def rank(self, attribute: str, value: float) -> float:
        """Where a value stands among the training windows, from -1 (lowest) to 1 (highest)."""
        return float(rank_in(self.quantiles[attribute], value))


def render_weights(weights: Weights) -> bytes:
    """Write weights as the bytes of a file; the same weights give the same bytes."""
    head = {
        "config": asdict(weights.config),
        "quantiles": {name: [round(float(v), 6) for v in table] for name, table in weights.quantiles.items()},
        "training": dict(weights.training),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(_CONFIG), json.dumps(head, indent=1, sort_keys=True))
        for name in sorted(weights.arrays):
            array = io.BytesIO()
            np.save(array, weights.arrays[name].astype(np.float16), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), array.getvalue())
    return buffer.getvalue()


def load_weights(path: Path) -> Weights:
    """Read weights; `FileProblem` if the file is missing, truncated, too large or not a weights file."""
    remedy = "Install musicedu again, or train new weights: musicedu train vae"
    if not path.is_file():
        raise FileProblem("there are no weights here", where=str(path), remedy=remedy)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST_BYTES:
                raise FileProblem("the file is too large to be weights", where=str(path), remedy=remedy)
            head = json.loads(archive.read(_CONFIG))
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            arrays = {name[:-4]: _array(archive.read(name)) for name in names}
        known = {field.name for field in fields(VaeConfig)}
        config = VaeConfig(**{name: value for name, value in head["config"].items() if name in known})
        quantiles = {name: np.asarray(table, dtype=np.float32) for name, table in head["quantiles"].items()}
        return Weights(config, arrays, quantiles, head["training"])
    except _UNREADABLE as fault:
        raise FileProblem(f"the weights cannot be read ({fault})", where=str(path), remedy=remedy) from fault


def _array(data: bytes) -> Floats:
    array: Floats = np.load(io.BytesIO(data), allow_pickle=False).astype(np.float32)
    return array
