"""Rosters: who is in a class, from the files that spreadsheets and school systems save."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from musicedu.classroom.layout import (
    WHOLE_NUMBERS,
    WISHES,
    Columns,
    find_head,
    head_word,
    named_twice,
    why_passed_over,
    with_part_beside,
    worth,
)
from musicedu.classroom.line_faults import LineFault, fault_of, refuse
from musicedu.classroom.names import clean_name, in_spoken_order, numbered, stand_last_first
from musicedu.classroom.spreadsheet import MOST_FILE_BYTES, is_spreadsheet, refuse_other_files, sheet_table
from musicedu.classroom.tables import MOST_BYTES, Row, Table, text_table
from musicedu.errors import FileProblem, MusicEduError
from musicedu.storage import storage_faults

__all__ = ["MOST_BYTES", "MOST_PUPILS", "WISHES", "Pupil", "Reading", "Roster", "load_roster", "parse_roster"]
MOST_PUPILS = 1000
_MOST_PASSED = 8
_NUMBERED = re.compile(r"\s*\d{1,4}\s*[.)]\s+")
_SHAPE = "Let the first line name the columns, `name` at least: name,instrument,level"


@dataclass(frozen=True, slots=True)
class Pupil:
    """Someone in a class.

    name: one that no other has; line: of the roster; wishes: what differs from the class's; id: what the school knows
    them by, empty without one; written: the name as the roster has it, where that is another ("Lind, Ada").
    """

    name: str
    line: int = 0
    wishes: tuple[tuple[str, Any], ...] = ()
    id: str = ""
    written: str = ""

    @property
    def identity(self) -> str:
        """What the pupil's pieces follow from: the id, or else the name as it is written."""
        return self.id or self.written or self.name


@dataclass(frozen=True, slots=True)
class Reading:
    """What was taken for what: the heads of the columns of names and of ids, and the rows passed over, with reasons.

    form: how the file was read, where that was a choice; last_first: whether "Last, First" was turned round.
    """

    names: tuple[str, ...] = ()
    ids: str = ""
    passed_over: tuple[tuple[int, str], ...] = ()
    form: str = ""
    last_first: bool = False

    def text(self) -> str:
        """One sentence for whoever wants to be sure."""
        quoted = " and ".join(f"'{name}'" for name in self.names)
        said = (
            f"Names from the column{'s' if len(self.names) > 1 else ''} {quoted}" if quoted else "Names from each line"
        )
        said += " (last name first)" * self.last_first + (f", ids from '{self.ids}'" if self.ids else "")
        if self.passed_over:
            lines = [f"line {line} ({why})" for line, why in self.passed_over[:_MOST_PASSED]]
            more = len(self.passed_over) - len(lines)
            said += f"; passed over: {', '.join(lines)}" + (f" and {more} more" if more else "")
        return said + (f"; {self.form}" if self.form else "")


@dataclass(frozen=True, slots=True)
class Roster:
    """The pupils of a class in the order of the file; `ignored` are columns that say nothing here."""

    pupils: tuple[Pupil, ...]
    ignored: tuple[str, ...] = ()
    where: str = ""
    reading: Reading = field(default_factory=Reading)


def load_roster(path: str | Path, *, check: Callable[[Pupil], None] | None = None) -> Roster:
    """Read a roster file, see `parse_roster`; `FileProblem` says what is wrong in which line."""
    file = Path(path)
    if not file.is_file():
        raise FileProblem("there is no such file", where=str(path), remedy="Give the path of a CSV file with names")
    with storage_faults(file), file.open("rb") as stream:
        data = stream.read(MOST_FILE_BYTES + 1)
    return parse_roster(data, where=str(path), check=check)


