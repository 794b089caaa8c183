"""A workspace is laid out without touching a student's work."""

import json
import os
import subprocess

import pytest

from musicedu.course.build import build_course
from musicedu.course.lab import RECORD, default_workspace, lay_out_workspace, start_lab
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


def newer(lessons, name="01_beats.ipynb"):
    path = lessons / name
    path.write_text(path.read_text().replace("1 + 1", "1 + 1 + 1"))


def test_the_first_time_all_is_new(lessons, tmp_path):
    workspace = lay_out_workspace(tmp_path / "mine", lessons=lessons)
    assert workspace.new == ("01_beats.ipynb", "02_more.ipynb")
    assert workspace.lines[0].endswith("mine: 01_beats.ipynb, 02_more.ipynb.")
    assert (workspace.folder / "01_beats.ipynb").read_bytes() == (lessons / "01_beats.ipynb").read_bytes()
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
    assert (mine.parent / beside).read_bytes() == (lessons / "01_beats.ipynb").read_bytes()
    assert "Your work is kept" in workspace.lines[0]
    assert lay_out_workspace(mine.parent, lessons=lessons).beside == ()


def test_a_lesson_nobody_worked_on_is_brought_up_to_date(lessons, tmp_path):
    mine = lay_out_workspace(tmp_path / "mine", lessons=lessons).folder
    newer(lessons)
    assert lay_out_workspace(mine, lessons=lessons).updated == ("01_beats.ipynb",)
    assert (mine / "01_beats.ipynb").read_bytes() == (lessons / "01_beats.ipynb").read_bytes()


@pytest.mark.parametrize("record", ["", "[]", "{"])
def test_without_a_readable_record_a_lesson_counts_as_worked_on(lessons, tmp_path, record):
    mine = lay_out_workspace(tmp_path / "mine", lessons=lessons).folder
    (mine / RECORD).write_text(record)
    newer(lessons)
    assert len(lay_out_workspace(mine, lessons=lessons).beside) == 1
    assert len(json.loads((mine / RECORD).read_text())) == 2


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


def test_jupyterlab_is_started_on_the_workspace_and_asks_nothing_of_the_network(monkeypatch, tmp_path):
    seen = {}

    def run(command, env, check):
        seen.update(command=command, environment=env)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", run)
    assert start_lab(tmp_path, open_browser=False) == 3
    assert seen["command"][1:4] == ["-m", "jupyterlab", str(tmp_path)]
    assert "--no-browser" in seen["command"]
    assert "--LabApp.news_url=None" in seen["command"]
    assert seen["environment"]["JUPYTER_PREFER_ENV_PATH"] == "1"
    start_lab(tmp_path)
    assert "--no-browser" not in seen["command"]


def test_the_default_workspace_is_in_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert default_workspace().parent == tmp_path
