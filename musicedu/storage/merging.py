"""Moving new files into a folder that exists, so that all of them are there or none.

In the unfinished work stand `new` with the new files, `old` with a second name (or a copy) of each that they replace,
and while they are moved `journal.json`, the list of them. As long as the journal stands, the old state can be had
again, from this process or from the next one: a new file that is no longer in `new` has been moved, and is taken back.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from musicedu.storage.disk import replacing, storage_faults, sync_file, sync_folder

NEW, OLD, JOURNAL = "new", "old", "journal.json"
_PARTS = ("replaced", "added", "folders")


def merge(work: Path, target: Path) -> None:
    """Move all files of `work/new` into `target`, those of the same name replaced; all of them or none.

    Raises `StorageProblem` that names the file that could not be replaced; then, and on any other exception, the files
    of `target` are what they were.
    """
    new = work / NEW
    files = sorted(path.relative_to(new) for path in new.rglob("*") if path.is_symlink() or not path.is_dir())
    folders = sorted({folder for file in files for folder in file.parents if folder.name}, key=lambda one: one.parts)
    with _alone(target):
        _refuse_what_is_in_the_way(target, files, folders)
        made = [folder for folder in folders if not (target / folder).is_dir()]
        kept = [file for file in files if os.path.lexists(target / file)]
        for file in kept:
            with replacing(target / file):
                _keep(target / file, work / OLD / file)
        place = [] if work.parent == target else [target.name]
        parts = (kept, set(files) - set(kept), made)
        journal = {"target": place, **dict(zip(_PARTS, map(_texts, parts), strict=True))}
        _write_journal(work, journal)
        try:
            for folder in made:
                with storage_faults(target / folder):
                    (target / folder).mkdir()
            for file in files:
                with replacing(target / file):
                    os.replace(new / file, target / file)
            for folder in (Path(), *folders):
                sync_folder(target / folder)
            (work / JOURNAL).unlink()  # from here on all is new
        except BaseException:
            with suppress(OSError):  # then it is tried again before the work is removed
                roll_back(work)
            raise


def roll_back(work: Path) -> None:
    """Put the files that `work` began to replace back as they were; nothing if it did not begin.

    It may be interrupted and done again. `ValueError` for a journal that is none.
    """
    try:
        journal = json.loads((work / JOURNAL).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    if not isinstance(journal, dict):
        raise ValueError("the journal of unfinished work must be an object")
    place, replaced, added, folders = (_inside(journal.get(key, [])) for key in ("target", *_PARTS))
    target = work.parent.joinpath(*place)
    for file in replaced:
        if not os.path.lexists(work / NEW / file) and os.path.lexists(work / OLD / file):
            os.replace(work / OLD / file, target / file)
    for file in added:
        if not os.path.lexists(work / NEW / file):
            (target / file).unlink(missing_ok=True)
    for folder in reversed(folders):
        with suppress(OSError):  # not made yet, or somebody else's file stands in it
            (target / folder).rmdir()
    sync_folder(target)
    (work / JOURNAL).unlink()


def _inside(names: object) -> list[Path]:
    """Paths from a journal, none of which leads out of the folder."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("the journal of unfinished work must list names")
    paths = [Path(name) for name in names]
    if any(path.is_absolute() or path.drive or ".." in path.parts for path in paths):
        raise ValueError("the journal of unfinished work names a path outside its folder")
    return paths


def _texts(paths: Iterable[Path]) -> list[str]:
    return sorted(path.as_posix() for path in paths)


def _refuse_what_is_in_the_way(target: Path, files: list[Path], folders: list[Path]) -> None:
    for folder in folders:
        with storage_faults(target / folder):
            if os.path.lexists(target / folder) and not (target / folder).is_dir():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    for file in files:
        with storage_faults(target / file):
            if (target / file).is_dir() and not (target / file).is_symlink():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))


def _keep(file: Path, kept: Path) -> None:
    """Give a file a second name, so that it is never missing, not even for a moment; else copy it."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, kept, follow_symlinks=False)
    except (OSError, NotImplementedError):  # not every disk can
        with suppress(FileNotFoundError):
            kept.unlink()
        shutil.copy2(file, kept, follow_symlinks=False)
        if not kept.is_symlink():
            sync_file(kept)


def _write_journal(work: Path, journal: dict[str, list[str]]) -> None:
    begun = work / f"{JOURNAL}.begun"
    with storage_faults(work):
        begun.write_text(json.dumps(journal), encoding="utf-8")
        sync_file(begun)
        os.replace(begun, work / JOURNAL)
        sync_folder(work)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process of ours moves files into a folder, where the system can say so."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # Windows
        yield
        return
    try:
        with suppress(OSError):  # some network drives
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
