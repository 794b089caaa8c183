"""What is written is written whole, and a disk that refuses is explained in one line."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from musicedu.errors import StorageProblem
from musicedu.storage import atomic_file, atomic_folder, cache_folder, write_atomically


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_its_parent_folders(tmp_path: Path) -> None:
    write_atomically(tmp_path / "week3" / "anna.pdf", b"notes")
    assert (tmp_path / "week3" / "anna.pdf").read_bytes() == b"notes"
    assert names(tmp_path / "week3") == ["anna.pdf"]


def test_a_file_respects_the_umask(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_atomically(tmp_path / "atomic", b"")
    assert (tmp_path / "atomic").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("fault", [RuntimeError("broken"), KeyboardInterrupt()])
def test_an_interrupted_file_leaves_the_old_one_and_nothing_else(tmp_path: Path, fault: BaseException) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(b"old")

    def fail_halfway() -> None:
        with atomic_file(path) as temporary:
            temporary.write_bytes(b"half")
            raise fault

    with pytest.raises(type(fault)):
        fail_halfway()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["sheet.pdf"]


@pytest.mark.parametrize("fault", [RuntimeError("broken"), KeyboardInterrupt()])
def test_an_interrupted_folder_leaves_the_old_one_and_nothing_else(tmp_path: Path, fault: BaseException) -> None:
    folder = tmp_path / "week3"
    write_atomically(folder / "anna.pdf", b"old")

    def fail_halfway() -> None:
        with atomic_folder(folder) as temporary:
            (temporary / "anna.pdf").write_bytes(b"half")
            raise fault

    with pytest.raises(type(fault)):
        fail_halfway()
    assert (folder / "anna.pdf").read_bytes() == b"old"
    assert names(tmp_path) == ["week3"]


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    with atomic_folder(tmp_path / "deep" / "week3") as temporary:
        (temporary / "scores").mkdir()
        (temporary / "scores" / "anna.xml").write_bytes(b"<score/>")
        assert not (tmp_path / "deep" / "week3").exists()
    assert (tmp_path / "deep" / "week3" / "scores" / "anna.xml").read_bytes() == b"<score/>"
    assert names(tmp_path / "deep") == ["week3"]


def test_a_folder_that_exists_keeps_what_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "week3"
    write_atomically(folder / "anna.pdf", b"old")
    write_atomically(folder / "my notes.txt", b"bring the metronome")
    with atomic_folder(folder) as temporary:
        (temporary / "anna.pdf").write_bytes(b"new")
    assert (folder / "anna.pdf").read_bytes() == b"new"
    assert (folder / "my notes.txt").read_bytes() == b"bring the metronome"
    assert names(tmp_path) == ["week3"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (errno.ENOSPC, r"sheet\.pdf: no space is left on the disk\. Free some space"),
        (errno.EROFS, r"sheet\.pdf: the disk is read-only\. Choose a folder that you may write to"),
        (errno.EACCES, r"sheet\.pdf: you may not write here\. Choose a folder"),
        (errno.EIO, r"sheet\.pdf: input/output error\. Choose another folder"),
    ],
)
def test_a_disk_that_refuses_is_explained_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, message: str
) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(b"old")

    def refuse(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageProblem, match=message) as caught:
        write_atomically(path, b"new")
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["sheet.pdf"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_is_explained(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageProblem, match="you may not write here"):
        write_atomically(tmp_path / "sheet.pdf", b"new")


def test_a_file_in_the_way_of_a_folder_is_explained(tmp_path: Path) -> None:
    (tmp_path / "week3").write_bytes(b"not a folder")
    with pytest.raises(StorageProblem, match="a file stands where a folder is needed"):
        write_atomically(tmp_path / "week3" / "anna.pdf", b"")
    with pytest.raises(StorageProblem, match="a file stands where a folder is needed"):  # noqa: SIM117
        with atomic_folder(tmp_path / "week3") as temporary:
            (temporary / "anna.pdf").write_bytes(b"")
    assert (tmp_path / "week3").read_bytes() == b"not a folder"
    assert names(tmp_path) == ["week3"]


def test_a_folder_in_the_way_of_a_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "sheet.pdf").mkdir()
    with pytest.raises(StorageProblem, match="a folder stands where a file is needed"):
        write_atomically(tmp_path / "sheet.pdf", b"")
    assert names(tmp_path) == ["sheet.pdf"]


@pytest.mark.parametrize("here", [".", "", "..", "../here"])
def test_the_folder_one_is_in_is_filled(here: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with atomic_folder(here) as temporary:
        (temporary / "anna.pdf").write_bytes(b"notes")
    assert (Path(here) / "anna.pdf").read_bytes() == b"notes"
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".partial")]


def test_the_cache_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSICEDU_CACHE", str(tmp_path / "cache"))
    assert cache_folder() == tmp_path / "cache"
    assert cache_folder("corpus").is_dir()
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("MUSICEDU_CACHE", str(tmp_path / "file"))
    with pytest.raises(StorageProblem, match="a file stands where a folder is needed"):
        cache_folder("corpus")
