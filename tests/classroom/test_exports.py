"""Rosters as school systems, offices and spreadsheet programs export them, written after their published formats."""

from __future__ import annotations

import pytest

from musicedu.classroom.roster import Roster, parse_roster
from musicedu.errors import FileProblem

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Etude 3 (88),Current Score\n"
    ",,,,,Manual Posting,\n"
    "    Points Possible,,,,,20.00,(read only)\n"
    '"Sørli, Nora Elise",9001,s1,nora,Winds,18.5,92\n'
    '"O\'Hara, Finn",9002,s2,finn,Winds,,\n'
    '"Student, Test",9003,,7f3,Winds,,\n'
)
MOODLE = (
    "First name,Surname,Institution,Department,ID number,Email address,Quiz: intervals (Real),"
    "Last downloaded from this course\n"
    "Nora Elise,Sørli,,,s1,nora@school.example,8.00,1764000000\n"
    "Finn,O'Hara,,,s2,finn@school.example,-,1764000000\n"
    "Overall average,,,,,,8.00,\n"
)
GOOGLE = (
    "Last Name,First Name,Email Address,Etude 3,Scales\n"
    "Date,,,2026-11-03,2026-11-10\n"
    "Points,,,20,10\n"
    "Class Average,,,17.5,9\n"
    "Sørli,Nora Elise,nora@school.example,18,9\n"
    "O'Hara,Finn,finn@school.example,17,\n"
)
TEAMS = (
    "Winds 2026\n\n"
    "First Name,Last Name,Email Address,Etude 3,Points,Feedback\n"
    'Nora Elise,Sørli,nora@school.example,18,20,"Good.\nMore air!"\n'
    "Finn,O'Hara,finn@school.example,17,20,\n"
)
OFFICE = "sep=;\r\nNachname;Vorname;Klasse\r\nSørli;Nora Elise;7a\r\nO'Hara;Finn;7a\r\n"
BOTH = ["Nora Elise Sørli", "Finn O'Hara"]


def names(roster: Roster) -> list[str]:
    return [pupil.name for pupil in roster.pupils]


@pytest.mark.parametrize(
    ("text", "ids", "said"),
    [
        (CANVAS, ["9001", "9002"], "Names from the column 'Student' (last name first), ids from 'ID'; passed over: "
         "line 2 (a setting of the grade book), line 3 (points), line 6 (a test student)"),
        (MOODLE, ["s1", "s2"], "Names from the columns 'First name' and 'Surname', ids from 'ID number'; passed over: "
         "line 4 (an average)"),
        (GOOGLE, ["", ""], "Names from the columns 'First Name' and 'Last Name'; passed over: line 2 (dates), "
         "line 3 (points), line 4 (an average)"),
        (TEAMS, ["", ""], "Names from the columns 'First Name' and 'Last Name'; passed over: line 1 (above the heads)"),
        (OFFICE, ["", ""], "Names from the columns 'Vorname' and 'Nachname'"),
    ],
    ids=["Canvas", "Moodle", "Google Classroom", "Teams", "school office"],
)  # fmt: skip
def test_an_export_is_read_and_says_what_was_taken_for_what(text: str, ids: list[str], said: str) -> None:
    roster = parse_roster(text.encode())
    assert names(roster) == BOTH
    assert [pupil.id for pupil in roster.pupils] == ids
    assert roster.reading.text() == said


@pytest.mark.parametrize("text", [CANVAS, MOODLE, GOOGLE, TEAMS, OFFICE])
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_whatever_encoding_and_line_ends_it_is_the_same_class(text: str, encoding: str, ends: str) -> None:
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\n", ends)
    assert names(parse_roster(lines.encode(encoding))) == BOTH


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("First name", "Last name"),
        ("given_name", "FAMILY NAME"),
        ("Vorname", "Nachname"),
        ("Vorname", "Name"),
        ("Prénom", "Nom"),
        ("PRENOM", "Nom de famille"),
        ("Nombre", "Apellidos"),
        ("Nome", "Cognome"),
        ("Voornaam", "Achternaam"),
        ("Forename:", "Surname:"),
        ("Name", "Surname"),
    ],
)
def test_first_and_last_name_stand_in_any_order_and_language(
    first: str, last: str, order: tuple[int, ...], separator: str
) -> None:
    rows = [(first, last, "Class"), ("Nora Elise", "Sørli", "7a"), ("Finn", "O'Hara", "7a")]
    text = "\n".join(separator.join(row[place] for place in order) for row in rows)
    assert names(parse_roster(text.encode())) == BOTH


