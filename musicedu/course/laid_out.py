"""A lesson in a student's workspace: sealed when it is laid out, told from work by its seal, put in place unharmed.

A sealed lesson carries a digest of its own content. As long as the two agree nobody has worked on it, whatever else is
known or lost; everything else in a workspace is the student's, and is neither changed nor removed. What JupyterLab
adds by opening or saving a notebook (the language of the kernel, the state of widgets) is no part of its content.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, count
from pathlib import Path
from typing import Any
from uuid import uuid4

LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
"""What JupyterLab notes of a kernel's language when a notebook is opened, less the version of Python."""
_OF_JUPYTER = ("kernelspec", "language_info", "widgets")
_OURS = "musicedu"
RECORD = ".musicedu-lessons.json"
"""Which version of each lesson was laid out last, so that what is thrown away does not come back."""
_LEFT_OVER = re.compile(rf"\.(?P<name>.+\.ipynb|{re.escape(RECORD)})\.[0-9a-f]{{12}}\.(?P<kind>partial|before)")


class Changed(Exception):
    """A file is no longer what it was when it was looked at: look again."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """A lesson as it is laid out: its file name, its bytes with the seal in them, and the seal."""

    name: str
    data: bytes
    seal: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands under a name: the bytes of a file (none that can be read: empty), and whether it is a plain file."""

    data: bytes
    is_plain: bool = True


@dataclass(frozen=True, slots=True)
class Action:
    """What to do about a lesson: `new`, `updated` and `beside` put it under `name`; so does `renewed`, over a copy that
    only JupyterLab has changed; `kept` does nothing.
    """

    how: str
    name: str


def seal(name: str, data: bytes) -> Shipped:
    """Make a built lesson ready for a workspace: sealed, and with the Python that its kernel will have."""
    notebook = json.loads(data)
    digest = _digest(notebook)
    metadata = notebook.setdefault("metadata", {})
    metadata[_OURS] = {"seal": digest}
    metadata["language_info"] = {**LANGUAGE, "version": sys.version.split()[0]}
    text = json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False)  # as nbformat writes it
    return Shipped(name, text.encode() + b"\n", digest)


def plan(lesson: Shipped, there: Callable[[str], Standing | None], offered: str | None = None) -> Action:
    """What to do about one lesson, given what stands under any name of the workspace.

    offered: the seal of the version that was laid out last, if that is known; what the student has since thrown away
    does not come back. It never decides that a file may be replaced.
    """
    standing = there(lesson.name)
    if standing is None:
        return Action("new", lesson.name)
    sealed, content = _seals(standing.data)
    if standing.is_plain and content is not None and content in (sealed, lesson.seal):
        if content != lesson.seal:
            return Action("updated", lesson.name)
        return Action("kept" if standing.data == lesson.data else "renewed", lesson.name)
    if lesson.seal in (sealed, content, offered):
        return Action("kept", lesson.name)
    stem = Path(lesson.name).stem
    beside = f"{stem}.{lesson.seal[:6]}"
    for name in chain([f"{beside}.ipynb"], (f"{beside}-{number}.ipynb" for number in count(2))):
        standing = there(name)
        if standing is None:
            return Action("beside", name)
        if lesson.seal in _seals(standing.data):  # this version stands there already, worked on or not
            return Action("kept", name)
    raise AssertionError("there are always more names")


def look(path: Path) -> Standing | None:
    """What stands at a path; what cannot be read as a file is something all the same."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None
    except OSError:
        return Standing(b"", is_plain=False)
    with suppress(OSError):
        if path.is_file():  # never a device or a pipe, which may have no end
            return Standing(path.read_bytes(), is_plain=stat.S_ISREG(mode))
    return Standing(b"", is_plain=False)


def carry_out(action: Action, lesson: Shipped, folder: Path, seen: Standing | None) -> None:
    """Put a lesson where the plan says; nothing that is there is written over, even if it came this very moment.

    seen: what stood there when the plan was made. Raises `Changed` if something else stands there now,
    `FileNotFoundError` where another laying-out was faster, `OSError`.
    """
    target = folder / action.name
    with _unfinished(target, lesson.data) as temporary, nullcontext() if seen is None else _set_aside(target, seen):
        _place(temporary, target)


def recover(folder: Path) -> None:
    """Clear away what a laying-out left that was killed; work that was set aside that moment has its name again."""
    for path in sorted(folder.glob(".*")):
        match = _LEFT_OVER.fullmatch(path.name)
        with suppress(FileNotFoundError):  # another laying-out is at it
            if match is None or not stat.S_ISREG(path.lstat().st_mode):
                continue
            if match["kind"] == "before":
                _give_back(path, folder / match["name"])
            path.unlink()


def is_untouched(data: bytes) -> bool:
    """Whether a file is a lesson as it was laid out, in whatever version."""
    sealed, content = _seals(data)
    return content is not None and sealed == content


def _give_back(aside: Path, target: Path) -> None:
    """Give a file that was set aside its name again. Work gets the next name that is free, if that one is taken."""
    data = aside.read_bytes()
    names = (f"{target.stem}.found-{number}.ipynb" for number in count(1))
    for name in chain([target.name], () if is_untouched(data) else names):
        standing = look(target.with_name(name))
        if standing is not None and standing.data == data:
            break
        with suppress(Changed):
            _place(aside, target.with_name(name))
            break


def _seals(data: bytes) -> tuple[str | None, str | None]:
    """The seal that a notebook carries, and the one that its content has; None for what is no notebook."""
    try:
        notebook = json.loads(data)
        own = notebook.get("metadata", {}).get(_OURS, {}).get("seal")
        return (own if isinstance(own, str) else None), _digest(notebook)
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
        return None, None


def _digest(notebook: dict[str, Any]) -> str:
    metadata = {name: value for name, value in notebook["metadata"].items() if name not in (*_OF_JUPYTER, _OURS)}
    content = {"metadata": metadata, "cells": notebook["cells"]}
    return sha256(json.dumps(_joined(content), sort_keys=True).encode()).hexdigest()


def _joined(value: Any) -> Any:
    """A text that is stored as a list of lines is the same text."""
    if isinstance(value, dict):
        return {name: _joined(held) for name, held in value.items()}
    if isinstance(value, list):
        is_text = bool(value) and all(isinstance(held, str) for held in value)
        # Lines end in a line feed, all but the last: a list of tags is none.
        if is_text and all(held.endswith("\n") for held in value[:-1]):
            return "".join(value)
        return [_joined(held) for held in value]
    return value


def _beside_hidden(target: Path, kind: str) -> Path:
    return target.with_name(f".{target.name}.{uuid4().hex[:12]}.{kind}")


@contextmanager
def _unfinished(target: Path, data: bytes) -> Iterator[Path]:
    temporary = _beside_hidden(target, "partial")
    try:
        with temporary.open("xb") as written:
            written.write(data)
            written.flush()
            os.fsync(written.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _set_aside(target: Path, seen: Standing) -> Iterator[None]:
    """Take away a file that nobody has worked on, and give it back if it is another by now or the block fails."""
    aside = _beside_hidden(target, "before")
    os.rename(target, aside)
    try:
        if look(aside) != seen:
            raise Changed
        yield
    except BaseException:
        with suppress(FileNotFoundError):  # another laying-out has brought it back
            _give_back(aside, target)
            aside.unlink()
        raise
    aside.unlink(missing_ok=True)


def _place(temporary: Path, target: Path) -> None:
    """Give a file its name if that is free, in one step; the old name may stay beside it. Raises `Changed`."""
    try:
        os.link(temporary, target)
    except FileNotFoundError:
        raise
    except FileExistsError as fault:
        raise Changed from fault
    except (OSError, NotImplementedError, AttributeError):  # a disk without second names
        if os.path.lexists(target):
            raise Changed from None
        os.rename(temporary, target)
