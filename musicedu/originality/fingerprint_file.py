"""A fingerprint index on disk: one file of plain arrays after a short table of contents, without pickle.

Eight bytes of signature; the length and the checksum of all that follows them; the length of the contents; the contents
(JSON: names, and each array's type and size); the arrays, one after the other. Written completely or not at all.
"""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musicedu.errors import FileProblem
from musicedu.originality.constellation import (
    FARTHEST,
    HOP_LENGTH,
    LOWEST_PITCH,
    N_BANDS,
    N_FFT,
    RATIO_STEPS,
    SR,
    STARS_PER_SEC,
)
from musicedu.originality.fingerprint import FingerprintIndex
from musicedu.storage import write_atomically

_SIGNATURE = b"MEDUFP1\n"
_HEAD = struct.Struct("<QIQ")
_DTYPES = {
    "values": "<u4", "starts": "<u4", "recordings": "<u2", "frames": "<u2", "spans": "<u1",
    "star_starts": "<u4", "star_frames": "<u2", "star_bands": "<u1", "star_strengths": "<f2",
}  # fmt: skip
_SETTINGS = [SR, N_FFT, HOP_LENGTH, LOWEST_PITCH, N_BANDS, STARS_PER_SEC, FARTHEST, RATIO_STEPS]
_REMEDY = "Build the index again"


def save_index(index: FingerprintIndex, path: str | Path) -> None:
    """Write an index to a file, completely or not at all. Raises `StorageProblem`."""
    arrays = {name: np.ascontiguousarray(getattr(index, name), dtype=kind) for name, kind in _DTYPES.items()}
    contents = {
        "settings": _SETTINGS,
        "names": list(index.names),
        "sizes": {name: array.size for name, array in arrays.items()},
    }
    text = json.dumps(contents).encode()
    body = b"".join([text, *(array.tobytes() for array in arrays.values())])
    write_atomically(path, _SIGNATURE + _HEAD.pack(len(body), zlib.crc32(body), len(text)) + body)


def load_index(path: str | Path) -> FingerprintIndex:
    """Read an index; its arrays are views of the bytes of the file, so that loading costs little more than reading.

    Raises `FileProblem` for a file that is missing, no index, truncated, altered, or made with other settings.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise FileProblem("cannot be read", where=str(path), remedy="Give the file of a fingerprint index") from fault
    start = len(_SIGNATURE) + _HEAD.size
    if data[: len(_SIGNATURE)] != _SIGNATURE:
        raise FileProblem("is not a fingerprint index", where=str(path), remedy=_REMEDY)
    if len(data) < start:
        raise FileProblem("is truncated", where=str(path), remedy=_REMEDY)
    n_bytes, checksum, n_text = _HEAD.unpack_from(data, len(_SIGNATURE))
    body = memoryview(data)[start:]
    if len(body) < n_bytes:
        raise FileProblem(f"is truncated: {len(body)} of {n_bytes} bytes are left", where=str(path), remedy=_REMEDY)
    if len(body) != n_bytes or zlib.crc32(body) != checksum:
        raise FileProblem("is damaged", where=str(path), remedy=_REMEDY)
    try:
        return _index_in(body, n_text)
    except (ValueError, KeyError, TypeError) as fault:
        raise FileProblem("is not a fingerprint index of this version", where=str(path), remedy=_REMEDY) from fault


def _index_in(body: memoryview, n_text: int) -> FingerprintIndex:
    contents = json.loads(bytes(body[:n_text]))
    if contents["settings"] != _SETTINGS:
        raise ValueError("made with other settings")
    arrays: dict[str, NDArray[np.generic]] = {}
    position = n_text
    for name, kind in _DTYPES.items():
        arrays[name] = np.frombuffer(body, dtype=kind, count=contents["sizes"][name], offset=position)
        position += arrays[name].nbytes
    return FingerprintIndex(tuple(contents["names"]), **arrays)  # type: ignore[arg-type]
