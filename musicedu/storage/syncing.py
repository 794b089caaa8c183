"""Making sure that what was written is on the disk, not only on its way there."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

_AT_ONCE = 16  # a disk writes many files' records in one go if it is asked for them together


def sync_file(path: Path) -> None:
    """Wait until a file's content is on the disk; `OSError` where it cannot be, as some systems say only here."""
    with path.open("r+b") as written:
        os.fsync(written.fileno())


def sync_folder(path: Path) -> None:
    """Wait until a folder's names are on the disk, where the system can be asked for that (Windows cannot)."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sync_tree(path: Path) -> None:
    """Wait until all files and folders below `path`, and it, are on the disk."""
    below = sorted(path.rglob("*"))
    files = [one for one in below if one.is_file() and not one.is_symlink()]
    if len(files) > 1:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(sync_file, files))
    else:
        for file in files:
            sync_file(file)
    for folder in (*(one for one in below if one.is_dir() and not one.is_symlink()), path):
        sync_folder(folder)
