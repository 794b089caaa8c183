"""The user's folder for files that can be made again."""

from __future__ import annotations

import os
from pathlib import Path

from musicedu.storage.faults import storage_faults


def cache_folder(*parts: str) -> Path:
    """Return a folder for files that can be made again, and create it.

    It is the user's cache directory (`~/.cache/musicedu` on Linux), or the folder that the environment variable
    `MUSICEDU_CACHE` names. Raises `StorageProblem` where it cannot be made.
    """
    chosen = os.environ.get("MUSICEDU_CACHE")
    if chosen:
        root = Path(chosen).expanduser()
    else:
        from platformdirs import user_cache_path

        root = user_cache_path("musicedu", appauthor=False)
    folder = root.joinpath(*parts)
    with storage_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder
