"""Reading a lesson's source: a Python file of cells (py:percent) with the solutions in it.

A cell begins with `# %%` (code) or `# %% [markdown]` (prose), followed by its id and, where needed, tags:

    # %% [markdown] id="task-1-hints" tags=["hints"]

Tags that mean something here: `solution` (the whole code cell is an answer), `hints` and `quiz` (prose that is laid
out as in `musicedu.course.folded` and `musicedu.course.folded`), `widget` (needs a running kernel) and those of nbval.

A cell that a student edits holds an answer and its check, so that a slip there costs that cell alone. It imports
nothing, and no other cell reads a name that it gives: what a later cell needs of an answer it asks for by `answer_to`,
which has a stand-in until the check has passed.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import jupytext

from musicedu.course.cells import Lesson, LessonCell, is_task, solved
from musicedu.errors import FileProblem

TAGS = frozenset({"solution", "hints", "quiz", "widget", "raises-exception", "nbval-ignore-output", "nbval-skip"})
_NAME = re.compile(r"(\d\d|T)_[a-z0-9_]+")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
BEGIN = "begin_lesson"


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


def refuse_entangled(cells: Sequence[LessonCell], *, where: str = "") -> None:
    """Raise `FileProblem` for a cell to be edited that imports, or that gives a name to another cell."""
    code = {cell.id: _parsed(solved(cell.text)) for cell in cells if cell.kind == "code"}
    edited = [cell.id for cell in cells if is_task(cell)]
    if edited and BEGIN not in _words(next(iter(code.values()))):
        raise FileProblem(
            f"the first code cell, {next(iter(code))!r}, does not call {BEGIN}()",
            where=where,
            remedy=f"Without it a slip is a page of frames: from musicedu.course.lesson import {BEGIN}",
        )
    reads = {name: read_names(body) for name, body in code.items()}
    for cell in edited:
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(code[cell])):
            raise FileProblem(
                f"cell {cell!r}, which a student edits, imports", where=where, remedy="Import in a cell above it"
            )
        given = bound_names(code[cell])
        for other in code:
            shared = sorted(given & reads[other]) if other != cell else []
            if shared:
                raise FileProblem(
                    f"cell {other!r} reads {', '.join(shared)}, which a student edits in {cell!r}",
                    where=where,
                    remedy=f"Set it in a cell above {cell!r}, or ask for the answer by answer_to, with a stand-in",
                )


def bound_names(body: ast.Module) -> frozenset[str]:
    """The names that a cell gives to the cells after it."""
    table = _table(body)
    return frozenset(one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported())


def read_names(body: ast.Module) -> frozenset[str]:
    """The names that a cell reads before it has bound them itself: what it needs of other cells."""
    given = bound_names(body)
    bound: set[str] = set()
    needed: set[str] = set()
    for statement in body.body:
        table = _table(ast.Module([statement], []))
        own = {one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()}
        now = {one.get_name() for one in table.get_symbols() if one.is_referenced()}
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            now.add(statement.target.id)
        loops = isinstance(statement, ast.For | ast.With | ast.FunctionDef | ast.ClassDef)
        needed |= now - bound - (own if loops else set())
        needed |= set(_read_inside(table)) - given  # a function runs when the cell has bound all its names
        bound |= own
    return frozenset(needed)


def _read_inside(table: symtable.SymbolTable) -> Iterator[str]:
    for child in table.get_children():
        yield from (one.get_name() for one in child.get_symbols() if one.is_global() and one.is_referenced())
        yield from _read_inside(child)


def _words(body: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(body) if isinstance(node, ast.Name)}


def _table(body: ast.Module) -> symtable.SymbolTable:
    return symtable.symtable(ast.unparse(body), "cell", "exec")


def _parsed(text: str) -> ast.Module:
    """The code of a cell, without the lines that are not Python (magics); empty where a cell shows a fault."""
    plain = [line for line in text.splitlines() if not line.lstrip().startswith(("%", "!", "?"))]
    try:
        return ast.parse("\n".join(plain))
    except SyntaxError:
        return ast.Module([], [])
