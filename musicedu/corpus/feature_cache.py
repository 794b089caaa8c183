"""Features that were computed once, kept by the content of the file they describe.

One small file of JSON for each content, under its hash: written completely or not at all, the moment it is known, so
that a run that was killed goes on where it was. A file that was renamed or copied is known again; one that was changed
is not. What is damaged, or of another version of the features, counts as missing.
"""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

from musicedu.audio.summary import FEATURES, SUMMARY_VERSION
from musicedu.errors import FileProblem
from musicedu.storage import cache_folder, write_atomically

_CHUNK = 1 << 20


def content_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes, as 64 hexadecimal digits; `FileProblem` where it cannot be read."""
    digest = hashlib.sha256()
    try:
        if path.is_dir():
            raise FileProblem("is a folder", where=str(path), remedy="Name the sound files in it")
        if not path.is_file():  # a device or a pipe would never end
            problem = "is no ordinary file" if path.exists() else "there is no such file"
            raise FileProblem(problem, where=str(path))
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except (OSError, ValueError) as fault:  # ValueError: a null byte in the path
        raise FileProblem(f"cannot be read ({fault})", where=str(path)) from None
    return digest.hexdigest()


class FeatureCache:
    """Features by content hash, for one sample rate in hertz; `folder` is in the user's cache folder by default."""

    def __init__(self, sr: int, folder: Path | None = None) -> None:
        self.folder = (folder or cache_folder("features")) / f"v{SUMMARY_VERSION}-{sr}"

    def get(self, content: str) -> dict[str, float] | None:
        """What is known of a content, None if nothing is."""
        try:
            values = json.loads(self._path(content).read_bytes())
        except (OSError, ValueError):
            return None
        return values if _is_complete(values) else None

    def put(self, content: str, values: dict[str, float]) -> None:
        """Keep the features of a content; `StorageProblem` where the disk refuses."""
        write_atomically(self._path(content), json.dumps(values).encode())

    def _path(self, content: str) -> Path:
        return self.folder / content[:2] / f"{content[2:]}.json"


def _is_complete(values: object) -> bool:
    if not isinstance(values, dict) or list(values) != list(FEATURES):
        return False
    return all(isinstance(value, float | int) and math.isfinite(value) for value in values.values())
