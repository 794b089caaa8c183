"""Commands killed outright at random moments: nothing half-written is taken for whole, nothing is left over.

`MUSICEDU_KILLS=400 pytest tests/cli/test_kills.py` kills as often as one likes; without it 42 times. Training that
needs TensorFlow is killed in `tests/training/test_kill.py`.
"""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from musicedu.audio.synthesise import SAMPLE_RATE_HZ, render_wav
from musicedu.corpus.build import default_path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kill -9 and fork as Linux has them")

COMMANDS = {
    "practice": ["practice", "--recipe", "me1 violin L2 s42 measures=4", "--out", "made"],
    "assign": ["assign", "class.csv", "--level", "2", "--measures", "4", "--seed", "5", "--out", "made", "--jobs", "2"],
    "make": ["make", "--bars", "8", "--seed", "4", "--engine", "markov", "--out", "made"],
    "corpus build": ["corpus", "build", "--collection", "fife", "--out", "made/tunes.parquet", "--jobs", "1"],
    "extract": ["extract", "takes", "--out", "made/takes.csv", "--jobs", "1"],
    "train": ["train", "markov", "--collection", "fife", "--out", "made"],
    "lab": ["lab", "made", "--no-start"],
}
N_KILLS = -(-int(os.environ.get("MUSICEDU_KILLS", "42")) // len(COMMANDS))


@dataclass
class Server:
    """Runs command lines, each in a process that was copied from a warm one."""

    process: subprocess.Popen[str]
    cache: Path

    def start(self, arguments: list[str], folder: Path) -> int:
        assert self.process.stdin is not None
        # Training reads the corpus of the user's cache: to build one anew would take longer than all kills together.
        asked = {
            "arguments": arguments,
            "folder": str(folder),
            "cache": None if arguments[0] == "train" else str(self.cache),
            "said": str(self.cache.parent / "said.txt"),
        }
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return self._number()

    def exit_code(self) -> int:
        code = self._number()
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return code

    def said(self) -> str:
        return (self.cache.parent / "said.txt").read_text()

    def _number(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    cache = tmp_path_factory.mktemp("warm") / "cache"
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("warm_server.py"))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield Server(process, cache)
    process.communicate()


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.endswith(".partial") for part in path.parts)
    }


def meaning(file: str, data: bytes | None) -> object:
    """What a file says: a table its rows, since beside them stands how long it took to make; any other its bytes."""
    if data is None or not file.endswith(".parquet"):
        return data
    return pq.read_table(io.BytesIO(data)).to_pylist()


def left_over(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if "partial" in path.name]


def prepared(folder: Path) -> None:
    """What the commands read, and a folder in which something stands already."""
    (folder / "class.csv").write_text("name\nAnna\nBen\nCem\nDina\n")
    (folder / "takes").mkdir()
    for number in (1, 2):
        y = np.sin(np.arange(SAMPLE_RATE_HZ) * 0.05 * number).astype(np.float32)
        (folder / "takes" / f"{number}.wav").write_bytes(render_wav(y, SAMPLE_RATE_HZ))
    (folder / "made").mkdir()
    (folder / "made" / "mine.txt").write_text("my own")


def kill_once(server: Server, arguments: list[str], folder: Path, usual_sec: float, chance: random.Random) -> None:
    """Start the command and kill it: at any moment, or (every other time) soon after it began to write."""
    process = server.start(arguments, folder)
    begun = time.monotonic()
    if chance.random() < 0.5:
        while not left_over(folder) and time.monotonic() < begun + usual_sec:
            time.sleep(0.001)
        time.sleep(chance.choice([0.002, 0.02, 0.2]) * chance.random())
    else:
        time.sleep(usual_sec * chance.random())
    os.kill(process, signal.SIGKILL)  # it may have ended, but its number is still its own
    assert server.exit_code() in (-signal.SIGKILL, 0), server.said()


def at_work() -> dict[int, int]:
    """The session of each process that has not ended; a command's own session has the command's number."""
    sessions = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue  # it has just ended
        if state != "Z":
            sessions[int(stat.parent.name)] = int(session)
    return sessions


@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_command_leaves_nothing_that_is_taken_for_whole(server: Server, name: str, tmp_path: Path) -> None:
    if name == "train" and not default_path().is_file():
        pytest.skip("the corpus has not been built: `musicedu corpus build`")
    arguments, whole, folder = COMMANDS[name], tmp_path / "whole", tmp_path / "killed"
    for one in (whole, folder):
        one.mkdir()
        prepared(one)
    server.start(arguments, whole)
    assert server.exit_code() == 0, server.said()
    begun = time.monotonic()
    server.start(arguments, whole)  # again: now its caches are filled
    assert server.exit_code() == 0, server.said()
    usual_sec = time.monotonic() - begun
    expected, chance = contents(whole), random.Random()
    before = contents(folder)
    for _ in range(N_KILLS):
        kill_once(server, arguments, folder, usual_sec, chance)
        for file, data in contents(folder).items():
            whole_ones = [meaning(file, known.get(file)) for known in (expected, before)]
            assert meaning(file, data) in whole_ones, f"{file} is neither old nor new"
    server.start(arguments, folder)
    assert server.exit_code() == 0, server.said()
    made = contents(folder)
    assert made.keys() == expected.keys()
    assert [file for file in made if meaning(file, made[file]) != meaning(file, expected[file])] == []
    assert left_over(tmp_path, server.cache) == []


def test_no_process_goes_on_for_a_class_whose_own_was_killed(server: Server, tmp_path: Path) -> None:
    prepared(tmp_path)
    names = "".join(f"Pupil {number}\n" for number in range(600))  # work for minutes: it is killed at once
    (tmp_path / "class.csv").write_text("name\n" + names)
    process = server.start(COMMANDS["assign"], tmp_path)
    while list(at_work().values()).count(process) < 3:
        assert process in at_work(), f"it ended before others worked for it: {server.said()}"
        time.sleep(0.01)
    os.kill(process, signal.SIGKILL)
    server.exit_code()
    patience = time.monotonic() + 300
    while process in at_work().values():
        assert time.monotonic() < patience, "processes of a class go on 5 minutes after their own was killed"
        time.sleep(0.05)