@pytest.mark.parametrize(
    "head",
    ["name", "Full name", "Student name", "Pupil", "Schüler*in", "Élève", "Nom et prénom", "Alumno/a", "Studente",
     "Name des Schülers", "Nombre completo", "Display Name", "STUDENT_NAME", "Vor- und Nachname"],
)  # fmt: skip
def test_one_column_of_whole_names_has_many_heads(head: str) -> None:
    assert names(parse_roster(f'"{head}",x\nAnna Lind,1\nBen Okoro,2'.encode())) == ["Anna Lind", "Ben Okoro"]


@pytest.mark.parametrize("text", ["Anna Lind\nBen Okoro", "Lind, Anna\nOkoro, Ben", '"Lind, Anna"\n"Okoro, Ben"\n\n'])
def test_names_alone_need_no_head(text: str) -> None:
    roster = parse_roster(text.encode())
    assert names(roster) == ["Anna Lind", "Ben Okoro"]
    assert roster.reading.text().startswith("Names from each line")


def test_a_file_of_names_alone_makes_the_pieces_it_made_before() -> None:
    plain = parse_roster(b'name,level\nAnna,1\n"Bach, Anna",2\nAnna,3')
    assert [(pupil.name, pupil.identity) for pupil in plain.pupils] == [
        (n, n) for n in ("Anna", "Bach, Anna", "Anna 2")
    ]
    turned = parse_roster(b'name\n"Lind, Ada"\n"Lind, Ada"')
    assert [(p.name, p.identity) for p in turned.pupils] == [("Ada Lind", "Lind, Ada"), ("Ada Lind 2", "Lind, Ada 2")]


def test_an_id_is_the_identity_and_a_blank_one_is_none() -> None:
    before = parse_roster(b"name,id\nAnna,17\nBen,\n")
    after = parse_roster(b"id,name\n17,Anna-Maria\n,Ben\n")
    assert [pupil.identity for pupil in before.pupils] == ["17", "Ben"] == [pupil.identity for pupil in after.pupils]
    assert parse_roster(b"Student,ID,Login ID\nAnna,,anna1\n").pupils[0].identity == "anna1"


@pytest.mark.parametrize(
    "row", ["Total,,30", "Average:,,7.5", ",,8.5", "Summe,,12", "Points possible,,10", "Total: 2,,"]
)
def test_rows_that_are_nobody_are_passed_over_wherever_they_stand(row: str) -> None:
    people = ["Anna,1,8", "Ben,2,9"]
    for place in range(3):
        lines = ["name,id,score", *people[:place], row, *people[place:]]
        roster = parse_roster("\n".join(lines).encode())
        assert names(roster) == ["Anna", "Ben"]
        assert [line for line, _ in roster.reading.passed_over] == [place + 2]


@pytest.mark.parametrize(
    "text",
    [
        'Class: Winds\nTeacher: M. Ito\n\nStudent Number,Student Name,Year\n1,"Sørli, Nora Elise",7\n'
        '2,"O\'Hara, Finn",7\n\n"Printed 11/28/2026"\n',
        "Adno,Legal Surname,Legal Forename,Reg\n1,Sørli,Nora Elise,7A\n2,O'Hara,Finn,7A\n",
        "Cognome;Nome;Matricola\nSørli;Nora Elise;1\nO'Hara;Finn;2\nTotale;;2\n",
        "Nr.;Name;Vorname;ID\n1;Sørli;Nora Elise;1\n2;O'Hara;Finn;2\n",
        "ID,Name,,Class\n1,Nora Elise,Sørli,7a\n2,Finn,O'Hara,7a\n",
        "ID\tLast name\tFirst name\n1\tSørli\tNora Elise\nID\tLast name\tFirst name\n2\tO'Hara\tFinn\n",
    ],
)
def test_office_lists_with_remarks_page_heads_and_totals_are_read(text: str) -> None:
    roster = parse_roster(text.encode())
    assert names(roster) == BOTH
    assert [pupil.id for pupil in roster.pupils] == ["1", "2"]


