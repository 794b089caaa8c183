"""One file: complete, or as it was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from musicedu.storage.faults import replacing, storage_faults
from musicedu.storage.syncing import sync_file, sync_folder
from musicedu.storage.unfinished import unfinished_in


@contextmanager
def atomic_file(path: str | Path) -> Iterator[Path]:
    """Give the block a path to write to; when it ends well, that file becomes `path` in one step.

    Parent folders are made. If the block fails or is interrupted, `path` is as it was and nothing else is left; what a
    killed process left in the folder is swept. Raises `StorageProblem` for an `OSError` in the block or the rename.
    """
    target = Path(path)
    # Beside the target, because a rename is atomic only within one file system.
    with storage_faults(target), unfinished_in(target.parent) as temporary:
        yield temporary
        sync_file(temporary)
        with replacing(target):
            os.replace(temporary, target)
        sync_folder(target.parent)


def write_atomically(path: str | Path, data: bytes) -> None:
    """Write `data` to `path`, completely or not at all. Raises `StorageProblem`."""
    with atomic_file(path) as temporary:
        temporary.write_bytes(data)
