"""A lesson's cells: as they are written, and what a student is given of a solved one.

An answer is marked in the source by a comment that says what the student is to write:

    my_tune = ["G4:1 B4:1 D5:1", "G4:3"]  # solution: two measures of 3/4, as a list of two texts

The student's copy reads `my_tune = ...  # two measures of 3/4, as a list of two texts`. Neighbouring lines that are
all marked are one answer. In a cell with the tag `solution` everything but its leading comment is the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

_MARK = re.compile(r"\s*#\s*solution\b:?\s*(?P<asks>.*)$")
_ASSIGNMENT = re.compile(r"(?P<kept>\s*[A-Za-z_][\w.]*\s*(?::[^=]+)?=)\s")


@dataclass(frozen=True, slots=True)
class LessonCell:
    """One cell of a source: its id, `code` or `markdown`, its text and its tags, sorted."""

    id: str
    kind: str
    text: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson as it is written: its name (`NN_topic`) and its cells."""

    name: str
    cells: tuple[LessonCell, ...]


def is_task(cell: LessonCell) -> bool:
    """Whether the cell holds an answer that a student is to find."""
    return cell.kind == "code" and ("solution" in cell.tags or any(map(_MARK.search, cell.text.splitlines())))


def calls(cell: LessonCell, function: str) -> bool:
    """Whether a line of the cell begins with a call of a function."""
    return any(line.startswith(f"{function}(") for line in cell.text.splitlines())


def solved(text: str) -> str:
    """The cell with its answers, without the marks.

    >>> solved("beats = 4  # solution: a number")
    'beats = 4'
    """
    return "\n".join(_MARK.sub("", line) for line in text.splitlines())


def stub(cell: LessonCell) -> str:
    """The cell without its answers.

    >>> stub(LessonCell("task-1", "code", "beats = 4  # solution: a number"))
    'beats = ...  # a number'
    """
    lines = cell.text.splitlines()
    if "solution" in cell.tags:
        return _asked_by_comment(lines)
    kept: list[str] = []
    for marked, group in groupby(lines, key=lambda line: _MARK.search(line) is not None):
        run = list(group)
        kept += _gap(run) if marked else run
    return "\n".join(kept)


def answers(cell: LessonCell) -> tuple[str, ...]:
    """What must not be seen in a student's copy: the right-hand sides and lines that the stub leaves out."""
    if not is_task(cell):
        return ()
    shown = set(stub(cell).splitlines())
    hidden = [line for line in solved(cell.text).splitlines() if line not in shown]
    return tuple(text for line in hidden if len(text := _answer(line)) > 3)


def _answer(line: str) -> str:
    match = _ASSIGNMENT.match(line)
    return (line[match.end() :] if match else line).strip().removeprefix("return ")


def _asked_by_comment(lines: list[str]) -> str:
    asks = []
    for line in lines:
        if not line.startswith("#"):
            break
        asks.append(line)
    message = " ".join(line.lstrip("# ") for line in asks) or "Write this cell yourself."
    return "\n".join([*asks, f"raise NotImplementedError({message!r})"])


def _gap(lines: list[str]) -> list[str]:
    """What stands in place of one answer: the name or `return` before it, three dots, and what to write."""
    first, last = _MARK.sub("", lines[0]), _MARK.sub("", lines[-1])
    asks = [match["asks"] for line in lines if (match := _MARK.search(line)) and match["asks"]]
    assignment = _ASSIGNMENT.match(first)
    indent = first[: len(first) - len(first.lstrip())]
    if last.lstrip().startswith("return "):
        kept = f"{indent}return ..."
    elif assignment:
        kept = f"{assignment['kept']} ..."
    else:
        kept = f"{indent}..."
    return [f"{kept}  # {asks[0]}" if asks else kept, *(f"{indent}# {more}" for more in asks[1:])]
