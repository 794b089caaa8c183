"""Files as tables: rows of cells with their line numbers, from CSV text in any encoding that schools save."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

from musicedu.classroom.encodings import decoded
from musicedu.classroom.names import clean_name
from musicedu.errors import FileProblem

_SEPARATORS = (",", ";", "\t", "|")
_SAID = re.compile(r'"?sep=(.)"?[ \t,;]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
"""The line with which a spreadsheet program tells itself the separator."""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells as they stand in the file, and the number of their (first) line."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that hold anything; `form` says in words how the file was read, where that was a choice."""

    rows: tuple[Row, ...]
    form: str = ""


def text_table(data: bytes, where: str, worth: Callable[[Table], int]) -> Table:
    """The table of a CSV file: of the usual separators the one is taken that gives the table of the largest `worth`.

    Raises `FileProblem` for text in no encoding that is known, and for a quotation mark that is never closed.
    """
    text, form = decoded(data, where)
    text = text.replace("\0", "")
    said, first_line = _SAID.match(text), 1
    if said:
        text, first_line = text[said.end() :], 2
    best: tuple[tuple[int, int], Table] | None = None
    fault: FileProblem | None = None
    for separator in said[1] if said else _SEPARATORS:
        try:
            table = Table(_rows(text, separator, first_line, where), form)
        except FileProblem as problem:
            fault = fault or problem
            continue
        rank = (worth(table), max((len(row.cells) for row in table.rows), default=0) if separator != "|" else 0)
        if best is None or rank > best[0]:
            best = rank, table
    if best is None or (fault and not best[0][0]):
        assert fault is not None
        raise fault
    return best[1]


def _rows(text: str, separator: str, first_line: int, where: str) -> tuple[Row, ...]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    line = first_line
    try:
        for cells in reader:
            if any(map(clean_name, cells)):
                rows.append(Row(line, tuple(cells)))
            line = first_line + reader.line_num
    except csv.Error as fault:
        raise FileProblem(
            f"line {line} cannot be read ({fault})", where=where, remedy="Look for a quotation mark too many"
        ) from None
    return tuple(rows)
