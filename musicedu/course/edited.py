"""What may stand in a cell that a student edits, so that a slip there costs that cell alone.

Such a cell holds an answer and its check. It imports nothing, and no other cell reads a name that it gives: what a
later cell needs of an answer it asks for by `answer_to`, which has a stand-in until the check has passed.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator, Sequence

from musicedu.course.cells import LessonCell
from musicedu.course.stubs import is_task, solved
from musicedu.errors import FileProblem

BEGIN = "begin_lesson"


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
