"""Files written: one complete, or as it was; many in one folder, all of them new, or all as they were.

Unfinished work stands beside its goal under a name that says which process on which machine makes it. Whoever writes
into the same folder next removes what a dead process left: of a process on this machine at once, of another's after a
day.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from musicedu.storage.disk import replacing, storage_faults, sync_file, sync_folder, sync_tree
from musicedu.storage.merging import NEW, merge, roll_back

_NAME = re.compile(r"\.musicedu-(?P<machine>[0-9a-f]{8})-(?P<process>[0-9]{1,10})-[0-9a-f]{12}\.partial")
_FORMER_NAME = re.compile(r"\..{1,60}\.[0-9a-f]{12}\.partial", re.DOTALL)  # of version 0.1: it names no process
_OLD_SEC = 24 * 3600.0
_mine: set[str] = set()
"""What this process makes now, by name; anything else under its number is of one that had the number before."""


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


@contextmanager
def unfinished_in(folder: Path) -> Iterator[Path]:
    """A path in `folder` for unfinished work, as yet free; whatever stands there afterwards is removed.

    The folder is made if need be, and unmade if nothing came of it. What dead processes left there is swept before.
    Where the work could be neither finished nor undone, it stays for the next sweep.
    """
    made = made_folders(folder)
    work = folder / f".musicedu-{_machine()}-{os.getpid()}-{uuid4().hex[:12]}.partial"
    _mine.add(work.name)
    try:
        sweep(folder)
        yield work
    finally:
        _mine.discard(work.name)
        discard(work)
        for made_folder in made:
            with suppress(OSError):  # something came to stand in it
                made_folder.rmdir()


def made_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; which were made, the lowest first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except BaseException:
        for one in missing:
            with suppress(OSError):
                one.rmdir()
        raise
    return missing


def discard(work: Path) -> None:
    """Remove unfinished work; if it had begun to replace files, put the old ones back first."""
    try:
        _undo(work)
    except (OSError, ValueError):  # a disk may refuse once; else it stays for the next sweep
        with suppress(OSError, ValueError):
            _undo(work)
    except BaseException:  # interrupted
        with suppress(OSError, ValueError):
            _undo(work)
        raise


def _undo(work: Path) -> None:
    if work.is_dir() and not work.is_symlink():
        roll_back(work)
        shutil.rmtree(work)
    else:
        work.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what dead processes left unfinished in a folder."""
    with suppress(OSError):
        names = [entry.name for entry in os.scandir(folder) if entry.name.endswith(".partial")]
        for name in names:
            if _is_left_over(folder / name):
                discard(folder / name)


def _is_left_over(work: Path) -> bool:
    found = _NAME.fullmatch(work.name)
    if found is None and not _FORMER_NAME.fullmatch(work.name):
        return False
    if found is not None and found["machine"] == _machine():
        process = int(found["process"])
        if process == os.getpid():
            return work.name not in _mine
        if not _is_running(process):
            return True
    with suppress(OSError):
        return time.time() - work.stat().st_mtime > _OLD_SEC
    return False


@lru_cache(maxsize=1)
def _machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _is_running(process: int) -> bool:
    if sys.platform == "win32":  # there, `os.kill` would end it
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x00100000, False, process)  # to wait for it
        if not handle:
            return bool(kernel.GetLastError() == 5)  # there is one, closed to us
        still = bool(kernel.WaitForSingleObject(handle, 0) == 0x102)  # timed out: it has not ended
        kernel.CloseHandle(handle)
        return still
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    with suppress(OSError, IndexError):  # killed, and nobody asked for its exit code yet
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True
