import subprocess
import sys

import pytest

from musicedu.errors import FileProblem, StorageProblem
from musicedu.formats.abc import render_abc
from musicedu.formats.files import SUFFIXES, load_melody, save_melody
from musicedu.formats.midi import render_midi
from musicedu.formats.musicxml import render_musicxml
from musicedu.formats.mxl import render_mxl
from musicedu.melody import Melody

TUNE = Melody.from_text("G4:1 C5:3/2 D5:1/2 E5:1/3 F5:1/3 E5:1/3 C5:2", metre="3/4", anacrusis=1, title="Täne")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_saved_melody_is_loaded_again(tmp_path, suffix):
    path = tmp_path / f"tune{suffix.upper()}"
    save_melody(TUNE, path)
    assert load_melody(path) == TUNE
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("render", [render_abc, render_midi, render_musicxml, render_mxl])
@pytest.mark.parametrize("name", ["tune", "tune.txt", "tune.abc"])
def test_the_content_tells_the_format_where_the_name_does_not(tmp_path, render, name):
    data = render(TUNE)
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    assert load_melody(tmp_path / name).pitches == TUNE.pitches


def test_abc_in_latin_1_or_with_a_byte_order_mark_is_read(tmp_path):
    for encoding in ("latin-1", "utf-8-sig"):
        (tmp_path / "tune.abc").write_bytes(render_abc(TUNE).encode(encoding))
        assert load_melody(tmp_path / "tune.abc").title == "Täne"


def test_musicxml_in_utf_16_is_read(tmp_path):
    text = render_musicxml(TUNE).decode().replace("UTF-8", "UTF-16").replace("utf-8", "UTF-16")
    (tmp_path / "tune.xml").write_bytes(text.encode("utf-16"))
    assert load_melody(tmp_path / "tune.xml").title == "Täne"


@pytest.mark.parametrize(
    ("name", "data", "match"),
    [
        ("tune.abc", b"", "tune.abc: is empty. Known are MusicXML"),
        ("tune.mid", b" \n", "is empty"),
        ("tune.mid", b"\0\1\2", "is not a MIDI file"),
        ("tune.mxl", b"PK\3\4broken", "no .mxl archive"),
        ("tune.musicxml", b"nothing", "tune.musicxml"),
        ("tune.abc", b"\x89PNG\r\n", "is a picture"),
        ("tune.pdf", b"%PDF-1.4 \0", "is a PDF"),
        ("tune", b"hello", r"Known are MusicXML \(.musicxml, .xml, .mxl\), MIDI \(.mid, .midi\) and ABC \(.abc\)"),
    ],
)
def test_files_without_a_melody_are_refused_in_one_line(tmp_path, name, data, match):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileProblem, match=match) as caught:
        load_melody(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(FileProblem, match="there is no such file"):
        load_melody(tmp_path / "missing.mid")
    with pytest.raises(FileProblem, match="is a folder"):
        load_melody(tmp_path)
    with pytest.raises(FileProblem, match=r"cannot be read|no such file"):
        load_melody("bad\0name.mid")
    with (tmp_path / "large.abc").open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(FileProblem, match="at most 50 MB"):
        load_melody(tmp_path / "large.abc")


def test_a_suffix_that_names_no_format_is_refused(tmp_path):
    for name, match in (("tune.wav", "the suffix .wav"), ("tune", "no suffix")):
        with pytest.raises(FileProblem, match=match):
            save_melody(TUNE, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageProblem):
        save_melody(TUNE, tmp_path / "file" / "tune.mid")


def test_a_melody_that_cannot_be_written_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "tune.abc"
    save_melody(TUNE, path)
    before = path.read_bytes()
    with pytest.raises(Exception, match="no note value fits"):
        save_melody(Melody.from_text("C4:1/128 D4:127/128"), path)
    assert path.read_bytes() == before


def test_files_are_loaded_and_saved_without_music21(tmp_path):
    code = (
        "import sys; from pathlib import Path; from musicedu.formats.files import load_melody, save_melody;"
        "from musicedu.melody import Melody; t = Melody.from_text('C4:4');"
        "[save_melody(t, Path(sys.argv[1]) / ('t' + s)) for s in ('.mid', '.xml', '.mxl', '.abc')];"
        "[load_melody(Path(sys.argv[1]) / ('t' + s)) for s in ('.mid', '.xml', '.mxl')];"
        "heavy = {'music21', 'tensorflow', 'librosa', 'verovio'} & set(sys.modules); print(*heavy)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")
