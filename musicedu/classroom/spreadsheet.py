"""Spreadsheets as tables: Excel workbooks (.xlsx), of untrusted origin; what other programs save is named."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from musicedu.classroom.names import clean_name
from musicedu.classroom.tables import Row, Table
from musicedu.errors import FileProblem

MOST_FILE_BYTES, MOST_BYTES, MOST_PARTS = 10_000_000, 20_000_000, 2000
MOST_ROWS, MOST_COLUMNS = 5000, 300
_ZIP = b"PK\x03\x04"
_SAVE = "Save it as an Excel workbook (.xlsx) or as CSV UTF-8"
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls), or one with a password", f"{_SAVE}, without a password"),
    (b"%PDF", "a PDF file, not a list of names", _SAVE),
    (b"{\\rtf", "a document, not a list of names", _SAVE),
)
_PAGE = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|head|meta|body)", re.IGNORECASE)
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ZEROS = re.compile(r"0+")


def is_spreadsheet(data: bytes) -> bool:
    """Whether a file is a workbook, by its content."""
    return data.startswith(_ZIP)


def refuse_other_files(data: bytes, where: str) -> None:
    """Raise `FileProblem` for a file that people take for a list of names, saying what to do with it."""
    for start, what, remedy in _OTHERS:
        if data.startswith(start):
            raise FileProblem(f"this is {what}", where=where, remedy=remedy)
    if _PAGE.match(data[:1000].removeprefix(b"\xef\xbb\xbf")):
        raise FileProblem(
            "this is a web page, whatever its name says",
            where=where,
            remedy=f"Open it in a spreadsheet program. {_SAVE}",
        )


def sheet_table(data: bytes, where: str, worth: Callable[[Table], int]) -> Table:
    """The table of a workbook: its first visible sheet that `worth` gives anything, else the first that is not empty.

    Values of formulas are those that were saved; numbers stand without `.0`, dates as 2026-11-28. Raises
    `FileProblem` for what is no workbook, is damaged, or unpacks to more than 20 MB.
    """
    _refuse_bombs(data, where)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features of Excel that openpyxl does not know
            tables = [table for table in _sheets(data) if table.rows]
    except FileProblem:
        raise
    except Exception as fault:  # openpyxl raises whatever a damaged file leads to
        raise FileProblem(
            f"this spreadsheet is damaged ({type(fault).__name__})",
            where=where,
            remedy="Open it in a spreadsheet program and save it again",
        ) from fault
    return next((table for table in tables if worth(table)), tables[0] if tables else Table(()))


def _refuse_bombs(data: bytes, where: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = parts.namelist()
            _refuse_other_zips(parts, names, where)
            if len(names) > MOST_PARTS or sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
                raise FileProblem(
                    f"this spreadsheet unpacks to more than {MOST_BYTES // 1_000_000} MB",
                    where=where,
                    remedy="Copy the list of names into a new one",
                )
            for part in parts.infolist():
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    content = parts.read(part)
                    if _DECLARED.search(content) or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
                        raise FileProblem(
                            "this spreadsheet declares XML entities, as no spreadsheet program does",
                            where=where,
                            remedy="Copy the list of names into a new one",
                        )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as fault:
        raise FileProblem("this spreadsheet is damaged", where=where, remedy=_SAVE) from fault
    except Exception as fault:
        if isinstance(fault, FileProblem):
            raise
        raise FileProblem("this spreadsheet is damaged", where=where, remedy=_SAVE) from fault  # zlib, lzma …


def _refuse_other_zips(parts: zipfile.ZipFile, names: list[str], where: str) -> None:
    if "mimetype" in names and b"opendocument" in parts.read("mimetype")[:100]:
        raise FileProblem("this is an OpenDocument file (.ods)", where=where, remedy=_SAVE)
    if any(name.startswith("Index/") or name == "Index.zip" for name in names):
        raise FileProblem("this is a document of Apple Numbers", where=where, remedy="Export it as Excel or CSV")
    if "xl/workbook.bin" in names:
        raise FileProblem("this is a binary workbook (.xlsb)", where=where, remedy=_SAVE)
    if not any(name.lstrip("/").startswith("xl/") for name in names):
        raise FileProblem("this is an archive or document, not a spreadsheet", where=where, remedy=_SAVE)


def _sheets(data: bytes) -> Iterable[Table]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in shown:
        sheet.reset_dimensions()  # what a file says of its own size need not be true
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
        lines = ((line, tuple(map(_text, cells))) for line, cells in enumerate(islice(rows, MOST_ROWS), 1))
        found = tuple(Row(line, cells) for line, cells in lines if any(map(clean_name, cells)))
        yield Table(found, f"sheet {sheet.title!r}" if len(shown) > 1 else "")


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int):
        shape = cell.number_format or ""
        return str(value).zfill(len(shape)) if _ZEROS.fullmatch(shape) else str(value)  # 00123 is shown so
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date | time) else str(value)
