"""Driving JupyterLab in a browser: opening a lesson, running it, waiting for what should come.

Set `MUSICEDU_SCREENSHOTS` to a folder to keep pictures of what the tests see.
"""

import json
import os
import re
import shutil
import time
import urllib.request
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
]
TOKEN = "lesson"
START_SEC = 15
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this computer")


def wait_for(condition, limit_sec, explain):
    give_up = time.monotonic() + limit_sec
    while not condition():
        if time.monotonic() > give_up:
            pytest.fail(f"not within {limit_sec} s: {explain()}")
        time.sleep(0.2)


def open_lesson(page, lab, name):
    page.goto(f"{lab}/lab/tree/{name}?token={TOKEN}&reset")
    page.locator(".jp-Notebook h1").first.wait_for()
    page.locator(".jp-Notebook .jp-CodeCell").last.wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").first.wait_for(state="attached")


def run_all(page, limit_sec=60):
    """Run every cell; the last must be one that has not been run before. A kernel that is not quite there yet lets the
    order go by, so it is given again until a cell is seen to run."""
    prompts = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt")

    def is_done():
        return re.match(r"\[\d+\]", prompts.last.inner_text()) is not None

    for _ in range(3):
        page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()
        give_up = time.monotonic() + START_SEC
        while time.monotonic() < give_up:
            if is_done() or any("[*]" in prompt for prompt in prompts.all_inner_texts()):
                return wait_for(is_done, limit_sec, prompts.last.inner_text)
            time.sleep(0.1)
    return pytest.fail("no cell runs: the kernel does not take the order")


def keep_picture(page, name):
    folder = os.environ.get("MUSICEDU_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def end_kernels(lab):
    """End every kernel of a JupyterLab, so that lessons opened one after the other do not add up in memory."""
    key = {"Authorization": f"token {TOKEN}"}
    with urllib.request.urlopen(urllib.request.Request(f"{lab}/api/kernels", headers=key), timeout=20) as reply:
        kernels = json.load(reply)
    for kernel in kernels:
        address = f"{lab}/api/kernels/{kernel['id']}"
        urllib.request.urlopen(urllib.request.Request(address, headers=key, method="DELETE"), timeout=20).close()
