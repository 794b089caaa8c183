"""The one `map` seam: the same results however the work is shared, and an end that leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from musicedu.corpus.pool import can_copy, in_order, map_over


def square(number: int) -> int:
    return number * number


def refuse_seven(number: int) -> int:
    if number == 7:
        raise ValueError("seven")
    return number


@pytest.mark.parametrize("copies", [False, True])
@pytest.mark.parametrize("jobs", [1, 2])
def test_results_are_the_same_however_the_work_is_shared(jobs: int, copies: bool) -> None:
    results = list(in_order(map_over(square, range(20), jobs=jobs, copies=copies)))
    assert results == [number * number for number in range(20)]


@pytest.mark.parametrize("copies", [False, True])
def test_what_goes_wrong_in_a_process_is_raised_here(copies: bool) -> None:
    with pytest.raises(ValueError, match="seven"):
        list(map_over(refuse_seven, range(20), jobs=2, copies=copies))


@pytest.mark.skipif(sys.platform != "linux", reason="only there may a process be copied")
def test_a_copy_need_not_be_sent_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threading.active_count", lambda: 1)  # those of the test runner do not matter here
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    assert can_copy()
    offset = 5
    assert list(in_order(map_over(lambda number: number + offset, [1, 2, 3], jobs=2, copies=True))) == [6, 7, 8]


WAITING = """
import os, pathlib, signal, sys, time
from musicedu.corpus.pool import map_over

heard = pathlib.Path(sys.argv[1])

def hear(*_):
    heard.touch()
    raise KeyboardInterrupt

def wait(number):
    os.write(1, f"{os.getpid()}{os.linesep}".encode())  # a line in one step, so that the other's does not come between
    while not heard.exists():
        time.sleep(0.01)

signal.signal(signal.SIGINT, hear)
for _ in map_over(wait, range(8), jobs=2, copies=True):
    pass
"""
"""Work that is never done before its process was interrupted."""


@pytest.mark.skipif(sys.platform != "linux", reason="only there may a process be copied")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_when_a_process_is_stopped_its_copies_end_too(end: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "waiting.py").write_text(WAITING)
    main = subprocess.Popen(
        [sys.executable, str(tmp_path / "waiting.py"), str(tmp_path / "heard")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    with main:
        assert main.stdout is not None
        try:
            copies = {int(main.stdout.readline()) for _ in range(2)}
            os.killpg(main.pid, end) if end == signal.SIGINT else os.kill(main.pid, end)
            _, errors = main.communicate(timeout=300)
        finally:
            main.kill()
    assert len(copies) == 2
    assert main.returncode == -end
    assert errors.count("Traceback") == (end == signal.SIGINT), errors  # its own, and none of its copies
    patience = time.monotonic() + 300
    while any(is_running(copy) for copy in copies):
        assert time.monotonic() < patience, "the copies go on"
        time.sleep(0.02)


INTERRUPTING = """
import os, signal
from musicedu.corpus.pool import map_over

def interrupt(number):
    if number == 0:
        os.kill(os.getppid(), signal.SIGINT)

for _ in map_over(interrupt, range(20_000), jobs=2, copies=True):
    pass
"""
"""Work so much that its process is stopped while it still hands it out."""


@pytest.mark.skipif(sys.platform != "linux", reason="only there may a process be copied")
def test_a_process_that_is_stopped_while_it_hands_out_work_hears_it() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTING], capture_output=True, text=True, timeout=300)
    assert done.returncode == -signal.SIGINT, done.stderr
    assert done.stderr.count("Traceback") == 1, done.stderr


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
