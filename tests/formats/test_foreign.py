"""What people give for a score and is none is called by its name, with what to do about it."""

import io
import zipfile

import pytest

from musicedu.errors import FileProblem
from musicedu.formats.abc import render_abc
from musicedu.formats.files import load_melody
from musicedu.formats.midi import render_midi
from musicedu.formats.musicxml import render_musicxml
from musicedu.melody import Melody

TUNE = Melody.from_text("C4 D4 E4 F4")
CONTAINER = '<container><rootfiles><rootfile full-path="{}"/></rootfiles></container>'


def archive(**parts):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return data.getvalue()


FOREIGN = {
    "a.docx": (archive(**{"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}), "is a Word document"),
    "a.mxl": (archive(**{"xl/workbook.xml": "<a/>"}), "is an Excel workbook"),
    "a.odt": (archive(**{"content.xml": "<a/>", "META-INF/manifest.xml": "<a/>"}), "is an OpenDocument file"),
    "a.mscz": (
        archive(**{"META-INF/container.xml": CONTAINER.format("a.mscx"), "a.mscx": "<museScore/>"}),
        "MuseScore .* export it as MusicXML",
    ),
    "b.mxl": (archive(**{"a.mscx": "<museScore/>"}), "MuseScore .* export it as MusicXML"),
    "a.mscx": (b'<?xml version="1.0"?>\n<museScore version="4.0">', "MuseScore .* export it as MusicXML"),
    "a.gp": (archive(**{"Content/score.gpif": "<a/>"}), "Guitar Pro .* export it as MusicXML"),
    "a.gp5": (b"\x18FICHIER GUITAR PRO v5.00\0", "Guitar Pro .* export it as MusicXML"),
    "a.sib": (b"\x0fSIBELIUS\0\0", "Open it in Sibelius"),
    "a.musx": (archive(**{"score.dat": b"\1", "NotationMetadata.xml": "<a/>"}), "Open it in Finale"),
    "a.capx": (b"\1\2\3\4", "Open it in capella"),
    "a.ly": (b'% a tune\n\\version "2.24.0"\n\\relative { c d }', "is a LilyPond file"),
    "a.pdf": (b"%PDF-1.7\n%\xe2\xe3", "is a PDF, a picture"),
    "b.musicxml": (b"%PDF-1.7\n%\xe2\xe3", "is a PDF, a picture"),
    "a.png": (b"\x89PNG\r\n\x1a\n", "is a picture"),
    "a.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "is a picture"),
    "a.heic": (b"\0\0\0\x18ftypheic\0\0", "is a picture"),
    "a.mp3": (b"ID3\3\0\0\0", "is a recording"),
    "b.mid": (b"\xff\xfb\x90\x64\0", "is a recording"),
    "a.wav": (b"RIFF\x24\0\0\0WAVEfmt ", "is a recording"),
    "a.m4a": (b"\0\0\0\x20ftypM4A ", "is a recording"),
    "c.xml": (b"<!doctype html><html><body>Sign in</body></html>", "is a web page"),
    "a.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an older Office program"),
    "a.rar": (b"Rar!\x1a\7\0", "Unpack it"),
    "a.zip": (archive(**{"one.mid": b"MThd", "two.mid": b"MThd"}), r"Unpack it, and give a score in it \(one.mid\)"),
    "c.mxl": (archive(**{"readme.txt": "Hello"}), "the archive holds no score"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_it_is_called_by_its_name_and_something_can_be_done(name, tmp_path):
    data, said = FOREIGN[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileProblem, match=said) as fault:
        load_melody(tmp_path / name)
    assert fault.value.remedy


@pytest.mark.parametrize("suffix", ["sib", "gp5", "mscz", "pdf", "txt"])
@pytest.mark.parametrize("render", [render_musicxml, render_midi, lambda melody: render_abc(melody).encode()])
def test_a_score_under_a_foreign_suffix_is_a_score(suffix, render, tmp_path):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(render(TUNE))
    is_abc = path.read_bytes().startswith(b"X:")
    if is_abc and suffix in ("sib", "gp5", "mscz"):
        with pytest.raises(FileProblem, match="export it as MusicXML"):
            load_melody(path)
    else:
        assert load_melody(path).pitches == TUNE.pitches


def test_an_archive_without_its_note_or_from_a_mac_is_read(tmp_path):
    score = render_musicxml(TUNE)
    wrong = {"META-INF/container.xml": CONTAINER.format("gone.xml"), "score.xml": score}
    for parts in ({"a.musicxml": score}, {"__MACOSX/._a.xml": b"\0", "folder/a.xml": score}, wrong):
        (tmp_path / "a.mxl").write_bytes(archive(**parts))
        assert load_melody(tmp_path / "a.mxl") == TUNE
