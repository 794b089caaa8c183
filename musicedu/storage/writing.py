"""Files written: one complete, or as it was; many in one folder, all of them new, or all as they were."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from musicedu.storage.disk import replacing, storage_faults, sync_file, sync_folder, sync_tree
from musicedu.storage.merging import NEW, merge
from musicedu.storage.unfinished import sweep, unfinished_in


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


@contextmanager
def atomic_folder(path: str | Path) -> Iterator[Path]:
    """Give the block an empty folder to fill; when it ends well, its files appear in `path` together.

    If `path` exists, files of the same name are replaced and all others stay. If the block fails or is interrupted, or
    one file cannot be replaced, `path` is as it was and nothing else is left; after a kill in the midst of replacing,
    whoever writes into `path` next puts it back as it was. Raises `StorageProblem` for an `OSError` in the block or
    the move.
    """
    target = Path(path)
    exists = target.is_dir()
    # Inside a folder that is there: "." has no name to put one beside, and its parent may be closed to us.
    home = target if exists else target.parent
    with storage_faults(target), unfinished_in(home) as work:
        if exists:
            sweep(target.parent)  # what a kill left that would have made it
        new = work / NEW
        new.mkdir(parents=True)
        yield new
        sync_tree(new)
        if target.is_dir():
            if not exists:
                sweep(target)
            merge(work, target)
        else:
            os.replace(new, target)
            sync_folder(home)
