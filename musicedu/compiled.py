"""Where numba keeps the functions it has compiled: a folder for each process, so that no two ever write to one.

numba itself keeps them in one place for all. Two processes that compile a function of librosa for the first time choose
the same file for different things, and whoever loads it afterwards ends in a segmentation fault. Here each process
begins with what earlier ones have compiled, and what it compiles it hands on whole when it ends.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.util import Finalize
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from musicedu.errors import StorageProblem
from musicedu.storage import cache_folder

# A function, and the loop around it (`guf-`), know each other by a name that another process does not give.
_COMPILED = re.compile(r"(?:guf-)?(?P<function>.+)\.(?:nbi|\d+\.nbc)")
_OWN = re.compile(r"own-(?P<pid>\d+)-[0-9a-f]+")
_KEPT = "kept-*"
_FORGOTTEN_SEC = 7 * 24 * 3600
_forked = False


def compiled_home() -> Path:
    """The folder that holds the folders: in the one that `NUMBA_CACHE_DIR` names, or in the cache folder.

    Raises `StorageProblem` where it cannot be made.
    """
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if not chosen:
        return cache_folder("compiled")
    home = Path(chosen) / "musicedu"
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise StorageProblem("the folder of compiled functions cannot be made", where=str(home)) from fault
    return home


def own_folder() -> Path:
    """Make a folder of this process's own, with all that is compiled already; it is handed on when the process ends."""
    try:
        home = compiled_home()
        _sweep(home)
        own = home / f"own-{os.getpid()}-{uuid4().hex[:8]}"
        own.mkdir()
    except (OSError, StorageProblem):  # nowhere to keep anything: for this process alone
        own = Path(mkdtemp(prefix="musicedu-compiled-"))
        Finalize(None, shutil.rmtree, args=(own, True), exitpriority=1)
        return own
    for kept in _kept(home):
        add_missing(kept, own)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_note_fork)
    Finalize(None, hand_on, args=(own, home, _names(own)), exitpriority=1)
    return own


def hand_on(own: Path, home: Path, before: frozenset[Path]) -> None:
    """Leave to later processes what is new since `before`; one step gives it its name, so it is whole or not there."""
    try:
        # Children that were forked have written to the same folder: such a one is not handed on.
        if not _forked and _names(own) - before:
            older = _kept(home)
            for kept in older:
                add_missing(kept, own)
            own.rename(home / f"kept-{uuid4().hex[:12]}")
            for kept in older:
                shutil.rmtree(kept, ignore_errors=True)
    except OSError:  # it is only a comfort
        pass
    shutil.rmtree(own, ignore_errors=True)


def add_missing(kept: Path, own: Path) -> None:
    """Add the functions of a folder that another lacks, each of them whole: its index, its code, its loop."""
    there = {_function(name) for name in _names(own)}
    for name in sorted(_names(kept)):
        if _function(name) not in there:
            (own / name.parent).mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # it has just been handed on by another process
                _share(kept / name, own / name)


def has_compiled(folder: Path) -> bool:
    """Whether any compiled function is kept below a folder."""
    return any(True for _ in _compiled_below(folder))


def forget_compiled(folder: Path) -> int:
    """Delete every compiled function below a folder; returns how many files that were."""
    names = _names(folder)
    for name in names:
        (folder / name).unlink(missing_ok=True)
    return len(names)


def _share(kept: Path, own: Path) -> None:
    try:
        os.link(kept, own)  # numba replaces files, and never writes into one
    except FileNotFoundError:
        raise
    except (OSError, NotImplementedError):
        shutil.copyfile(kept, own)


def _kept(home: Path) -> list[Path]:
    """What was handed on, the newest first."""
    return sorted(home.glob(_KEPT), key=_age_sec)


def _sweep(home: Path) -> None:
    for path in home.iterdir():
        match = _OWN.fullmatch(path.name)
        if match and not _may_run(int(match["pid"]), path):
            shutil.rmtree(path, ignore_errors=True)


def _may_run(pid: int, path: Path) -> bool:
    if os.name != "posix":
        return _age_sec(path) < _FORGOTTEN_SEC
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _age_sec(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _names(folder: Path) -> frozenset[Path]:
    return frozenset(_compiled_below(folder))


def _compiled_below(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        for name in names:
            if _COMPILED.fullmatch(name):
                yield (Path(root) / name).relative_to(folder)


def _function(name: Path) -> Path:
    match = _COMPILED.fullmatch(name.name)
    return name.parent / (match["function"] if match else name.name)


def _note_fork() -> None:
    global _forked
    _forked = True
