"""The disk as the operating system gives it: what it means when it refuses, and what to do about it.

Then, making sure that what was written is on the disk, not only on its way there; and the user's folder for files that
can be made again.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from musicedu.errors import StorageProblem

_FAULTS = {
    errno.ENOSPC: ("no space is left on the disk", "Free some space, or choose a folder on another disk"),
    errno.EDQUOT: ("your disk quota is used up", "Free some space, or choose a folder on another disk"),
    errno.EROFS: ("the disk is read-only", "Choose a folder that you may write to"),
    errno.EACCES: ("you may not write here", "Choose a folder that you may write to"),
    errno.EPERM: ("you may not write here", "Choose a folder that you may write to"),
    errno.ENOTDIR: ("a file stands where a folder is needed", "Choose another folder"),
    errno.EEXIST: ("a file stands where a folder is needed", "Choose another folder"),
    errno.EISDIR: ("a folder stands where a file is needed", "Choose another name"),
    errno.ENAMETOOLONG: ("the name is too long for this disk", "Choose a shorter name"),
}
_IN_USE = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY)
_AT_ONCE = 16  # a disk writes many files' records in one go if it is asked for them together


@contextmanager
def storage_faults(where: Path) -> Iterator[None]:
    """Turn any `OSError` in the block into a `StorageProblem` about `where`."""
    try:
        yield
    except OSError as fault:
        reason = fault.strerror or str(fault)
        problem, remedy = _FAULTS.get(fault.errno or 0, (reason.lower(), "Choose another folder"))
        raise StorageProblem(problem, where=str(where), remedy=remedy) from fault


@contextmanager
def replacing(goal: Path) -> Iterator[None]:
    """Say of an `OSError` in the block that this one file could not be replaced, and that all is as it was."""
    try:
        with storage_faults(goal):
            yield
    except StorageProblem as problem:
        fault = problem.__cause__
        if isinstance(fault, OSError) and fault.errno in _IN_USE and goal.exists():
            raise StorageProblem(
                "this file cannot be replaced (it is open in another program, or protected), so nothing was changed",
                where=str(goal),
                remedy="Close it there and try again, or choose another folder",
            ) from fault
        raise


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
