"""Reading a lesson's source: a Python file of cells (py:percent) with the solutions in it.

A cell begins with `# %%` (code) or `# %% [markdown]` (prose), followed by its id and, where needed, tags:

    # %% [markdown] id="task-1-hints" tags=["hints"]

Tags that mean something here: `solution` (the whole code cell is an answer), `hints` and `quiz` (prose that is laid
out as in `musicedu.course.hints` and `musicedu.course.quiz`), `widget` (needs a running kernel) and those of nbval.
What a cell with an answer may hold says `musicedu.course.edited`.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import jupytext

from musicedu.course.cells import Lesson, LessonCell
from musicedu.course.edited import refuse_entangled
from musicedu.errors import FileProblem

TAGS = frozenset({"solution", "hints", "quiz", "widget", "raises-exception", "nbval-ignore-output", "nbval-skip"})
_NAME = re.compile(r"(\d\d|T)_[a-z0-9_]+")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def find_sources(folder: str | Path) -> tuple[Path, ...]:
    """The lesson sources of a folder, in order; raises `FileProblem` if there is none."""
    paths = tuple(sorted(path for path in Path(folder).glob("*.py") if _NAME.fullmatch(path.stem)))
    if not paths:
        raise FileProblem(
            "no lesson source was found", where=str(folder), remedy="A source is a file such as 01_sound.py"
        )
    return paths


def load_lesson(path: str | Path) -> Lesson:
    """Read the source of one lesson; raises `FileProblem` that names the file and the cell."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileProblem("no such file", where=str(path)) from None
    except (OSError, UnicodeDecodeError) as fault:
        raise FileProblem(
            "cannot be read as text", where=str(path), remedy="Save it as a Python file in UTF-8"
        ) from fault
    return parse_lesson(text, path.stem, where=str(path))


def parse_lesson(text: str, name: str, *, where: str = "") -> Lesson:
    """Read the text of a source; `where` is named in faults."""
    raw_cells = jupytext.reads(text, fmt="py:percent").cells
    cells = [_cell(raw) for raw in raw_cells if raw.cell_type != "raw" and raw.source.strip()]
    if not cells:
        raise FileProblem("holds no cell", where=where or name, remedy="Begin each cell with '# %%'")
    seen: set[str] = set()
    for cell in cells:
        _refuse_faults(cell, seen, where or name)
        seen.add(cell.id)
    refuse_entangled(cells, where=where or name)
    return Lesson(name, tuple(cells))


def _cell(raw: jupytext.formats.NotebookNode) -> LessonCell:
    text, kind = raw.source.rstrip(), raw.cell_type
    # A cell without an id of its own is known by its text: it keeps its id until its text changes.
    cell_id = raw.metadata.get("id") or f"{kind}-{sha256(text.encode()).hexdigest()[:8]}"
    return LessonCell(cell_id, kind, text, tuple(sorted(raw.metadata.get("tags", []))))


def _refuse_faults(cell: LessonCell, seen: set[str], where: str) -> None:
    if not _ID.fullmatch(cell.id):
        raise FileProblem(
            f"cell id {cell.id!r} is not usable", where=where, remedy="Use small letters, digits and hyphens"
        )
    if cell.id in seen:
        raise FileProblem(f"two cells have the id {cell.id!r}", where=where, remedy="Give one of them another id")
    unknown = set(cell.tags) - TAGS
    if unknown:
        raise FileProblem(
            f"cell {cell.id!r} has unknown tags {', '.join(sorted(unknown))}",
            where=where,
            remedy=f"Known are {', '.join(sorted(TAGS))}",
        )
