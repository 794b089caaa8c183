import os
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.classroom.names import clean_name, file_name, numbered

EVIL = (
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\evil",
    "..",
    ".",
    "a\0b",
    "x\n../y",
    "\u202egnp.exe",
    "CON",
    "  ",
    "COM¹",
    "lpt².pdf",
    "CONIN$",
    "Conout$",
    "nul .tar.gz",
    "ＣＯＮ",
    "clock$. ",
    "com0",
)


@settings(max_examples=200)
@given(st.text(max_size=300) | st.sampled_from(EVIL))
def test_a_file_name_stays_in_its_folder_and_is_safe_everywhere(name):
    safe = file_name(name)
    assert safe == os.path.basename(safe) == safe.strip(". ")
    assert not set(safe) & set('/\\:*?"<>|\0\n\r\t')
    assert 0 < len(safe.encode()) <= 121
    device = unicodedata.normalize("NFKC", safe.split(".")[0]).strip().lower()
    assert device not in ("con", "nul", "aux", "prn", "com1", "lpt9", "conin$", "conout$", "clock$")
    assert file_name(safe) in (safe, f"_{safe}")


@pytest.mark.parametrize("name", ["Zoë", "Łukasz", "Юлия", "李小龙", "O'Brien", "Anne-Marie", "J. R. Ewing"])
def test_an_ordinary_name_is_its_own_file_name(name):
    assert file_name(name) == clean_name(name) == name


@settings(max_examples=100)
@given(st.lists(st.sampled_from(["Anna", "anna", "ANNA", "Ben", "Anna 2", "ﬁ", "fi"]), max_size=8))
def test_numbered_names_differ_also_where_case_does_not_count(names):
    found = numbered(names)
    assert len({name.casefold() for name in found}) == len(names)
    assert all(new.startswith(old) for new, old in zip(found, names, strict=True))
