"""A workspace of the student's own: the lessons laid out in a folder, and JupyterLab opened on it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

from musicedu.course.laid_out import RECORD, Changed, Shipped, Standing, carry_out, look, plan, recover, seal
from musicedu.errors import FileProblem, StorageProblem
from musicedu.storage import storage_faults, write_atomically

_N_LOOKS = 10


@dataclass(frozen=True, slots=True)
class Workspace:
    """What `lay_out_workspace` did: the names of the lessons that are new, brought up to date, or put beside."""

    folder: Path
    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """What to tell the student, a sentence each."""
        said = []
        if self.new:
            said.append(f"New in {self.folder}: {', '.join(self.new)}.")
        if self.updated:
            said.append(f"Brought up to date: {', '.join(self.updated)}.")
        if self.beside:
            said.append(f"Your work is kept; newer versions stand beside it: {', '.join(self.beside)}.")
        return tuple(said) or (f"All lessons in {self.folder} are up to date.",)


def default_workspace() -> Path:
    """Where the lessons are laid out if no folder is named: `musicedu-lessons` in the home folder.

    Raises `StorageProblem` where there is no such folder.
    """
    try:
        return Path.home() / "musicedu-lessons"
    except RuntimeError as fault:
        remedy = "Name a folder for your lessons: `musicedu lab FOLDER`"
        raise StorageProblem("you have no home folder here", remedy=remedy) from fault


def lay_out_workspace(folder: str | Path, *, lessons: str | Path | None = None) -> Workspace:
    """Copy the students' lessons into `folder` without touching a student's work, and say what is new.

    `lessons` is where they are copied from, by default those that travel with the package. The copies are marked as
    trusted, so that their players work before the first run. Raises `StorageProblem` where the folder cannot be
    written, `FileProblem` where the lessons are missing.
    """
    folder, source = Path(folder).expanduser().resolve(), Path(lessons) if lessons else notebooks_folder()
    paths = sorted(source.glob("*.ipynb"))
    if not paths:
        raise FileProblem("no lesson was found", where=str(source), remedy="Run 'musicedu course build' first")
    with storage_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if folder == source.resolve():  # the lessons themselves, as in a checkout
        return Workspace(folder, kept=tuple(path.name for path in paths))
    offered = _load_record(folder)
    done: dict[str, list[str]] = {"new": [], "updated": [], "beside": [], "kept": []}
    with storage_faults(folder):
        recover(folder)
        for path in paths:
            lesson = seal(path.name, path.read_bytes())
            how, name = _lay_out(lesson, folder, offered.get(lesson.name))
            done["kept" if how == "renewed" else how].append(name)
            offered[lesson.name] = lesson.seal
    write_atomically(folder / RECORD, json.dumps(offered, indent=1, sort_keys=True).encode() + b"\n")
    _trust([folder / name for how in ("new", "updated", "beside") for name in done[how]])
    return Workspace(folder, **{how: tuple(names) for how, names in done.items()})


def _lay_out(lesson: Shipped, folder: Path, offered: str | None) -> tuple[str, str]:
    """Lay out one lesson; returns what was done and the name it stands under."""
    for _ in range(_N_LOOKS):
        seen: dict[str, Standing | None] = {}

        def there(name: str, seen: dict[str, Standing | None] = seen) -> Standing | None:
            return seen.setdefault(name, look(folder / name))

        action = plan(lesson, there, offered)
        if action.how == "kept":
            return action.how, action.name
        try:
            carry_out(action, lesson, folder, seen[action.name])
        except (Changed, FileNotFoundError):  # a student who saves, or a second `musicedu lab`
            continue
        return action.how, action.name
    raise StorageProblem(
        "another program keeps writing this file", where=str(folder / lesson.name), remedy="Close it, then try again"
    )


def _trust(paths: Sequence[Path]) -> None:
    try:
        notary = NotebookNotary()
        with closing(notary.store):
            for path in paths:
                notary.sign(nbformat.read(path, as_version=4))
    except Exception as fault:  # trust is a comfort: without it the players work after the first run
        print(f"The lessons cannot be marked as trusted ({fault}): run a cell to see its player.", file=sys.stderr)


def _load_record(folder: Path) -> dict[str, str]:
    try:
        noted = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {str(name): str(seal) for name, seal in noted.items()} if isinstance(noted, dict) else {}


def notebooks_folder() -> Path:
    """The folder of the built lessons: `notebooks/` of a checkout, `musicedu/_notebooks` of an install."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_notebooks", package.parent / "notebooks"):
        if folder.is_dir():
            return folder
    raise FileProblem("the lessons of musicedu are missing", where=str(package), remedy="Install musicedu again")
