"""What numba compiles is kept, and no two processes ever write to one folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from musicedu import compiled
from musicedu.compiled import add_missing, forget_compiled, hand_on, has_compiled, own_folder
from musicedu.course import healing
from musicedu.course.healing import heal_compiled

TINY = """
import musicedu, sys
from numba import njit

@njit(cache=True)
def halve(x):
    return x / 2 if x > 1 else x * 2

kinds = {"int": 5, "float": 5.0, "complex": None}
values = [5, 5.0] if sys.argv[1] == "up" else [5.0, 5]
print([halve(value) for value in values], sum(halve.stats.cache_hits.values()))
"""

DIES = """
import os, pathlib, signal

def die_if_there():
    list(pathlib.Path(os.environ['NUMBA_CACHE_DIR']).rglob('*.nbi')) and os.kill(os.getpid(), signal.SIGSEGV)
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(compiled, "_forked", False)  # another test of this process may have forked
    return tmp_path / "musicedu"


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.py"
    path.write_text(TINY)
    environment = {
        **os.environ,
        "NUMBA_CACHE_DIR": str(tmp_path),
        "PYTHONPATH": str(Path(compiled.__file__).parents[1]),
    }

    def start(*arguments):
        command = [sys.executable, str(path), *arguments]
        return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    return start


def fill(folder, **files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", "-").replace("_", ".")).write_text(text)
    return folder


def contents(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_function_is_taken_whole_with_its_loop_or_not_at_all(tmp_path):
    kept = fill(
        tmp_path / "kept", f_nbi="old", f_1_nbc="old", f_2_nbc="old", guf__f_nbi="old", g_nbi="old", note_txt="no"
    )
    own = fill(tmp_path / "own", f_nbi="own", f_1_nbc="own")
    add_missing(kept, own)
    assert contents(own) == {"f.nbi": "own", "f.1.nbc": "own", "g.nbi": "old"}


def test_what_is_new_is_handed_on_whole_and_the_older_added(home):
    home.mkdir()
    fill(home / "kept-0", f_nbi="old", g_nbi="old")
    hand_on(fill(home / "own-1-a", f_nbi="new"), home, frozenset())
    (kept,) = home.iterdir()
    assert contents(kept) == {"f.nbi": "new", "g.nbi": "old"}
    hand_on(fill(home / "own-1-b", f_nbi="new"), home, frozenset([Path("f.nbi")]))
    assert list(home.iterdir()) == [kept]


def test_what_forked_children_have_written_to_is_not_handed_on(home, monkeypatch):
    monkeypatch.setattr(compiled, "_forked", True)
    home.mkdir()
    hand_on(fill(home / "own-1-a", f_nbi="new"), home, frozenset())
    assert list(home.iterdir()) == []


def test_a_process_begins_with_what_is_kept_and_sweeps_what_the_dead_left(home, monkeypatch):
    asked = []
    monkeypatch.setattr(compiled, "Finalize", lambda *_, **options: asked.append(options["args"]))
    fill(home / "kept-0", f_nbi="old")
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    fill(home / f"own-{ended.pid}-ab", f_nbi="half")
    own = own_folder()
    assert contents(own) == {"f.nbi": "old"}
    assert asked == [(own, home, frozenset([Path("f.nbi")]))]
    assert {path.name for path in home.iterdir()} == {"kept-0", own.name}
    assert own_folder() != own


def test_two_at_once_have_no_file_in_common_and_the_third_compiles_nothing(home, tiny):
    both = [tiny("up"), tiny("down")]
    said = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert [out.split("]")[0] for out, _ in said] == ["[2.5, 2.5", "[2.5, 2.5"]
    assert [path.name.partition("-")[0] for path in home.iterdir()] in (["kept"], ["kept", "kept"])
    third = tiny("up")
    assert third.communicate() == ("[2.5, 2.5] 2\n", "")


def test_all_that_is_compiled_can_be_forgotten(tmp_path):
    folder = fill(tmp_path / "a", f_nbi="", f_1_nbc="", mine_txt="")
    assert has_compiled(tmp_path)
    assert forget_compiled(tmp_path) == 2
    assert not has_compiled(tmp_path)
    assert list(folder.iterdir()) == [folder / "mine.txt"]


def test_what_kills_a_program_is_deleted_and_said(home, monkeypatch):
    fill(home / "kept-0", f_nbi="")
    monkeypatch.setattr(healing, "_TONE", DIES)
    monkeypatch.setattr(healing, "_RUN", {"f": "die_if_there()"})
    said = heal_compiled()
    assert "it ends the program, code -11" in said
    assert "1 files" in said
    assert not has_compiled(home)
    assert heal_compiled() == "nothing is compiled yet"