def parse_roster(data: bytes, *, where: str = "", check: Callable[[Pupil], None] | None = None) -> Roster:
    r"""Read a roster: an Excel workbook, or CSV text with commas, semicolons or tabs; names may repeat.

    Names stand in a column `name` (or Student, Nachname and Vorname, Nom et prénom …) or alone, one a line. Pupils with
    an id in the file are known by it. A column that is named like one in `WISHES` gives that pupil another instrument,
    level and so on. Rows of points, totals and averages, titles above the heads and empty lines are passed over. The
    second of two equal names gets a 2. `check` may raise a `MusicEduError` about a pupil. Raises `FileProblem`, or what
    `check` raises, that names every fault with its line.

    >>> [pupil.name for pupil in parse_roster(b"name;level\nAnna;2\nBen;\nAnna;3").pupils]
    ['Anna', 'Ben', 'Anna 2']
    >>> parse_roster(b"Student,ID\nPoints Possible,\n\"Lind, Ada\",501").reading.text()
    "Names from the column 'Student' (last name first), ids from 'ID'; passed over: line 2 (points)"
    """
    if is_spreadsheet(data):
        table = sheet_table(data, where, worth)
    else:
        refuse_other_files(data, where)
        table = text_table(data, where, worth)
    if not table.rows:
        raise FileProblem("the roster is empty", where=where, remedy=_SHAPE)
    found = find_head(table)
    if found is None:
        table = _without_numbers(table)
    place, columns = found if found else (-1, _headless(table, where))
    columns = with_part_beside(columns, table.rows[place + 1 :], beyond=is_spreadsheet(data))
    twice = named_twice(columns)
    if twice:
        raise FileProblem(f"two columns are called {twice}", where=where, remedy="Remove or rename one of them")
    return _Reader(table, place, columns, where, is_spreadsheet(data)).roster(check)


def _without_numbers(table: Table) -> Table:
    """The same lines without "1.", "2)" before each, if each has one."""
    first = [row.cells[0] for row in table.rows]
    if not all(_NUMBERED.match(cell) for cell in first):
        return table
    rows = (Row(row.line, (_NUMBERED.sub("", row.cells[0]), *row.cells[1:])) for row in table.rows)
    return Table(tuple(rows), table.form)


def _headless(table: Table, where: str) -> Columns:
    """The columns of a list of names that has no head: one column, or "Last, First" without quotation marks."""
    cells = [tuple(cell for cell in row.cells if cell.strip()) for row in table.rows]
    if all(len(row) == 1 and _may_be_name(row[0]) for row in cells):
        return Columns({}, full=next(place for place, cell in enumerate(table.rows[0].cells) if cell.strip()), width=1)
    if all(len(row) == 2 and row[1].startswith(" ") and all(map(_may_be_name, row)) for row in cells):
        return Columns({}, first=(1,), last=(0,), width=2)
    raise FileProblem("no line says which column holds the names", where=where, remedy=_SHAPE)


def _may_be_name(cell: str) -> bool:
    name = clean_name(cell)
    return (
        len(name) <= 60 and len(name.split()) <= 6 and any(map(str.isalpha, name)) and not set(name) & set("<>{}=@\\")
    )