def test_two_last_names_and_numbered_lists_are_read() -> None:
    assert names(parse_roster(b"Primer Apellido;Segundo Apellido;Nombre\nLara;Ruiz;Ana")) == ["Ana Lara Ruiz"]
    assert names(parse_roster(b"1. Ada Lind\n2) Bo Okoro\n")) == ["Ada Lind", "Bo Okoro"]


def test_somebody_whose_name_is_a_word_of_a_gradebook_stays_if_an_id_stands_beside_it() -> None:
    assert names(parse_roster(b"name,id\nDate,5\nMean,6\n")) == ["Date", "Mean"]


def test_every_fault_is_named_with_its_line_at_once() -> None:
    data = b"name,id,level\nAnna,1,2\n,2,3\nBen,1,x\nCem,4,5,6\n"
    with pytest.raises(FileProblem) as raised:
        parse_roster(data, where="class.csv")
    assert str(raised.value) == (
        "class.csv: 4 faults: line 3 has no name; line 4: level must be a whole number, not 'x'; line 4 (Ben) has the "
        "id '1' of line 2 (Anna); line 5 has more cells than the first line. Mend these lines; nothing was written"
    )


def test_of_a_thousand_faults_twenty_are_listed_and_the_rest_counted() -> None:
    with pytest.raises(
        FileProblem, match=r"1000 faults: line 2 has no name; .*line 21 has no name; and 980 more"
    ) as raised:
        parse_roster(b"name,level\n" + b",3\n" * 1000)
    assert "line 22" not in str(raised.value)


def test_a_missing_name_is_a_fault_not_a_row_of_points() -> None:
    with pytest.raises(FileProblem, match="line 3 has no name"):
        parse_roster(b"name,house\nAnna,red\n,blue\n")


@pytest.mark.parametrize("text", ["a,b\nc,d", "<p>Anna</p>", "x" * 61, "1\n2\n3", "{}"])
def test_what_is_no_list_of_names_is_refused(text: str) -> None:
    with pytest.raises(FileProblem, match="no line says which column holds the names"):
        parse_roster(text.encode())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("Łukasz\nZoë".encode("cp1250"), "read as Windows-1250"),
        ("Zoë\nJürgen".encode("cp1252"), "read as Windows-1252"),
        ("Zoë\nJürgen".encode("mac_roman"), "read as Mac Roman"),
        ("Zoë\nJürgen".encode("cp850"), "read as MS-DOS (850)"),
        ("O’Hara\nFinn".encode("cp1252"), "read as Windows-1252"),
    ],
)
def test_a_guessed_encoding_is_said(data: bytes, said: str) -> None:
    assert parse_roster(data).reading.form == said


@pytest.mark.parametrize(
    "data",
    ["Юлия\nБорис".encode("cp1251"), "山田\n田中".encode("shift_jis"), "Zoë\n".encode() + "Jürgen".encode("cp1252")],
)
def test_an_encoding_that_cannot_be_told_is_refused(data: bytes) -> None:
    with pytest.raises(FileProblem, match="not UTF-8 text"):
        parse_roster(b"name\n" + data)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"an old Excel file \(\.xls\), or one with a password"),
        (b"%PDF-1.7", "a PDF file"),
        (b"<html><table><tr><td>Anna", "a web page, whatever its name says"),
    ],
)
def test_other_files_are_named_with_what_to_do(data: bytes, what: str) -> None:
    with pytest.raises(FileProblem, match=what) as raised:
        parse_roster(data)
    assert "ave it as an Excel workbook (.xlsx) or as CSV UTF-8" in str(raised.value)
