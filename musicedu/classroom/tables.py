"""Files as tables: rows of cells with their line numbers, from CSV text in any encoding that schools save.

The text may be UTF-8 or UTF-16 with or without their mark; the encodings of older programs are guessed. The guess reads
the file in each of a few encodings and counts what a name would hardly hold: a sign or a capital in the midst of a
word. It is said, so that a reader can look.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

from musicedu.classroom.names import clean_name
from musicedu.errors import FileProblem

_SEPARATORS = (",", ";", "\t", "|")
_SAID = re.compile(r'"?sep=(.)"?[ \t,;]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
"""The line with which a spreadsheet program tells itself the separator."""
MOST_BYTES = 1_000_000
SAVE = "Save it again as CSV UTF-8"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLDER = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "MS-DOS (850)", "cp1250": "Windows-1250"}
_USUAL = frozenset("äöüßéèêëàâáãåæçñíìîïóòôõøúùûÿýœ")
_IN_WORDS = frozenset("’‘´`'-·")
_LEAST_ZEROS = 0.05
_OTHER_ALPHABET = 0.5
_MOST_ODD = 10  # of so many letters one may be odd


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


def decoded(data: bytes, where: str) -> tuple[str, str]:
    """The text of a file, and in words which encoding that took if it was a guess; `FileProblem` if none fits."""
    if len(data) > MOST_BYTES:
        raise FileProblem("the roster is larger than a megabyte", where=where, remedy="Choose a CSV file with names")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _unmarked_utf16(data)
    try:
        return data.decode(encoding or "utf-8"), ""
    except UnicodeDecodeError as fault:
        read = None if encoding else _guessed(data)
        if read is None:
            line = len(re.findall(rb"\r\n|\r|\n", data[: fault.start])) + 1
            raise FileProblem(f"the roster is not UTF-8 text (line {line})", where=where, remedy=SAVE) from None
        return read


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: separators and line ends have a zero byte, always on the same side."""
    high, low = data[1::2].count(0), data[0::2].count(0)
    if len(data) % 2 or max(high, low) < _LEAST_ZEROS * len(data) / 2 or min(high, low) * 10 > max(high, low):
        return None
    name = "utf-16-le" if high > low else "utf-16-be"
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return None
    return name if "\0" not in text else None


def _guessed(data: bytes) -> tuple[str, str] | None:
    found: list[tuple[float, str, str]] = []
    for name, title in _OLDER.items():
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        found.append((_likelihood(text), text, title))
    best = max(found, key=lambda one: one[0], default=None)
    return (best[1], f"read as {best[2]}") if best and best[0] >= 0 else None


def _likelihood(text: str) -> float:
    """How likely names are to look like this; below 0 it is something else."""
    letters = [character for character in text if character.isalpha()]
    if sum(not character.isascii() for character in letters) > _OTHER_ALPHABET * max(len(letters), 1):
        return -1.0  # an alphabet of its own: which, nothing here can tell
    fits = [
        _fits(character, text[index - 1] if index else " ", text[index + 1 : index + 2])
        for index, character in enumerate(text)
        if not character.isascii()
    ]
    n_odd = sum(fit < 0 for fit in fits)
    return -1.0 if n_odd * _MOST_ODD > len(fits) - n_odd else sum(fits)


def _fits(character: str, before: str, after: str) -> float:
    """How well a letter outside ASCII suits a name, from -3 to 2."""
    if not character.isalpha():
        if character in _IN_WORDS:
            return float(before.isalpha() and after.isalpha())
        return -3.0 if before.isalpha() or after.isalpha() else 0.0
    if character.isupper() and before.isalpha() and (before.islower() or after.islower()):
        return -2.0
    if character.islower() and after.isupper():
        return -2.0
    return (1.0 if character.isupper() else 2.0) if character.lower() in _USUAL else 0.5
