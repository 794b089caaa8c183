"""Ctrl-C ends every long command with 130 and one line; nothing is left half-written, and the next run works.

The command waits for it: at a chosen event of Python's own (a module is imported, a file opened, a file renamed) it
stands still until it is interrupted, so that Ctrl-C never comes too early or too late, however busy the machine is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from musicedu.corpus.build import default_path

WAITS = """
import os, sys, time

def wait(event, arguments, waited=[]):
    if event == os.environ["WAIT_EVENT"] and os.environ["WAIT_PART"] in str(arguments[0]) and not waited:
        waited.append(True)
        open(os.environ["WAIT_TOLD"], "w").close()
        time.sleep(3600)

sys.addaudithook(wait)
"""
"""Python runs `sitecustomize` as it starts, in the processes that a command starts as well."""
START = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from musicedu.cli import main
main(sys.argv[1:])
"""
PRACTICE = ["practice", "--level", "3", "--out", "made"]
COMMANDS = {
    "while it loads": (PRACTICE, "import", "typer"),
    "while it makes": (PRACTICE, "open", "requests.json"),
    "before it writes": (PRACTICE, "os.mkdir", ".partial"),
    "while it writes": (PRACTICE, "open", ".partial/new/violin-level3"),
    "when all is written": (PRACTICE, "os.rename", ".partial/new"),
    "corpus": (["corpus", "build", "--out", "tunes.parquet"], "open", "essenFolksong"),
    "training, while it loads": (["train", "vae", "--collection", "fife", "--out", "run"], "import", "tensorflow"),
    "training": (["train", "vae", "--collection", "fife", "--out", "run"], "os.rename", "run"),
}


def wait_for(told: Path, running: subprocess.Popen[str]) -> None:
    """Wait until the command has come to where it waits; a command that ends before will never come there."""
    while not (told.exists() and listens(running.pid)):
        assert running.poll() is None, f"ended with {running.returncode} before it came there: {running.communicate()}"
        time.sleep(0.01)


def listens(process: int) -> bool:
    """Whether Ctrl-C is heard: while processes that help a command start, it is not."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return True
    ignored = next(line for line in status.read_text().splitlines() if line.startswith("SigIgn:"))
    return not int(ignored.split()[1], 16) & 1 << (signal.SIGINT - 1)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
@pytest.mark.parametrize("name", COMMANDS)
def test_an_interrupt_is_one_line(name: str, tmp_path: Path) -> None:
    arguments, event, part = COMMANDS[name]
    if name.startswith("training") and not default_path().is_file():
        pytest.skip("the corpus has not been built: `musicedu corpus build`")
    own, folder = tmp_path / "own", tmp_path / "folder"
    for one in (own, folder):
        one.mkdir()
    (own / "sitecustomize.py").write_text(WAITS)
    running = subprocess.Popen(
        [sys.executable, "-c", START, *arguments],
        cwd=folder,
        env={
            **os.environ,
            # Training reads the corpus of the user's cache: to build one anew would take half a minute.
            **({} if name.startswith("training") else {"MUSICEDU_CACHE": str(tmp_path / "cache")}),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONPATH": os.pathsep.join([str(own), *filter(None, [os.environ.get("PYTHONPATH")])]),
            "WAIT_EVENT": event,
            "WAIT_PART": part,
            "WAIT_TOLD": str(own / "told"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(own / "told", running)
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=300)
    assert running.returncode == 130, errors
    assert errors.rstrip().splitlines()[-1] == "musicedu: stopped; nothing was left half-written."
    assert "Traceback" not in errors
    assert [path for path in tmp_path.rglob("*") if "partial" in path.name] == []
    assert [path for path in folder.rglob("*") if path.is_file()] == []
