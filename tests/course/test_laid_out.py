"""Whatever happens to a workspace, what a student wrote stays in it."""

import json
import os
import re
import shutil
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, writes

from musicedu.course import laid_out
from musicedu.course.lab import lay_out_workspace
from musicedu.course.laid_out import RECORD, Action, Standing, is_untouched, plan, seal

NAMES = ("00_start.ipynb", "01_beats.ipynb")
DISK = ("link", "rename", "replace", "unlink")


@pytest.fixture(autouse=True, scope="module")
def no_notary():
    """Marking as trusted is not what is tried here, and slow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("musicedu.course.lab._trust", lambda paths: None)
        yield


def built(text, **metadata):
    notebook = new_notebook(cells=[new_code_cell(text, id="only")], metadata=metadata)
    return writes(notebook, indent=1).encode() + b"\n"


def edited(data, text):
    notebook = json.loads(data)
    notebook["cells"][0]["source"] = text
    return json.dumps(notebook, indent=1, sort_keys=True).encode()


def found(**standing):
    """What stands in a workspace, as `plan` asks for it; the names are given without their ending."""
    return lambda name: standing.get(name.removesuffix(".ipynb").replace(".", "_").replace("-", "_"))


OLD, NEW = seal("a.ipynb", built("one")), seal("a.ipynb", built("two"))
BESIDE = f"a.{NEW.seal[:6]}"


@pytest.mark.parametrize(
    ("standing", "action"),
    [
        (None, Action("new", "a.ipynb")),
        (Standing(NEW.data), Action("kept", "a.ipynb")),
        (Standing(OLD.data), Action("updated", "a.ipynb")),
        (Standing(OLD.data, is_plain=False), Action("beside", f"{BESIDE}.ipynb")),
        (Standing(edited(OLD.data, "mine")), Action("beside", f"{BESIDE}.ipynb")),
        (Standing(edited(NEW.data, "mine")), Action("kept", "a.ipynb")),
        (Standing(built("two")), Action("renewed", "a.ipynb")),
        (Standing(built("one")), Action("beside", f"{BESIDE}.ipynb")),
        (Standing(b""), Action("beside", f"{BESIDE}.ipynb")),
        (Standing(b"[1]"), Action("beside", f"{BESIDE}.ipynb")),
    ],
)
def test_only_what_is_sealed_and_as_it_was_is_replaced(standing, action):
    assert plan(NEW, found(a=standing)) == action


def test_a_name_that_is_taken_is_passed_over():
    taken = {"a": Standing(b"mine"), BESIDE.replace(".", "_"): Standing(b"mine too")}
    assert plan(NEW, found(**taken)) == Action("beside", f"{BESIDE}-2.ipynb")
    taken[BESIDE.replace(".", "_")] = Standing(edited(NEW.data, "worked on"))
    assert plan(NEW, found(**taken)) == Action("kept", f"{BESIDE}.ipynb")


def test_what_jupyterlab_adds_by_opening_is_no_work():
    notebook = json.loads(OLD.data)
    notebook["metadata"] |= {"language_info": {"name": "python", "version": "9"}, "widgets": {"state": {}}}
    notebook["cells"][0]["source"] = ["one"]
    opened = json.dumps(notebook).encode()
    assert is_untouched(opened)
    assert plan(OLD, found(a=Standing(opened))) == Action("renewed", "a.ipynb")
    notebook["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    assert not is_untouched(json.dumps(notebook).encode())


class Killed(BaseException):
    """The process is gone: nothing that comes after is done."""


def lay_out(folder, lessons, steps=None):
    """Lay out, and be killed before the given step on the disk; returns whether it came to its end."""
    left = [steps]

    def stopping(function):
        def stepping(*arguments, **options):
            if left[0] is not None:
                left[0] -= 1
                if left[0] < 0:
                    raise Killed
            return function(*arguments, **options)

        return stepping

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", stopping(lambda _: None))  # the disk itself is not what is tried here
        for name in DISK:
            patch.setattr(os, name, stopping(getattr(os, name)))
        try:
            lay_out_workspace(folder, lessons=lessons)
        except Killed:
            return False
    return True


def every_text(folder):
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


versions = st.sampled_from(["one", "two", "three"])
names = st.sampled_from(NAMES)
things = st.one_of(
    st.tuples(st.just("ship"), names, st.one_of(st.none(), versions)),
    st.tuples(st.just("edit"), st.integers(0, 7), st.sampled_from(["edit", "write", "output"])),
    st.tuples(st.just("move"), st.integers(0, 7), st.one_of(names, st.just("mine.ipynb"), st.integers(0, 7))),
    st.tuples(st.just("copy"), st.integers(0, 7), st.one_of(names, st.just("mine.ipynb"), st.integers(0, 7))),
    st.tuples(st.just("drop"), names, st.none()),
    st.tuples(st.just("link"), st.integers(0, 7), names),
    st.tuples(st.just("record"), st.sampled_from(["lose", "spoil", "older", "lie"]), st.none()),
    st.tuples(st.just("lab"), st.one_of(st.none(), st.integers(0, 25)), st.none()),
)


class History:
    """A student, a workspace, and what happens to them."""

    def __init__(self, home):
        self.folder, self.lessons, self.n_written, self.written, self.records = (
            home / "mine",
            home / "shipped",
            0,
            {},
            [b"{}"],
        )
        self.lessons.mkdir()
        for name in NAMES:
            (self.lessons / name).write_bytes(built(f"{name} one"))

    def files(self):
        return sorted(path for path in self.folder.glob("*.ipynb")) if self.folder.is_dir() else []

    def ship(self, name, version):
        if version is None:
            (self.lessons / name).unlink(missing_ok=True)
            (self.lessons / "02_other.ipynb").write_bytes(built("other"))
        else:
            (self.lessons / name).write_bytes(built(f"{name} {version}"))

    def edit(self, which, how):
        for path in self.files()[which : which + 1]:
            self.n_written += 1
            text, before = f"work {self.n_written}", path.read_bytes()
            self.forget(before)
            if how == "write" or not before.startswith(b"{"):
                path.write_text(text)
            else:
                path.write_bytes(edited(before, text))
            self.written[text] = path.read_bytes()

    def forget(self, data):
        """What a student writes over, throws away or moves something onto is gone by their own hand."""
        self.written = {text: kept for text, kept in self.written.items() if kept != data}

    def target_of(self, goal):
        files = self.files()
        return self.folder / goal if isinstance(goal, str) else (files[goal] if goal < len(files) else None)

    def move(self, which, goal, take=os.replace):
        source = next(iter(self.files()[which : which + 1]), None)
        target = self.target_of(goal)
        if source is None or target is None or source == target or (target.exists() and target.samefile(source)):
            return
        lost = target.read_bytes() if target.is_file() else None
        take(source, target)
        if lost is not None and lost not in every_text(self.folder):
            self.forget(lost)

    def copy(self, which, goal):
        self.move(which, goal, shutil.copyfile)

    def drop(self, name, _):
        path = self.folder / name
        if path.is_file():
            lost = path.read_bytes()
            path.unlink()
            if lost not in every_text(self.folder):
                self.forget(lost)

    def link(self, which, name):
        source = next(iter(self.files()[which : which + 1]), None)
        if source is not None and not os.path.lexists(self.folder / name):
            (self.folder / name).symlink_to(source.name)

    def record(self, how, _):
        path = self.folder / RECORD
        if path.is_file():
            self.records.append(path.read_bytes())
            if how == "lose":
                path.unlink()
            elif how == "lie":
                path.write_text(json.dumps({name: laid_out._seals(self.read(name))[1] or "" for name in NAMES}))
            else:
                path.write_bytes(b'{"00' if how == "spoil" else self.records[0])

    def read(self, name):
        path = self.folder / name
        return path.read_bytes() if path.is_file() else b""

    def lab(self, steps, _):
        if any(self.lessons.glob("*.ipynb")):
            done = lay_out(self.folder, self.lessons, steps)
            if done:
                assert [path.name for path in self.folder.glob(".*") if path.name != RECORD] == []


@settings(max_examples=100)
@given(st.lists(things, min_size=3, max_size=14))
def test_what_a_student_wrote_is_there_after_every_history(history):
    with TemporaryDirectory() as home:
        student = History(Path(home))
        student.lab(None, None)
        for kind, first, second in history:
            getattr(student, kind)(first, second)
            present = every_text(student.folder)
            lost = [text for text, data in student.written.items() if data not in present]
            assert not lost, (kind, first, second)
        student.lab(None, None)
        shown = [path.read_bytes() for path in student.folder.glob("*.ipynb") if path.is_file()]
        assert all(data in shown for data in student.written.values())


@pytest.mark.parametrize("steps", range(14))
@pytest.mark.parametrize("work", [True, False])
def test_a_kill_at_any_step_loses_nothing_and_leaves_nothing(tmp_path, steps, work):
    student = History(tmp_path)
    student.lab(None, None)
    if work:
        student.edit(0, "edit")
    student.ship(NAMES[0], "two")
    student.ship(NAMES[1], "two")
    student.lab(steps, None)
    student.lab(None, None)
    assert all(data in every_text(student.folder) for data in student.written.values())
    files = {path.name for path in student.folder.glob("*.ipynb")}
    assert len(files) == 2 + work
    assert "01_beats.ipynb two" in student.read(NAMES[1]).decode()


@pytest.mark.parametrize("call", ["rename", "link"])
def test_what_is_saved_this_very_moment_is_kept(tmp_path, monkeypatch, call):
    student = History(tmp_path)
    student.lab(None, None)
    student.ship(NAMES[0], "two")
    mine, before = student.folder / NAMES[0], getattr(os, call)

    def saved_first(*arguments):
        monkeypatch.setattr(os, call, before)
        mine.write_text("saved")
        return before(*arguments)

    monkeypatch.setattr(os, call, saved_first)
    workspace = lay_out_workspace(student.folder, lessons=student.lessons)
    assert mine.read_text() == "saved"
    assert len(workspace.beside) == 1


def test_a_disk_without_second_names_will_do(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refused)
    student = History(tmp_path)
    student.lab(None, None)
    student.edit(0, "edit")
    student.ship(NAMES[0], "two")
    student.ship(NAMES[1], "two")
    student.lab(None, None)
    assert all(data in every_text(student.folder) for data in student.written.values())
    assert "two" in student.read(NAMES[1]).decode()


@pytest.mark.parametrize("stands", ["folder", "dangling link", "link to work"])
def test_what_is_no_plain_file_is_left_alone(tmp_path, stands):
    student, elsewhere = History(tmp_path), tmp_path / "elsewhere.ipynb"
    student.folder.mkdir()
    mine = student.folder / NAMES[0]
    if stands == "folder":
        mine.mkdir()
    else:
        mine.symlink_to(elsewhere)
        if stands == "link to work":
            elsewhere.write_bytes(seal("a", built("old")).data)
    workspace = lay_out_workspace(student.folder, lessons=student.lessons)
    assert re.fullmatch(r"00_start\.[0-9a-f]{6}\.ipynb", workspace.beside[0])
    assert mine.is_dir() if stands == "folder" else mine.is_symlink()


def test_two_at_once_lay_out_what_one_would(tmp_path):
    student = History(tmp_path)
    for version in ("one", "two", "three"):
        for name in NAMES:
            student.ship(name, version)
        both = [
            threading.Thread(target=lay_out_workspace, args=(student.folder,), kwargs={"lessons": student.lessons})
            for _ in "ab"
        ]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert sorted(path.name for path in student.folder.iterdir()) == [RECORD, *NAMES]
        assert all(version in student.read(name).decode() for name in NAMES)
