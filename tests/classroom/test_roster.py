import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.classroom.roster import MOST_BYTES, load_roster, parse_roster
from musicedu.errors import FileProblem


def names(data):
    return [pupil.name for pupil in parse_roster(data).pupils]


@pytest.mark.parametrize(
    "data",
    [
        b"name\nAnna\nBen\n",
        b"name,level\r\nAnna,\r\nBen,\r\n",
        b"name;level\nAnna;\nBen;\n",
        b"level\tname\n\tAnna\n\tBen",
        b"\xef\xbb\xbfName\nAnna\nBen",
        "name\nAnna\nBen".encode("utf-16"),
        b'\n"name"\n\n"Anna"\n   \n"Ben"\n\n',
        b"NAME , e-mail\n Anna , a@b.c\nBen,",
    ],
)
def test_what_spreadsheets_save_is_read(data):
    assert names(data) == ["Anna", "Ben"]


def test_wishes_are_read_by_column_and_other_columns_are_named():
    roster = parse_roster("name;Instrument;level;tempo bpm;class\nZoë;flute;2;80;5b\nŁukasz;;;;5b".encode())
    assert dict(roster.pupils[0].wishes) == {"instrument": "flute", "level": 2, "tempo_bpm": 80}
    assert roster.pupils[1].wishes == ()
    assert roster.ignored == ("class",)


def test_equal_names_get_numbers_and_a_comma_may_stand_in_quotes():
    assert names(b'name,level\nAnna,1\n"Bach, Anna",2\nAnna,3') == ["Anna", "Bach, Anna", "Anna 2"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the roster is empty"),
        (b" \n\n", "the roster is empty"),
        (b"name,level\n", "the roster has no names"),
        (b"Anna,5b\nBen,5b", "no line says which column holds the names"),
        (b"name,name\nAnna,Ben", "two columns are called name"),
        (b"name,level\n,3", "line 2 has no name"),
        (b"name,level\nAnna,three", "line 2: level must be a whole number, not 'three'"),
        (b"name\nBach, Anna", "line 2 has more cells than the first line"),
        (b'name\n"Anna\nBen', "line 2 cannot be read"),
        ("name\nЗоя".encode("koi8-r"), r"not UTF-8 text \(line 2\)"),
        (b"PK\x03\x04rest", "this spreadsheet is damaged"),
        (b"name\n" + b"a\n" * MOST_BYTES, "larger than a megabyte"),
        (b"name\n" + b"a\n" * 1001, "more than 1000 names"),
    ],
)
def test_a_wrong_roster_is_refused_in_one_line(data, problem):
    with pytest.raises(FileProblem, match=problem) as raised:
        parse_roster(data, where="class.csv")
    assert str(raised.value).startswith("class.csv: ")
    assert "\n" not in str(raised.value)


@settings(max_examples=150)
@given(
    st.binary(max_size=200) | st.text(max_size=100).map(lambda text: b"name,level\n" + text.encode("utf-8", "replace"))
)
def test_any_bytes_give_a_roster_or_one_clear_line(data):
    try:
        roster = parse_roster(data)
    except FileProblem:
        return
    assert roster.pupils
    assert all(pupil.name and pupil.name.isprintable() for pupil in roster.pupils)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileProblem, match=r"class\.csv: there is no such file"):
        load_roster(tmp_path / "class.csv")
    (tmp_path / "class.csv").write_text("name\nAnna\n")
    assert load_roster(tmp_path / "class.csv").where.endswith("class.csv")
