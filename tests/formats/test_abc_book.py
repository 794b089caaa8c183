"""ABC files in every encoding that they come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.formats.abc_book import holds_abc, text_of
from musicedu.formats.files import load_melody

TEXT = "X:1\nT:Café à Zürich, don’t “ask”\nM:4/4\nL:1/8\nK:G\nG8|A8|\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["tune.abc", "tune"])
def test_the_text_is_found_in_every_encoding(tmp_path, encoding, end, name):
    data = TEXT.replace("\n", end).encode(encoding)
    assert text_of(data) == TEXT.replace("\n", end)
    (tmp_path / name).write_bytes(data)
    melody = load_melody(tmp_path / name)
    assert (melody.title, melody.pitches) == ("Café à Zürich, don’t “ask”", (67, 69))


def test_one_stray_byte_changes_no_other_sign():
    assert text_of(b"T:Caf\xc3\xa9 \xff na\xc3\xafve\n") == "T:Café ÿ naïve\n"


@given(st.binary(max_size=200))
def test_every_file_is_decoded(data):
    text_of(data).encode("utf-8", errors="surrogatepass")
    assert holds_abc(data) in (True, False)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_utf_8_is_read_as_it_is(text):
    assert text_of(text.encode()) == text.removeprefix("\ufeff")
