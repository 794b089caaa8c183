"""Archives of NumPy arrays that may come from anybody: read without pickle, and without believing what they say."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

_HEADER = re.compile(
    rb"\x93NUMPY[\x01-\x03]\0[\s\S]{2,4}?"
    rb"\{'descr': '([<|>]?[biuf]\d{1,2})', 'fortran_order': (True|False), 'shape': \(((?:\d{1,12},? ?){0,8})\), \} *\n"
)
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, KeyError, ValueError, EOFError, OSError,
    MemoryError, UnicodeDecodeError,
)  # fmt: skip


def read_members(data: bytes, *, most_bytes: int) -> dict[str, bytes]:
    """The parts of a zip archive by name.

    Raises `ValueError` for one that is damaged, encrypted, or unpacks to more than `most_bytes`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > most_bytes:
                raise ValueError(f"it unpacks to more than {most_bytes // 2**20} MiB")
            return {name: archive.read(name) for name in archive.namelist()}
    except _UNREADABLE as fault:
        raise ValueError(str(fault) or "the archive is cut short") from fault


def read_array(data: bytes) -> NDArray[Any]:
    """An array of numbers in NumPy's own form (.npy); `ValueError` for anything else.

    The header is matched and not evaluated, as NumPy would, and must promise as many bytes as there are.
    """
    match = _HEADER.match(data[:1000])
    if match is None:
        raise ValueError("an array has no header that can be read")
    try:
        kind = np.dtype(match[1].decode())
    except TypeError:
        raise ValueError("an array holds no numbers") from None
    shape = tuple(int(size) for size in re.findall(rb"\d+", match[3]))
    if prod(shape) * kind.itemsize != len(data) - match.end():
        raise ValueError("an array has not the size that it should have")
    flat = np.frombuffer(data, dtype=kind, offset=match.end())
    return flat.reshape(shape, order="F" if match[2] == b"True" else "C").copy()


def read_arrays(data: bytes, *, most_bytes: int) -> dict[str, NDArray[Any]]:
    """The arrays of a NumPy archive (.npz) by name; `ValueError` as `read_members` and `read_array` raise it."""
    members = read_members(data, most_bytes=most_bytes)
    return {name[:-4]: read_array(content) for name, content in members.items() if name.endswith(".npy")}
