"""JupyterLab on a workspace: it comes without questions, and goes with its kernels, whatever ends `musicedu lab`."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from musicedu.course.serving import SETTINGS

LAB = "from musicedu.cli import main; main(['lab', 'mine', '--no-browser'])"
START_SEC, END_SEC = 120, 60
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@contextmanager
def running_lab(home, **more):
    """`musicedu lab` in a process of its own; gives the process and the address of JupyterLab."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    environment |= {"HOME": str(home), "JUPYTER_PORT": str(port), "JUPYTER_TOKEN": "key", **more}
    with (home / "log").open("w") as log:
        lab = subprocess.Popen([sys.executable, "-c", LAB], cwd=home, env=environment, stdout=log, stderr=log)
    try:
        wait_for(lambda: asked(port, "status") or lab.poll() is not None, START_SEC, home)
        assert lab.poll() is None, (home / "log").read_text()
        yield lab, port
    finally:
        for process in (*psutil.Process(lab.pid).children(recursive=True), lab) if lab.poll() is None else ():
            process.kill()
        lab.wait()


def asked(port, what, data=None):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/{what}", data, {"Authorization": "token key"})
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return json.load(reply)
    except OSError:
        return None


def wait_for(condition, limit_sec, home):
    give_up = time.monotonic() + limit_sec
    while not condition():
        assert time.monotonic() < give_up, (home / "log").read_text()
        time.sleep(0.1)


@needs_posix
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGINT, 0), (signal.SIGKILL, -9)] if sys.platform != "win32" else [],
)
def test_whatever_ends_it_ends_jupyterlab_and_its_kernels(tmp_path, number, code):
    with running_lab(tmp_path) as (lab, port):
        assert asked(port, "kernels", b"{}")
        family = psutil.Process(lab.pid).children(recursive=True)
        assert len(family) >= 2  # JupyterLab, and a kernel
        lab.send_signal(number)
        assert lab.wait(END_SEC) == code
        wait_for(lambda: not any(map(psutil.Process.is_running, family)), END_SEC, tmp_path)
    said = (tmp_path / "log").read_text()
    if os.geteuid() == 0:
        assert "You are root" in said


@needs_posix
def test_a_home_that_cannot_be_written_is_said_in_a_line(tmp_path):
    closed = tmp_path / "file"
    closed.write_text("")
    with running_lab(tmp_path, HOME=str(closed), MUSICEDU_CACHE=str(tmp_path / "cache")) as (lab, port):
        said = (tmp_path / "log").read_text()
        assert said.count("Your home folder cannot be written") == 1
        assert "Traceback" not in said
        assert asked(port, "kernels", b"{}")
        lab.terminate()
        assert lab.wait(END_SEC) == 143


def test_the_settings_are_those_jupyterlab_knows():
    named = json.loads((SETTINGS / "labconfig" / "default_setting_overrides.json").read_text())
    schemas = Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas"
    for plugin, values in named.items():
        package, name = plugin.split(":")
        schema = json.loads((schemas / package / f"{name}.json").read_text())
        assert set(values) <= set(schema["properties"])
