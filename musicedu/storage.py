"""Writing to disk: all of it or nothing, and one line that says what to do when the disk refuses."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

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
"""What each refusal of the operating system means, and what to do about it."""


@contextmanager
def storage_faults(where: Path) -> Iterator[None]:
    """Turn any `OSError` in the block into a `StorageProblem` about `where`."""
    try:
        yield
    except OSError as fault:
        reason = fault.strerror or str(fault)
        problem, remedy = _FAULTS.get(fault.errno or 0, (reason.lower(), "Choose another folder"))
        raise StorageProblem(problem, where=str(where), remedy=remedy) from fault


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


def _unfinished(path: Path) -> Path:
    # Beside the target, because a rename is atomic only within one file system.
    return path.with_name(f".{path.name[:60]}.{uuid4().hex[:12]}.partial")


@contextmanager
def atomic_file(path: str | Path) -> Iterator[Path]:
    """Give the block a path to write to; when it ends well, that file becomes `path` in one step.

    Parent folders are made. If the block fails or is interrupted, `path` is as it was and nothing else is left.
    Raises `StorageProblem` for an `OSError` in the block or the rename.
    """
    target = Path(path)
    temporary = _unfinished(target)
    try:
        with storage_faults(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
            with temporary.open("r+b") as written:
                os.fsync(written.fileno())  # some file systems report a full disk only here
            os.replace(temporary, target)
    finally:
        with suppress(OSError):  # there may be nothing to remove, or no folder it could be in
            temporary.unlink()


def write_atomically(path: str | Path, data: bytes) -> None:
    """Write `data` to `path`, completely or not at all. Raises `StorageProblem`."""
    with atomic_file(path) as temporary:
        temporary.write_bytes(data)


@contextmanager
def atomic_folder(path: str | Path) -> Iterator[Path]:
    """Give the block an empty folder to fill; when it ends well, its files appear in `path` together.

    If `path` exists, files of the same name are replaced and all others stay. If the block fails or is interrupted,
    `path` is as it was and nothing else is left. Raises `StorageProblem` for an `OSError` in the block or the move.
    """
    target = Path(path)
    # Inside a folder that is there: "." has no name to put one beside, and its parent may be closed to us.
    temporary = _unfinished(target / "new" if target.is_dir() else target)
    try:
        with storage_faults(target):
            temporary.mkdir(parents=True)
            yield temporary
            if target.exists():
                _merge(temporary, target)
            else:
                os.replace(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _merge(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        if not path.is_dir():
            goal = target / path.relative_to(source)
            goal.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, goal)
