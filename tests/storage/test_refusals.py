"""Whichever step the disk refuses, once or from then on, a folder's files are all new or all as they were."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.errors import StorageProblem
from musicedu.storage import atomic_file, atomic_folder, write_atomically

STEPS = ("replace", "rename", "link", "unlink", "rmdir", "mkdir", "fsync")
NAMES = st.sampled_from(["a", "b", "c", "pupils/a", "pupils/b", "pupils/deep/a", "scores/a"])
FILES = st.dictionaries(NAMES, st.binary(max_size=3), min_size=1, max_size=6)


@contextmanager
def refused(number: int, kind: type[BaseException], *, for_good: bool) -> Iterator[list[int]]:
    """Let the `number`-th step on the disk fail, and if `for_good` all after it; gives a list with the count."""
    count, before = [0], {name: getattr(os, name) for name in STEPS}
    true = {**before, "fsync": lambda _: None}  # whether it is really on the disk is another question

    def faulty(name: str) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            count[0] += 1
            if count[0] == number or (for_good and count[0] > number):
                if kind is OSError:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                raise kind
            return true[name](*arguments, **named)

        return step

    for name in STEPS:
        setattr(os, name, faulty(name))
    try:
        yield count
    finally:
        for name in STEPS:
            setattr(os, name, before[name])


def content(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def write(folder: Path, files: dict[str, bytes]) -> None:
    with atomic_folder(folder) as unfinished:
        put(unfinished, files)


@settings(max_examples=150)
@given(FILES, FILES, st.integers(1, 70), st.sampled_from([OSError, KeyboardInterrupt, MemoryError]), st.booleans())
def test_all_files_are_new_or_all_are_old_and_nothing_is_left(
    old: dict[str, bytes], new: dict[str, bytes], number: int, kind: type[BaseException], for_good: bool
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name) / "week"
        put(folder, old)
        with suppress(StorageProblem, KeyboardInterrupt, MemoryError), refused(number, kind, for_good=for_good):
            write(folder, new)
        if for_good:
            write_atomically(folder / "later", b"later")  # whoever writes next puts in order what could not be
            (folder / "later").unlink()
        assert content(folder) in (old, {**old, **new})
        assert list(Path(name).rglob("*.partial")) == []
        assert {one for one in folder.rglob("*") if one.is_dir()} <= {
            folder / above for file in {**old, **new} for above in Path(file).parents
        }


@settings(max_examples=60)
@given(FILES, st.integers(1, 20), st.sampled_from([OSError, KeyboardInterrupt]))
def test_a_folder_that_is_not_there_appears_whole_or_not(
    new: dict[str, bytes], number: int, kind: type[BaseException]
) -> None:
    with TemporaryDirectory() as name:
        with suppress(StorageProblem, KeyboardInterrupt), refused(number, kind, for_good=False):
            write(Path(name) / "deep" / "week", new)
        assert content(Path(name)) in ({}, {f"deep/week/{file}": data for file, data in new.items()})


@settings(max_examples=60)
@given(st.none() | st.binary(max_size=3), st.integers(1, 8), st.sampled_from([OSError, KeyboardInterrupt]))
def test_a_file_is_new_or_old(old: bytes | None, number: int, kind: type[BaseException]) -> None:
    with TemporaryDirectory() as name:
        before = {} if old is None else {"sheet": old}
        put(Path(name), before)
        with suppress(StorageProblem, KeyboardInterrupt), refused(number, kind, for_good=False):
            write_atomically(Path(name) / "sheet", b"new!")
        assert content(Path(name)) in (before, {"sheet": b"new!"})


def test_every_step_has_been_refused(tmp_path: Path) -> None:
    """The laws above reach the last step of a folder of six files that replaces as many."""
    files = dict.fromkeys(("a", "b", "c", "pupils/a", "pupils/b", "pupils/deep/a"), b"old")
    put(tmp_path / "week", files)
    with refused(0, OSError, for_good=False) as count:
        write(tmp_path / "week", files)
    assert 20 < count[0] <= 70


@pytest.mark.parametrize("fault", [errno.EACCES, errno.EPERM, errno.EBUSY])
def test_the_file_that_cannot_be_replaced_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int) -> None:
    put(tmp_path, {"class.pdf": b"old", "pupils/Anna.pdf": b"old", "recipes.csv": b"old"})
    true = os.replace

    def open_in_a_viewer(source: Any, goal: Any) -> None:
        if Path(goal).name == "Anna.pdf":
            raise PermissionError(fault, os.strerror(fault), str(source), None, str(goal))
        true(source, goal)

    monkeypatch.setattr(os, "replace", open_in_a_viewer)
    with pytest.raises(StorageProblem, match=r"pupils.Anna\.pdf: this file cannot be replaced") as raised:
        write(tmp_path, {"class.pdf": b"new", "pupils/Anna.pdf": b"new", "recipes.csv": b"new"})
    assert "Close it there" in str(raised.value)
    assert set(content(tmp_path).values()) == {b"old"}
    assert len(content(tmp_path)) == 3


@pytest.mark.parametrize(
    ("in_the_way", "file", "problem"),
    [
        ("recipes.csv/x", "recipes.csv", r"week.recipes\.csv: a folder stands where a file is needed"),
        ("pupils", "pupils/Anna.pdf", r"week.pupils: a file stands where a folder is needed"),
    ],
)
def test_what_stands_in_the_way_is_named_and_nothing_changes(
    tmp_path: Path, in_the_way: str, file: str, problem: str
) -> None:
    put(tmp_path / "week", {in_the_way: b"mine", "class.pdf": b"old"})
    before = content(tmp_path)
    with pytest.raises(StorageProblem, match=problem):
        write(tmp_path / "week", {"class.pdf": b"new", file: b"new"})
    assert content(tmp_path) == before


def test_where_a_disk_knows_no_second_names_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: Any, **__: Any) -> None:
        raise OSError(errno.EOPNOTSUPP, "no links")

    put(tmp_path, {"a": b"old", "b": b"old"})
    monkeypatch.setattr(os, "link", no_links)
    with suppress(StorageProblem), refused(30, OSError, for_good=False):
        write(tmp_path, {"a": b"new", "b": b"new"})
    assert content(tmp_path) in ({"a": b"old", "b": b"old"}, {"a": b"new", "b": b"new"})
    write(tmp_path, {"a": b"newer"})
    assert content(tmp_path)["a"] == b"newer"


def left_by(process: int, folder: Path, machine: str | None = None) -> Path:
    """Unfinished work as a process would have left it."""
    with atomic_file(folder / "x") as ours:
        name = ours.name
        ours.write_bytes(b"")
    (folder / "x").unlink()
    parts = name.split("-")
    left = folder / "-".join([parts[0] + "-" + (machine or parts[1]), str(process), *parts[3:]])
    left.mkdir()
    (left / "new").mkdir()
    (left / "new" / "Anna.pdf").write_bytes(b"half")
    return left


def test_only_our_own_leftovers_of_dead_processes_are_swept(tmp_path: Path) -> None:
    child = os.fork() if hasattr(os, "fork") else 0
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    dead, alive = left_by(child, tmp_path), left_by(os.getppid(), tmp_path)
    own, elsewhere = left_by(os.getpid(), tmp_path), left_by(child, tmp_path, "0123abcd")
    old, former = left_by(child, tmp_path, "0123abce"), tmp_path / ".week3.0123456789ab.partial"
    former.mkdir()
    for one in (old, former):
        os.utime(one, (0, 0))
    theirs = tmp_path / "film.mp4.partial"
    theirs.write_bytes(b"")
    os.utime(theirs, (0, 0))
    write_atomically(tmp_path / "sheet.pdf", b"new")
    assert [one.exists() for one in (dead, own, old, former)] == [False] * 4
    assert [one.exists() for one in (alive, elsewhere, theirs)] == [True] * 3
    for one in (alive, elsewhere):
        shutil.rmtree(one)


@pytest.mark.parametrize(
    "journal", [b"", b"[]", b"{", b'{"added": ["../../precious"]}', b'{"added": ["/etc/x"]}', b'{"added": [1]}']
)
def test_a_crafted_journal_touches_nothing_outside(tmp_path: Path, journal: bytes) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    (tmp_path / "week").mkdir()
    left = left_by(os.getpid(), tmp_path / "week")
    (left / "journal.json").write_bytes(journal)
    write_atomically(tmp_path / "week" / "sheet.pdf", b"new")
    assert precious.read_bytes() == b"mine"
