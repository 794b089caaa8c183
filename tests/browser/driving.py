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
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()
    last = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").last
    wait_for(lambda: re.match(r"\[\d+\]", last.inner_text()) is not None, limit_sec, last.inner_text)


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
