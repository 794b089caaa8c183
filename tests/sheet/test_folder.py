import errno
import io
import json
import wave
from pathlib import Path

import pytest

from musicedu.errors import StorageProblem
from musicedu.exercise.generator import generate
from musicedu.exercise.recipe import parse_recipe
from musicedu.formats.files import load_melody
from musicedu.sheet import folder as folder_module
from musicedu.sheet.folder import exercise_name, render, save_exercise
from tests.sheet.examples import PHRASE, exercise

RECIPE = "me1 clarinet L3 s42 measures=4"


@pytest.fixture(scope="module")
def generated():
    return generate(parse_recipe(RECIPE))


def test_an_exercise_is_saved_as_five_files(tmp_path, generated):
    saved = save_exercise(generated, tmp_path / "new" / "folder")
    assert sorted((tmp_path / "new" / "folder").iterdir()) == sorted(saved)
    assert saved.pdf.read_bytes().startswith(b"%PDF")
    assert load_melody(saved.musicxml).pitches == generated.melody.pitches
    sounding = [pitch + generated.melody.transposition for pitch in generated.melody.pitches]
    read = load_melody(saved.midi)
    assert [pitch + read.transposition for pitch in read.pitches] == sounding
    with wave.open(io.BytesIO(saved.wav.read_bytes())) as file:
        assert file.getnframes() > file.getframerate()
    assert generate(parse_recipe(json.loads(saved.recipe.read_text())["recipe"])).melody == generated.melody


def test_the_same_recipe_gives_the_same_bytes(tmp_path, generated):
    first = save_exercise(generated, tmp_path / "a")
    second = save_exercise(generate(parse_recipe(RECIPE)), tmp_path / "b")
    assert [path.name for path in first] == [path.name for path in second]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_names_tell_exercises_apart():
    plain, wished = exercise(), exercise(key="D")
    assert exercise_name(plain) == "violin-level3-42"
    assert exercise_name(wished).startswith("violin-level3-42-")
    assert exercise_name(wished) != exercise_name(exercise(key="G"))


def test_other_files_in_the_folder_stay(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    save_exercise(exercise(), tmp_path, "a")
    save_exercise(exercise(PHRASE * 2), tmp_path, "a")
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 6


def test_nothing_is_half_written_when_the_disk_is_full(tmp_path, monkeypatch):
    written = []

    def fill(self, data):
        written.append(self)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return len(data)

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(StorageProblem, match="no space is left on the disk"):
        save_exercise(exercise(), tmp_path / "week")
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_when_the_sound_fails(tmp_path, monkeypatch):
    def fail(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(folder_module, "synthesise", fail)
    with pytest.raises(KeyboardInterrupt):
        save_exercise(exercise(), tmp_path / "week")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["", ".", "..", "../up", "a/b", "a\\b"])
def test_a_name_never_leaves_the_folder(tmp_path, name):
    with pytest.raises(ValueError, match="plain file name"):
        save_exercise(exercise(), tmp_path, name)


def test_a_kind_of_file_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="kind must be one of pdf, musicxml, midi, wav, recipe"):
        render(exercise(), "docx")
