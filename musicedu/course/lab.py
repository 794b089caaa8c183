"""A workspace of the student's own: the lessons laid out in a folder, and JupyterLab opened on it.

What a student wrote is never overwritten. A note of what was laid out (`.musicedu-lessons.json`) tells a lesson that
is as it was, and may be brought up to date, from one that has been worked on, beside which the newer one is put.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

from musicedu.course.places import notebooks_folder
from musicedu.errors import FileProblem
from musicedu.storage import storage_faults, write_atomically

RECORD = ".musicedu-lessons.json"
LAB_OPTIONS = (
    # Nothing is asked of the network: no news, no look for a newer JupyterLab.
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)


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
    """Where the lessons are laid out if no folder is named: `musicedu-lessons` in the home folder."""
    return Path.home() / "musicedu-lessons"


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
    record = _load_record(folder)
    done: dict[str, list[str]] = {"new": [], "updated": [], "beside": [], "kept": []}
    for path in paths:
        how, name = _lay_out(path, folder, record)
        done[how].append(name)
    write_atomically(folder / RECORD, json.dumps(record, indent=1, sort_keys=True).encode() + b"\n")
    return Workspace(folder, **{how: tuple(names) for how, names in done.items()})


def start_lab(folder: str | Path, *, open_browser: bool = True, options: Sequence[str] = ()) -> int:
    """Run JupyterLab on a workspace until it is closed; returns its exit code. `options` are passed on to it."""
    command = [sys.executable, "-m", "jupyterlab", str(folder), *LAB_OPTIONS, *options]
    if not open_browser:
        command.append("--no-browser")
    # Lessons run in this very installation, whatever kernel of the same name the user may have elsewhere.
    environment = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}
    return subprocess.run(command, env=environment, check=False).returncode


def _lay_out(path: Path, folder: Path, record: dict[str, str]) -> tuple[str, str]:
    """Lay out one lesson; returns what was done (`new`, `updated`, `beside`, `kept`) and the name it stands under."""
    data, target = path.read_bytes(), folder / path.name
    digest, noted = _digest(data), record.get(path.name)
    if not target.exists():
        how = "new"
    elif _digest(target.read_bytes()) == digest or noted == digest:
        record[path.name] = digest
        return "kept", path.name
    elif noted == _digest(target.read_bytes()):
        how = "updated"
    else:
        how, target = "beside", folder / f"{path.stem}.{digest[:6]}.ipynb"
    record[path.name] = digest
    write_atomically(target, data)
    _trust(target)
    return how, target.name


def _trust(path: Path) -> None:
    try:
        notary = NotebookNotary()
        with closing(notary.store):
            notary.sign(nbformat.read(path, as_version=4))
    except Exception as fault:  # trust is a comfort: without it the players work after the first run
        print(f"{path.name}: cannot be marked as trusted ({fault})", file=sys.stderr)


def _load_record(folder: Path) -> dict[str, str]:
    try:
        noted = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # no record: every lesson that differs counts as worked on
    return {str(name): str(digest) for name, digest in noted.items()} if isinstance(noted, dict) else {}


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
