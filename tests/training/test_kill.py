"""A training that is killed outright, at any moment, and started again ends with the same weights, bit for bit."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

EPOCHS, KILLS = 60, 5


def start(folder: Path, wait_at: int | None = None) -> multiprocessing.process.BaseProcess:
    """A process of its own, forked from one that has TensorFlow imported but has not used it: a kill costs a second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.training.toy"])
    process = context.Process(target=run_toy, args=(str(folder), wait_at))
    process.start()
    return process


def run_toy(folder: str, wait_at: int | None) -> None:
    from tests.training.toy import train_toy

    train_toy(folder, EPOCHS, wait_at)


def finish(process: multiprocessing.process.BaseProcess) -> int | None:
    process.join(timeout=300)
    return process.exitcode


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a thing of POSIX")
def test_killed_at_random_moments_a_training_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    unbroken, broken = tmp_path / "unbroken", tmp_path / "broken"
    unbroken.mkdir()
    broken.mkdir()
    assert finish(start(unbroken)) == 0
    chance, reached = np.random.default_rng(), []
    for kill in range(KILLS):
        aim = int((kill + 0.5) * EPOCHS / KILLS)
        process = start(broken, wait_at=min(aim + 5, EPOCHS - 1))  # it is never over before it is killed
        while not (broken / f"epoch-{aim}").exists():
            assert process.is_alive(), f"ended with {process.exitcode} before epoch {aim}"
            time.sleep(0.002)
        time.sleep(float(chance.uniform(0, 0.05)))  # an epoch takes some hundredths of a second: anywhere in it
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        assert finish(process) == -signal.SIGKILL
        reached.append(len(list(broken.glob("epoch-*"))))
    assert reached == sorted(reached)
    assert not (broken / "final.npy").exists()
    assert finish(start(broken)) == 0
    assert (broken / "final.npy").read_bytes() == (unbroken / "final.npy").read_bytes()
    assert (broken / "history.json").read_bytes() == (unbroken / "history.json").read_bytes()
