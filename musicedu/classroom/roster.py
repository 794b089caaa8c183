"""Rosters: who is in a class, from the CSV file that any spreadsheet or school system saves."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musicedu.classroom.names import clean_name, numbered
from musicedu.errors import FileProblem
from musicedu.storage import storage_faults

MOST_BYTES, MOST_PUPILS = 1_000_000, 1000
_TEXTS = ("instrument", "key", "metre", "lowest", "highest")
_NUMBERS = ("level", "measures", "tempo_bpm", "largest_leap")
WISHES = (*_TEXTS, *_NUMBERS)
"""Columns that say what a pupil's piece shall be like, as the fields of `Specification`."""

_SHAPE = "The first line names the columns, `name` at least: name,instrument,level"
_SAVE = "Save it again as CSV UTF-8"


@dataclass(frozen=True, slots=True)
class Pupil:
    """Someone in a class: a name that no other has, the roster's line, and wishes that differ from the class's."""

    name: str
    line: int = 0
    wishes: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """The pupils of a class in the order of the file; `ignored` are columns that say nothing here."""

    pupils: tuple[Pupil, ...]
    ignored: tuple[str, ...] = ()
    where: str = ""


def load_roster(path: str | Path) -> Roster:
    """Read a roster file; `FileProblem` says what is wrong in which line."""
    file = Path(path)
    if not file.is_file():
        raise FileProblem("there is no such file", where=str(path), remedy="Give the path of a CSV file with names")
    with storage_faults(file), file.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    return parse_roster(data, where=str(path))


def parse_roster(data: bytes, *, where: str = "") -> Roster:
    r"""Read a roster: UTF-8 text (or UTF-16 with its mark) with commas, semicolons or tabs; names may repeat.

    Every line needs a `name`; a column that is named like one in `WISHES` gives that pupil another instrument, level
    and so on; empty cells and lines are passed over. The second of two equal names gets a 2. Raises `FileProblem`.

    >>> [pupil.name for pupil in parse_roster(b"name;level\nAnna;2\nBen;\nAnna;3").pupils]
    ['Anna', 'Ben', 'Anna 2']
    """
    lines = _rows(_decoded(data, where), where)
    if not lines:
        raise FileProblem("the roster is empty", where=where, remedy=_SHAPE)
    columns = _columns(lines[0][1], where)
    pupils = [_pupil(columns, cells, line, where) for line, cells in lines[1:]]
    if not pupils:
        raise FileProblem("the roster has no names", where=where, remedy="Put one name on each line below the first")
    if len(pupils) > MOST_PUPILS:
        raise FileProblem(f"the roster has more than {MOST_PUPILS} names", where=where, remedy="Split it into classes")
    names = numbered(name for name, _, _ in pupils)
    return Roster(
        tuple(Pupil(name, line, wishes) for name, (_, line, wishes) in zip(names, pupils, strict=True)),
        tuple(title for title in columns.values() if title != "name" and title not in WISHES),
        where,
    )


def _decoded(data: bytes, where: str) -> str:
    if len(data) > MOST_BYTES:
        raise FileProblem("the roster is larger than a megabyte", where=where, remedy="Choose a CSV file with names")
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0":
        raise FileProblem("this is a spreadsheet, not a CSV file", where=where, remedy=_SAVE)
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise FileProblem("the roster is not UTF-8 text", where=where, remedy=_SAVE) from None


def _rows(text: str, where: str) -> list[tuple[int, list[str]]]:
    """Lines that hold anything, with their numbers."""
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, [clean_name(cell) for cell in cells]))
    except csv.Error as fault:
        raise FileProblem(
            f"line {reader.line_num} cannot be read ({fault})", where=where, remedy="Look for a quotation mark too many"
        ) from None
    return rows


def _columns(cells: Sequence[str], where: str) -> dict[int, str]:
    """Which column is what, by position; columns without a title are passed over."""
    titles = {index: cell.lower().replace(" ", "_") for index, cell in enumerate(cells) if cell}
    known = [title for title in titles.values() if title == "name" or title in WISHES]
    if "name" not in known:
        raise FileProblem("the first line has no column `name`", where=where, remedy=_SHAPE)
    twice = next((title for title in known if known.count(title) > 1), None)
    if twice:
        raise FileProblem(f"two columns are called {twice}", where=where, remedy="Remove or rename one of them")
    return titles


def _pupil(
    columns: Mapping[int, str], cells: Sequence[str], line: int, where: str
) -> tuple[str, int, tuple[tuple[str, Any], ...]]:
    values = {columns[index]: cell for index, cell in enumerate(cells) if cell and index in columns}
    if any(cell and index not in columns for index, cell in enumerate(cells)):
        raise FileProblem(
            f"line {line} has more cells than the first line", where=where, remedy='Put a cell with a comma in "quotes"'
        )
    if "name" not in values:
        raise FileProblem(f"line {line} has no name", where=where, remedy="Write one, or remove the line")
    wishes = {title: values[title] for title in WISHES if title in values}
    return values["name"], line, tuple((t, _value(t, cell, line, where)) for t, cell in wishes.items())


def _value(title: str, cell: str, line: int, where: str) -> str | int:
    if title in _TEXTS:
        return cell
    if not (cell.isascii() and cell.isdecimal() and len(cell) < 10):
        raise FileProblem(f"line {line}: {title} must be a whole number, not {cell[:40]!r}", where=where)
    return int(cell)
