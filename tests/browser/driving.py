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

import nbformat
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
        time.sleep(0.05)


def open_lesson(page, lab, name):
    page.goto(f"{lab}/lab/tree/{name}?token={TOKEN}&reset")
    page.locator(".jp-Notebook h1").first.wait_for()
    page.locator(".jp-Notebook .jp-CodeCell").last.wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").first.wait_for(state="attached")


def run_all(page, limit_sec=400):
    """Run every cell; the last must be one that has not been run before. A kernel that is not quite there yet lets the
    order go by, so it is given again until a cell is seen to run."""
    prompts = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt")

    def is_done():
        return re.match(r"\[\d+\]", prompts.last.inner_text()) is not None

    for _ in range(3):
        answer_kernel_question(page)
        choose(page, "Run", "Run All Cells")
        give_up = time.monotonic() + START_SEC
        while time.monotonic() < give_up:
            answer_kernel_question(page)
            if is_done() or any("[*]" in prompt for prompt in prompts.all_inner_texts()):
                return wait_for(is_done, limit_sec, prompts.last.inner_text)
            time.sleep(0.1)
    return pytest.fail("no cell runs: the kernel does not take the order")


def run_panels_again(page, expected):
    """Run every cell of a page of panels once more; gives the new panels."""
    places = page.locator(".musicedu-live")
    classes = "all => all.map(one => one.className)"
    before = places.evaluate_all(classes)
    choose(page, "Run", "Run All Cells")
    wait_for(
        lambda: not set(before) & set(places.evaluate_all(classes)) and places.count() == expected,
        60,
        lambda: f"the cells do not run: {page.locator('.jp-InputPrompt').all_inner_texts()}",
    )
    return all_panels(page, expected)


def answer_kernel_question(page):
    """Take the kernel that JupyterLab proposes, if it asks which.

    Whatever else it says in a dialog is a fault, and ends the test at once in JupyterLab's own words.
    """
    dialog = page.locator(".jp-Dialog")
    if dialog.count():
        asked = dialog.inner_text()
        assert asked.startswith("Select Kernel"), f"JupyterLab says: {asked}"
        dialog.locator(".jp-Dialog-button.jp-mod-accept").click()
        dialog.wait_for(state="detached")


def choose(page, menu, item):
    """Choose from JupyterLab's menu."""
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{menu}$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{item}$")).click()


def restart_kernel(page):
    """Restart the kernel of the notebook, and wait until it is there."""
    choose(page, "Kernel", "Restart Kernel…")
    page.locator(".jp-Dialog button", has_text="Restart").click()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").first.wait_for(state="attached")


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


def write_page(path, title, sources):
    """A notebook with a heading and some cells of code."""
    cells = [nbformat.v4.new_markdown_cell(f"# {title}"), *map(nbformat.v4.new_code_cell, sources)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


def save(page):
    """Save the notebook, and wait until it is written."""
    choose(page, "File", "Save Notebook")
    dirty = page.locator(".jp-mod-dirty")
    wait_for(lambda: dirty.count() == 0, 30, lambda: "the notebook is not saved")


# What a hand does: the slider passes one setting after the other, and is let go at the one that is wanted.
SLIDE = """(knob, text) => {
  const way = Array.from({ length: Number(knob.max) + 1 }, (_, at) => at);
  const found = way.some((at) => {
    knob.value = at;
    knob.dispatchEvent(new Event("input"));
    return knob.getAttribute("aria-valuetext") === text;
  });
  knob.dispatchEvent(new Event("change"));
  return found;
}"""

# The settings of a knob, in words, without moving it.
SETTINGS = """knob => {
  if (knob.tagName === "SELECT") return Array.from(knob.options, (option) => option.value);
  const texts = [], now = knob.value;
  for (let at = 0; at <= Number(knob.max); at += 1) {
    knob.value = at;
    knob.dispatchEvent(new Event("input"));
    texts.push(knob.getAttribute("aria-valuetext"));
  }
  knob.value = now;
  knob.dispatchEvent(new Event("input"));
  knob.dispatchEvent(new Event("change"));
  return texts;
}"""


class Panel:
    """A panel of knobs in a page: turned as a user turns it, and waited for until it stands still.

    What is read of it is `text_content`: JupyterLab draws no cell that is off the screen, and what isn't drawn has no
    inner text.
    """

    def __init__(self, top):
        self.top = top
        top.scroll_into_view_if_needed()

    def has(self, name):
        return self.top.locator(f"[aria-label='{name}']").count() > 0

    def knob(self, name):
        return self.top.locator(f"[aria-label='{name}']")

    def names(self):
        """The knobs, in order."""
        return self.top.locator("input, select").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")

    def stands_at(self, name):
        knob = self.knob(name)
        return knob.evaluate("knob => knob.tagName === 'SELECT' ? knob.value : knob.getAttribute('aria-valuetext')")

    def turn(self, name, text, limit_sec=60):
        """Turn a knob to a setting and let it go."""
        knob = self.knob(name)
        if knob.evaluate("knob => knob.tagName") == "SELECT":
            knob.select_option(text)
        else:
            assert knob.evaluate(SLIDE, text), f"{name} has no {text}"
        self.settle(limit_sec)

    def press(self, name, limit_sec=60):
        self.top.get_by_role("button", name=name).click()
        self.settle(limit_sec)

    def settle(self, limit_sec=60):
        """Wait until nothing is on its way."""
        state = "panel => panel.dataset.state"
        wait_for(lambda: self.top.evaluate(state) != "busy", limit_sec, self.said)

    def said(self):
        return self.top.locator("[role='status']").text_content()

    def words(self):
        """What the pictures and players say to whoever cannot see them."""
        shown = self.top.locator("img[alt], audio[aria-label]")
        return shown.evaluate_all("all => all.map(one => one.getAttribute('alt') ?? one.getAttribute('aria-label'))")


def all_panels(page, expected, limit_sec=60):
    """The panels of a page, once there are as many as expected."""
    found = page.locator(".jp-OutputArea-output [data-panel]")
    wait_for(lambda: found.count() == expected, limit_sec, lambda: f"{found.count()} of {expected} panels")
    return [Panel(found.nth(number)) for number in range(expected)]


def see_moves(panel, name, seen=None, limit_sec=60):
    """Turn a knob to three settings and back: the same one always shows the same, and they differ."""
    seen = seen or panel.words
    knob, at_first = panel.knob(name), panel.stands_at(name)
    settings = knob.evaluate(SETTINGS)
    others = [text for text in settings if text != at_first]
    ways = [at_first, *others[:: max(1, len(others) // 3)][:3]]
    shown, pictures = {}, set()
    for text in [*ways, *ways[-2::-1]]:
        panel.turn(name, text, limit_sec)
        assert panel.stands_at(name) == text or panel.said(), f"{name} stands at {panel.stands_at(name)}, not {text}"
        if panel.stands_at(name) == text and not panel.said():
            now = seen()
            assert shown.setdefault(text, now) == now, f"{name} at {text} shows something else the second time"
            pictures.add(panel.top.locator("[data-part]").evaluate_all("all => all.map(one => one.innerHTML).join()"))
    assert len(shown) > 1, f"{name} moves nowhere: {panel.said()}"
    assert len(pictures) > 1, f"{name} changes nothing: {shown}"
