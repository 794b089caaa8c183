"""A JupyterLab and a browser of our own, one of each for all the tests."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from musicedu.storage import cache_folder
from tests.browser.driving import CHROMIUM, CHROMIUM_OPTIONS, TOKEN, wait_for


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    """The folder in which the lessons are laid out."""
    return tmp_path_factory.mktemp("home") / "lessons"


@pytest.fixture(scope="session")
def lab(workspace):
    """A JupyterLab of our own on a fresh workspace; gives its address."""
    home = workspace.parent
    environment = {**os.environ, "HOME": str(home), "JUPYTER_DATA_DIR": str(home / "data")}
    environment |= {"JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    environment["MUSICEDU_CACHE"] = str(cache_folder())  # the tunes are read once for all tests
    environment["MUSICEDU_HURRY"] = "1"  # a knob turns as well on a network that was trained but briefly
    port = free_port()
    script = (
        "import sys; from musicedu.course.lab import lay_out_workspace; from musicedu.course.serving import start_lab; "
        "folder = lay_out_workspace(sys.argv[1]).folder; "
        "sys.exit(start_lab(folder, open_browser=False, options=sys.argv[2:]))"
    )
    options = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"]
    options += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with (home / "log").open("w") as log:
        command = [sys.executable, "-c", script, str(workspace), *options]
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(lambda: answers(f"{address}/api?token={TOKEN}"), 240, lambda: (home / "log").read_text())
            yield address
        finally:
            os.killpg(server.pid, signal.SIGTERM)  # JupyterLab is a child of it, and ends its kernels itself
            server.wait(20)
            wait_for(lambda: not answers(f"{address}/api?token={TOKEN}"), 30, lambda: "JupyterLab does not end")


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=2) as reply:
            return reply.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def page(lab):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        page = browser.new_page(viewport={"width": 1250, "height": 1400})
        page.set_default_timeout(180_000)  # a busy machine is slow, and a test has nothing to say of that
        yield page
        browser.close()
