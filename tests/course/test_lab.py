"""A workspace is laid out without touching a student's work."""

import json
import os
from pathlib import Path

import nbformat
import pytest

from musicedu.course.build import build_course
from musicedu.course.lab import default_workspace, lay_out_workspace
from musicedu.course.laid_out import RECORD, is_untouched
from musicedu.errors import FileProblem, StorageProblem


@pytest.fixture(autouse=True)
def own_notary(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))


@pytest.fixture
def lessons(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "01_beats.py").write_text("# %%\n1 + 1\n", encoding="utf-8")
    (source / "02_more.py").write_text("# %%\n2 + 2\n", encoding="utf-8")
    build_course(source, tmp_path / "lessons", execute=False)
    return tmp_path / "lessons"


def cells_of(path):
    return nbformat.read(path, as_version=4).cells


def newer(lessons, name="01_beats.ipynb"):
    path = lessons / name
    path.write_text(path.read_text().replace("1 + 1", "1 + 1 + 1").replace("2 + 2", "2 + 2 + 2"))


def test_the_first_time_all_is_new(lessons, tmp_path):
    workspace = lay_out_workspace(tmp_path / "mine", lessons=lessons)
    assert workspace.new == ("01_beats.ipynb", "02_more.ipynb")
    assert workspace.lines[0].endswith("mine: 01_beats.ipynb, 02_more.ipynb.")
    assert is_untouched((workspace.folder / "01_beats.ipynb").read_bytes())
    assert cells_of(workspace.folder / "01_beats.ipynb") == cells_of(lessons / "01_beats.ipynb")
    assert not list(workspace.folder.glob("*solutions*"))


def test_the_second_time_nothing_is_done(lessons, tmp_path):
    lay_out_workspace(tmp_path / "mine", lessons=lessons)
    again = lay_out_workspace(tmp_path / "mine", lessons=lessons)
    assert again.new == again.updated == again.beside == ()
    assert "up to date" in again.lines[0]


def test_work_is_never_overwritten(lessons, tmp_path):
    mine = lay_out_workspace(tmp_path / "mine", lessons=lessons).folder / "01_beats.ipynb"
    mine.write_text("my work")
    assert lay_out_workspace(mine.parent, lessons=lessons).beside == ()
    newer(lessons)
    workspace = lay_out_workspace(mine.parent, lessons=lessons)
    assert mine.read_text() == "my work"
    (beside,) = workspace.beside
    assert cells_of(mine.parent / beside) == cells_of(lessons / "01_beats.ipynb")
    assert "Your work is kept" in workspace.lines[0]
    assert lay_out_workspace(mine.parent, lessons=lessons).beside == ()


def test_a_lesson_nobody_worked_on_is_brought_up_to_date(lessons, tmp_path):
    mine = lay_out_workspace(tmp_path / "mine", lessons=lessons).folder
    newer(lessons)
    assert lay_out_workspace(mine, lessons=lessons).updated == ("01_beats.ipynb",)
    assert cells_of(mine / "01_beats.ipynb") == cells_of(lessons / "01_beats.ipynb")


@pytest.mark.parametrize("record", [None, "", "[]", "{", '{"01_beats.ipynb": "0"}'])
def test_whatever_the_record_says_work_is_told_from_what_was_laid_out(lessons, tmp_path, record):
    mine = lay_out_workspace(tmp_path / "mine", lessons=lessons).folder
    (mine / "01_beats.ipynb").write_text("my work")
    (mine / RECORD).unlink()
    if record is not None:
        (mine / RECORD).write_text(record)
    newer(lessons)
    newer(lessons, "02_more.ipynb")
    workspace = lay_out_workspace(mine, lessons=lessons)
    assert (len(workspace.beside), workspace.updated) == (1, ("02_more.ipynb",))
    assert (mine / "01_beats.ipynb").read_text() == "my work"
    assert len(json.loads((mine / RECORD).read_text())) == 2


def test_work_in_the_file_put_beside_is_kept_too(lessons, tmp_path):
    mine = lay_out_workspace(tmp_path / "mine", lessons=lessons).folder
    (mine / "01_beats.ipynb").write_text("my work")
    newer(lessons)
    (beside,) = lay_out_workspace(mine, lessons=lessons).beside
    (mine / beside).write_text("more work")
    (mine / RECORD).unlink()
    (another,) = lay_out_workspace(mine, lessons=lessons).beside
    assert another != beside
    assert (mine / beside).read_text() == "more work"


def test_a_version_that_was_thrown_away_does_not_come_back(lessons, tmp_path):
    mine = lay_out_workspace(tmp_path / "mine", lessons=lessons).folder
    (mine / "01_beats.ipynb").write_text("my work")
    newer(lessons)
    (beside,) = lay_out_workspace(mine, lessons=lessons).beside
    (mine / beside).unlink()
    assert lay_out_workspace(mine, lessons=lessons).beside == ()


def test_a_checkout_is_not_laid_out_over_itself(lessons):
    before = {path.name: path.read_bytes() for path in lessons.glob("*.ipynb")}
    assert set(lay_out_workspace(lessons, lessons=lessons).kept) == set(before)
    assert {path.name: path.read_bytes() for path in lessons.glob("*.ipynb")} == before


def test_a_folder_that_cannot_be_used_is_named(lessons, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageProblem, match="file: a file stands where a folder is needed"):
        lay_out_workspace(tmp_path / "file", lessons=lessons)
    with pytest.raises(FileProblem, match="no lesson was found"):
        lay_out_workspace(tmp_path / "mine", lessons=tmp_path / "source")


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else False, reason="root may write everywhere")
def test_a_read_only_folder_is_named(lessons, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(StorageProblem, match="you may not write here"):
        lay_out_workspace(tmp_path / "locked" / "mine", lessons=lessons)


def test_the_default_workspace_is_in_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert default_workspace().parent == tmp_path


def test_where_there_is_no_home_a_folder_is_asked_for(monkeypatch):
    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(StorageProblem, match="musicedu lab FOLDER"):
        default_workspace()


def test_what_cannot_be_marked_as_trusted_is_said_once(lessons, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "file"))
    lay_out_workspace(tmp_path / "mine", lessons=lessons)
    assert len(capsys.readouterr().err.splitlines()) <= 1
