"""Ctrl-C ends every long command with 130 and one line; nothing is left half-written, and the next run works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMANDS = {
    "corpus": (["corpus", "build", "--out", "tunes.parquet"], 2.0),
    "training": (["train", "vae", "--collection", "fife", "--out", "run"], 4.0),
    "at once": (["practice", "--level", "3"], 0.1),
}


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
@pytest.mark.parametrize("name", COMMANDS)
def test_an_interrupt_is_one_line(name: str, tmp_path: Path) -> None:
    arguments, delay_sec = COMMANDS[name]
    environment = {**os.environ, "MUSICEDU_CACHE": str(tmp_path / "cache"), "TF_CPP_MIN_LOG_LEVEL": "3"}
    script = "import sys, signal; signal.signal(signal.SIGINT, signal.default_int_handler); print(flush=True)\n"
    running = subprocess.Popen(
        [sys.executable, "-c", script + "from musicedu.cli import main; main(sys.argv[1:])", *arguments],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stdout is not None
    running.stdout.readline()  # Python itself has started
    time.sleep(delay_sec)
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 130, errors
    assert errors.rstrip().splitlines()[-1] == "musicedu: stopped; nothing was left half-written."
    assert "Traceback" not in errors
    assert [path for path in tmp_path.rglob("*") if "partial" in path.name] == []
    assert not (tmp_path / "tunes.parquet").exists()
