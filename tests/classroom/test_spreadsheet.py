"""Excel workbooks as rosters: what people's sheets hold, and what hostile ones hold."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from musicedu.classroom.roster import parse_roster
from musicedu.errors import FileProblem

ROWS = (("Last name", "First name", "ID"), ("Lind", "Ada", 501), ("Okoro", "Bo", 502.0))


def workbook(rows: Sequence[Sequence[Any]] = ROWS, change: Callable[[Workbook], None] = lambda book: None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same workbook with another content of one part."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in {*old.namelist(), name}:
            new.writestr(part, content if part == name else old.read(part))
    return changed.getvalue()


def people(data: bytes) -> list[tuple[str, str]]:
    return [(pupil.name, pupil.id) for pupil in parse_roster(data).pupils]


def test_names_are_read_and_ids_have_no_decimals() -> None:
    assert people(workbook()) == [("Ada Lind", "501"), ("Bo Okoro", "502")]


def test_ids_are_read_as_they_are_shown_and_dates_as_dates() -> None:
    def zeros(book: Workbook) -> None:
        book.active["B2"].number_format = "00000"

    data = workbook((("Name", "ID", "level"), ("Ada", 17, 2), ("Bo", datetime(2026, 11, 28), 3)), zeros)
    assert people(data) == [("Ada", "00017"), ("Bo", "2026-11-28")]
    assert [dict(pupil.wishes) for pupil in parse_roster(data).pupils] == [{"level": 2}, {"level": 3}]


def test_titles_and_merged_cells_above_the_heads_are_passed_over() -> None:
    def merge(book: Workbook) -> None:
        book.active.merge_cells("A1:C1")
        book.active.merge_cells("A3:B3")

    data = workbook((("Winds 2026", None, None), (), ("Name", None, None), *ROWS), merge)
    assert people(data) == [("Ada Lind", "501"), ("Bo Okoro", "502")]
    assert [line for line, _ in parse_roster(data).reading.passed_over] == [1, 3]


def test_a_head_merged_over_first_and_last_name_is_the_head_of_both() -> None:
    data = workbook((("ID", "Name"), (1, "Ada", "Lind"), (2, "Bo", "Okoro"), (3, "Cem")))
    assert [name for name, _ in people(data)] == ["Ada Lind", "Bo Okoro", "Cem"]


def test_hidden_and_empty_sheets_are_passed_over_and_the_one_that_was_read_is_named() -> None:
    def others(book: Workbook) -> None:
        book.active.title = "Winds"
        hidden = book.create_sheet("old", 0)
        hidden.append(["Name"])
        hidden.append(["Somebody Else"])
        hidden.sheet_state = "hidden"
        book.create_sheet("empty", 0)
        book.create_sheet("How to", 0).append(["Please fill in the next sheet"])

    data = workbook(ROWS, others)
    assert [name for name, _ in people(data)] == ["Ada Lind", "Bo Okoro"]
    assert parse_roster(data).reading.form == "sheet 'Winds'"


def test_what_stands_beside_the_table_is_no_fault() -> None:
    assert [name for name, _ in people(workbook((("Name",), ("Ada", None, "away until May"), ("Bo",))))] == [
        "Ada",
        "Bo",
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        ("Index/Document.iwa", b"", "Apple Numbers"),
        ("xl/workbook.bin", b"", "binary workbook"),
        ("xl/workbook.xml", b"<", "damaged"),
        ("xl/sharedStrings.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><sst/>', "declares XML entities"),
        (
            "xl/sharedStrings.xml",
            '<?xml version="1.0" encoding="UTF-16"?><sst/>'.encode("utf-16"),
            "declares XML entities",
        ),
        ("xl/media/zeros.bin", bytes(30_000_000), "unpacks to more than 20 MB"),
    ],
)
def test_what_is_no_workbook_or_a_hostile_one_is_one_line(name: str, content: bytes, said: str) -> None:
    with pytest.raises(FileProblem, match=said) as raised:
        parse_roster(with_part(workbook(), name, content), where="class.xlsx")
    assert "\n" not in str(raised.value)


def test_a_sheet_that_claims_a_million_rows_is_read_as_far_as_a_school_goes() -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>Ada</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far away</t></is></c></row></sheetData></worksheet>'
    )
    data = with_part(workbook(), "xl/worksheets/sheet1.xml", sheet.encode())
    assert [name for name, _ in people(data)] == ["Ada"]


@settings(max_examples=60)
@given(st.integers(0, 6000), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_gives_a_roster_or_one_clear_line(place: int, bytes_there: bytes) -> None:
    data = workbook()
    damaged = data[:place] + bytes_there + data[place + len(bytes_there) :]
    with suppress(FileProblem):
        assert parse_roster(damaged).pupils
