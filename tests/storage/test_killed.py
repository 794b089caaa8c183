"""A process killed outright at any moment leaves a folder that the next write finds, or makes, all new or all old.

`MUSICEDU_KILLS=400 pytest tests/storage/test_killed.py` kills as often as one likes.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from musicedu.storage import atomic_folder

N_KILLS = int(os.environ.get("MUSICEDU_KILLS", "6"))
WRITER = """
import sys
from musicedu.storage import atomic_folder
print(flush=True)
for version in range(int(sys.argv[2]), 10**9):
    with atomic_folder(sys.argv[1]) as folder:
        (folder / "pupils").mkdir()
        for name in ("class.pdf", "pupils/Anna.pdf", "pupils/Ben.pdf", f"pupils/{version % 3}.pdf", "recipes.csv"):
            (folder / name).write_text(str(version))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_after_a_kill_all_files_are_of_one_version(tmp_path: Path) -> None:
    chance, folder, version = random.Random(), tmp_path / "week", 0
    for _ in range(N_KILLS):
        command = [sys.executable, "-c", WRITER, str(folder), str(version)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()  # it has begun
        time.sleep(chance.choice((0.01, 0.3)) * chance.random())
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        with atomic_folder(folder) as later:
            (later / "later.txt").write_text("")
        found = {one.relative_to(folder).as_posix(): one.read_text() for one in folder.rglob("*.*") if one.is_file()}
        assert found.pop("later.txt") == ""
        versions = {found[name] for name in found if name[-5] not in "012"}
        assert len(versions) <= 1, found
        if versions:
            version = int(versions.pop())
            numbered = {int(text) for name, text in found.items() if name[-5] in "012"}
            assert max(numbered) == version, found  # nothing of a later, unfinished one
            assert {"class.pdf", "recipes.csv", "pupils/Anna.pdf", "pupils/Ben.pdf"} <= found.keys()
            version += 1
        assert list(tmp_path.rglob("*.partial")) == []
