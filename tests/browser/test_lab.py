"""Lesson 21 in JupyterLab, as a student has it: it runs from top to bottom, and the studio's knobs change the score.

Set `MUSICEDU_SCREENSHOTS` to a folder to keep pictures of the whole lesson.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
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
LESSON = "21_your_practice_partner.ipynb"
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this computer")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of our own on a fresh workspace; gives its address."""
    home = tmp_path_factory.mktemp("home")
    environment = {**os.environ, "HOME": str(home), "JUPYTER_DATA_DIR": str(home / "data")}
    environment |= {"JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    port = free_port()
    script = (
        "import sys; from musicedu.course.lab import *; folder = lay_out_workspace(sys.argv[1]).folder; "
        "sys.exit(start_lab(folder, open_browser=False, options=sys.argv[2:]))"
    )
    options = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"]
    options += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", script, str(home / "lessons"), *options], env=environment, stdout=log, stderr=log
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(lambda: answers(f"{address}/api?token={TOKEN}"), 60, lambda: (home / "log").read_text())
            yield address
        finally:
            server.terminate()
            server.wait(20)


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=2) as reply:
            return reply.status == 200
    except OSError:
        return False


def wait_for(condition, limit_sec, explain):
    give_up = time.monotonic() + limit_sec
    while not condition():
        if time.monotonic() > give_up:
            pytest.fail(f"not within {limit_sec} s: {explain()}")
        time.sleep(0.2)


@pytest.fixture(scope="module")
def page(lab):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        # Tall enough for a whole lesson: JupyterLab draws only the cells that are in sight.
        page = browser.new_page(viewport={"width": 1250, "height": 11_000})
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def open_lesson(page, lab, name):
    page.goto(f"{lab}/lab/tree/{name}?token={TOKEN}&reset")
    page.locator(".jp-Notebook h1").first.wait_for()
    page.locator(".jp-Notebook .jp-CodeCell").last.wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").first.wait_for(state="attached")


def run_all(page):
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()
    last = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").last
    wait_for(lambda: re.match(r"\[\d+\]", last.inner_text()) is not None, 60, last.inner_text)


def keep_picture(page, name):
    folder = os.environ.get("MUSICEDU_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_the_lesson_runs_from_top_to_bottom(lab, page):
    open_lesson(page, lab, LESSON)
    keep_picture(page, "21_before")
    run_all(page)
    keep_picture(page, "21_after")
    failures = page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error'], .jp-mod-error")
    said = failures.all_inner_texts()
    assert all("is waiting for you" in text for text in said), said
    scores, sounds = page.locator(".jp-OutputArea img[alt^='Score:']"), page.locator(".jp-OutputArea audio")
    wait_for(lambda: scores.count() >= 2, 30, lambda: f"{scores.count()} scores on the page")
    wait_for(lambda: sounds.count() >= 1, 30, lambda: "no sound on the page")


def test_a_knob_changes_the_score_and_a_button_plays_it(page):
    studio = page.locator(".jp-OutputArea-output .widget-vbox").first
    score = studio.locator("img[alt^='Score:']")
    before = score.get_attribute("alt")
    studio.locator(".widget-dropdown", has_text="level").locator("select").select_option("7")
    wait_for(lambda: score.get_attribute("alt") != before, 20, lambda: "the score stays as it was")
    seventh = score.get_attribute("alt")
    studio.get_by_role("button", name="New piece").click()
    wait_for(lambda: score.get_attribute("alt") != seventh, 20, lambda: "no new piece comes")
    assert studio.locator("audio").count() == 0
    studio.get_by_role("button", name="Hear").click()
    studio.locator("audio").wait_for(state="attached")
    sound = studio.locator("audio")
    wait_for(lambda: sound.evaluate("element => element.readyState") >= 2, 20, lambda: "the sound cannot be played")
    assert sound.evaluate("element => element.duration") > 3
    keep_picture(page, "21_knobs")


def test_lesson_00_opens_with_its_pictures_in_place(lab, page):
    open_lesson(page, lab, "00_start_here.ipynb")
    keep_picture(page, "00_before")
    score = page.locator(".jp-OutputArea img[alt^='Score:']").first
    wait_for(
        lambda: score.evaluate("element => element.complete && element.naturalWidth > 100"),
        30,
        lambda: "the first score is not drawn",
    )
    hints = page.locator("details summary")
    wait_for(lambda: hints.count() >= 12, 30, lambda: f"{hints.count()} hints on the page")
    run_all(page)
    keep_picture(page, "00_after")