class _Reader:
    """Reads the rows below a head; faults are kept until the last row is read."""

    def __init__(self, table: Table, place: int, columns: Columns, where: str, loose: bool) -> None:
        self.head = [head_word(cell) for cell in table.rows[place].cells if cell.strip()] if place >= 0 else ["", ""]
        self.above, self.rows = table.rows[: max(place, 0)], table.rows[place + 1 :]
        self.columns, self.where, self.form, self.loose = columns, where, table.form, loose
        self.faults: list[LineFault] = []
        self.passed = [(row.line, "above the heads") for row in self.above]
        self.ids = _column_of_ids(columns, self.rows)

    def roster(self, check: Callable[[Pupil], None] | None) -> Roster:
        people = self._people()
        if not people and not self.faults:
            remedy = "Put one name on each line below the first"
            raise FileProblem("the roster has no names", where=self.where, remedy=remedy)
        if len(people) > MOST_PUPILS:
            problem = f"the roster has more than {MOST_PUPILS} names"
            raise FileProblem(problem, where=self.where, remedy="Split it into classes")
        last_first = self.columns.full is not None and stand_last_first([pupil.name for pupil in people])
        pupils = _told_apart(people, last_first)
        self._refuse_equal_ids(pupils)
        for pupil in pupils:
            try:
                if check is not None:
                    check(pupil)
            except MusicEduError as fault:
                if not pupil.wishes:
                    raise  # it is the class's
                self.faults.append(fault_of(pupil.line, pupil.name, fault, self.where))
        refuse(self.faults, self.where)
        columns = self.columns
        used = {*columns.names, *([] if self.ids is None else [self.ids]), *(place for place, _ in columns.wishes)}
        return Roster(
            pupils,
            tuple(title for place, title in columns.titles.items() if place not in used),
            self.where,
            Reading(
                tuple(columns.titles[place] for place in columns.names if place in columns.titles),
                "" if self.ids is None else columns.titles[self.ids],
                tuple(sorted(self.passed)),
                self.form,
                last_first or (bool(columns.last) and not columns.titles),
            ),
        )

    def _people(self) -> list[Pupil]:
        filled = [sum(bool(cell.strip()) for cell in row.cells) for row in self.rows]
        wide = 2 * sum(count > 1 for count in filled) > len(filled)
        people = []
        for row in self.rows:
            why = why_passed_over(row, self.columns, self.head, wide=wide)
            if why is not None:
                self.passed.append((row.line, why))
                continue
            pupil = self._pupil(row)
            if pupil is not None:
                people.append(pupil)
        return people

    def _pupil(self, row: Row) -> Pupil | None:
        cells = dict(enumerate(map(clean_name, row.cells)))
        if not self.loose and any(cell for place, cell in cells.items() if place >= self.columns.width):
            self._fault(row.line, " has more cells than the first line", 'Put a cell with a comma in "quotes"')
            return None
        name = " ".join(filter(None, (cells.get(place, "") for place in self.columns.names)))
        if not name:
            self._fault(row.line, " has no name", "Write one, or remove the line")
            return None
        wishes = {title: cells[place] for place, title in self.columns.wishes if cells.get(place)}
        values = tuple((title, self._value(row, title, wishes[title])) for title in WISHES if title in wishes)
        return Pupil(name, row.line, values, "" if self.ids is None else cells.get(self.ids, ""))

    def _value(self, row: Row, title: str, cell: str) -> str | int:
        if title not in WHOLE_NUMBERS:
            return cell
        if cell.isascii() and cell.isdecimal() and len(cell) < 10:
            return int(cell)
        self._fault(row.line, f": {title} must be a whole number, not {cell[:40]!r}", "")
        return 1

    def _fault(self, line: int, problem: str, remedy: str) -> None:
        words = f"line {line}{problem}"
        self.faults.append(LineFault(line, words, FileProblem(words, where=self.where, remedy=remedy)))

    def _refuse_equal_ids(self, pupils: Sequence[Pupil]) -> None:
        first: dict[str, Pupil] = {}
        for pupil in pupils:
            other = first.setdefault(pupil.id, pupil) if pupil.id else pupil
            if other is not pupil:
                same = f"has the id {pupil.id[:40]!r} of line {other.line} ({other.name})"
                self._fault(pupil.line, f" ({pupil.name}) {same}", "Remove one of the lines, or correct its id")


def _column_of_ids(columns: Columns, rows: Sequence[Row]) -> int | None:
    """The best of the columns of ids in which anything stands."""
    names = set(columns.names)
    for place in columns.ids:
        if any(
            place < len(row.cells) and row.cells[place].strip()
            for row in rows
            if any(name < len(row.cells) and row.cells[name].strip() for name in names)
        ):
            return place
    return None


def _told_apart(people: Sequence[Pupil], last_first: bool) -> tuple[Pupil, ...]:
    """The pupils under names of which no two are equal, spoken as one speaks them."""
    written = numbered(pupil.name for pupil in people)
    if not last_first:
        return tuple(replace(pupil, name=name) for pupil, name in zip(people, written, strict=True))
    spoken = numbered(in_spoken_order(pupil.name) for pupil in people)
    return tuple(replace(p, name=name, written=w) for p, name, w in zip(people, spoken, written, strict=True))
