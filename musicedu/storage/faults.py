"""What the operating system means when it refuses, and what to do about it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
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
