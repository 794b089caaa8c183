"""Compressed MusicXML: back and forth is the identity, and no archive does harm."""

import io
import warnings
import zipfile

import pytest
from hypothesis import given, settings

from musicedu.errors import FileProblem
from musicedu.formats.musicxml import render_musicxml
from musicedu.formats.mxl import parse_mxl, render_mxl
from musicedu.melody import Melody
from tests.strategies import melodies

TUNE = Melody.from_text("C4:1 D4:1 E4:2", title="Three steps")
CONTAINER = '<container><rootfiles><rootfile full-path="{}"/></rootfiles></container>'


def archive(*members: tuple[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return buffer.getvalue()


def packed(name: str = "a.xml", score: str | bytes = b"") -> bytes:
    return archive(("META-INF/container.xml", CONTAINER.format(name)), (name, score or render_musicxml(TUNE)))


@settings(max_examples=25)
@given(melodies(max_measures=2))
def test_parsing_what_was_rendered_gives_the_same_melody(melody: Melody) -> None:
    assert parse_mxl(render_mxl(melody)) == melody


def test_the_same_melody_gives_the_same_bytes() -> None:
    assert render_mxl(TUNE) == render_mxl(TUNE)
    assert {member.date_time[0] for member in zipfile.ZipFile(io.BytesIO(render_mxl(TUNE))).infolist()} == {1980}


def test_scores_of_other_programs_are_found() -> None:
    assert parse_mxl(packed("scores/tune.xml")) == TUNE
    assert parse_mxl(archive(("tune.xml", render_musicxml(TUNE)))) == TUNE
    named = CONTAINER.replace("<container>", '<container xmlns="urn:oasis:names">').format("tune.xml")
    assert parse_mxl(archive(("META-INF/container.xml", named), ("tune.xml", render_musicxml(TUNE)))) == TUNE


def test_music21_reads_the_archive(tmp_path) -> None:
    converter = pytest.importorskip("music21.converter")
    path = tmp_path / "tune.mxl"
    path.write_bytes(render_mxl(TUNE))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = converter.parse(path, forceSource=True)
    assert [note.pitch.midi for note in score.flatten().notes] == [60, 62, 64]


def encrypted() -> bytes:
    data = bytearray(packed())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(signature, start + 1)) >= 0:
            data[start + place] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"not a zip", "this is no .mxl archive, or it is broken"),
        (packed()[:-30], "this is no .mxl archive, or it is broken"),
        (packed().replace(b"</score", b"</scora")[:80] + packed()[90:], "no .mxl archive|broken"),
        (packed("../../etc/passwd"), "names a file outside itself"),
        (packed("/etc/passwd"), "names a file outside itself"),
        (packed("C:\\scores\\a.xml"), "names a file outside itself"),
        (packed(score=b" " * 30_000_000), "unpacks to far more than a score"),
        (packed(score=b"<a/>" + b" " * 2_000_000), "unpacks to far more than a score"),
        (archive(("META-INF/container.xml", CONTAINER.format("gone.xml"))), "the archive holds no score"),
        (archive(("META-INF/container.xml", "<container>")), "container.xml is broken"),
        (archive(("META-INF/container.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')), "container.xml is broken"),
        (archive(("readme.txt", "hello")), "the archive holds no score"),
        (archive(*((f"{n}.png", b"") for n in range(1001))), "holds 1,001 files"),
        (encrypted(), "the archive is encrypted"),
        (packed(score=b"<html/>"), "this is not MusicXML"),
    ],
)
def test_a_bad_archive_is_one_line_that_says_why(data: bytes, message: str) -> None:
    with pytest.raises(FileProblem, match=message) as caught:
        parse_mxl(data, "tune.mxl")
    assert str(caught.value).startswith("tune.mxl: ")
    assert "\n" not in str(caught.value)


def test_a_lying_size_in_the_header_does_not_help_a_bomb() -> None:
    data = bytearray(packed(score=b"<a/>" + b" " * 3_000_000))
    size = (3_000_004).to_bytes(4, "little")
    while size in data:
        data[data.index(size) : data.index(size) + 4] = (50).to_bytes(4, "little")
    with pytest.raises(FileProblem, match=r"broken|far more"):
        parse_mxl(bytes(data), "tune.mxl")
