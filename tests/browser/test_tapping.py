"""Tapping along in JupyterLab: keys and clicks become moments of the sound, and no key does anything else."""

import nbformat
import pytest

from tests.browser.driving import keep_picture, needs_chromium, open_lesson, run_all, wait_for

PAGE = "tapping.ipynb"
MAKE = """import numpy as np
from musicedu.display.rhythm_input import tap_along

taps = tap_along(np.zeros(8000 * 300), 8000, "five minutes of silence", example_sec=[0.5, 1.0, 1.5, 2.0])
taps"""
TELL = "print(taps.is_example, [round(at, 3) for at in taps.taps_sec])"
NOW = "audio => audio.currentTime"
TO_THE_END = "audio => { audio.currentTime = audio.duration - 0.1; }"
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def tapping(lab, workspace, page):
    cells = [nbformat.v4.new_markdown_cell("# Tapping"), nbformat.v4.new_code_cell(MAKE)]
    notebook = nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_code_cell(TELL)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, workspace / PAGE)
    open_lesson(page, lab, PAGE)
    run_all(page)
    page.locator("[data-tapping='pad']").wait_for()
    return page


def told(page):
    """Run the last cell anew and read what it prints."""
    printed = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output pre")
    prompt = page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    page.locator(".jp-CodeCell").last.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    wait_for(lambda: prompt.inner_text() not in (before, "[*]:"), 20, prompt.inner_text)
    said, _, moments = printed.inner_text().partition(" ")
    return said, [float(at) for at in moments.strip("[]\n ").split(",")]


def test_keys_and_clicks_are_kept_as_moments_of_the_sound(tapping):
    assert told(tapping) == ("True", [0.5, 1.0, 1.5, 2.0]), "without taps the example stands in"
    n_cells = tapping.locator(".jp-Cell").count()
    tapping.locator("[data-tapping='start']").click()
    sound = tapping.locator(".jp-OutputArea audio")
    wait_for(lambda: sound.evaluate("audio => audio.currentTime") > 0.2, 20, lambda: "the sound does not play")
    heard = []
    for key in ("Space", "d", "d", "Enter", "j", "x"):
        before = sound.evaluate(NOW)
        tapping.keyboard.press(key)
        heard.append((before, sound.evaluate(NOW)))
    tapping.locator("[data-tapping='pad']").click()
    tapping.keyboard.press("Tab")
    status = tapping.locator("[data-tapping='said']")
    keep_picture(tapping, "tapping")
    sound.evaluate(TO_THE_END)
    wait_for(lambda: "Done: 7 taps" in status.inner_text(), 20, status.inner_text)
    said, moments = told(tapping)
    assert said == "False"
    assert len(moments) == 7
    between = [first - 0.05 <= at <= last + 0.05 for at, (first, last) in zip(moments, heard, strict=False)]
    assert all(between), (moments, heard)
    assert tapping.locator(".jp-Cell").count() == n_cells


def test_playing_again_begins_anew(tapping):
    tapping.locator("[data-tapping='start']").click()
    sound = tapping.locator(".jp-OutputArea audio")
    wait_for(lambda: sound.evaluate(NOW) < 200, 20, lambda: "the sound does not begin anew")
    sound.evaluate(TO_THE_END)
    status = tapping.locator("[data-tapping='said']")
    wait_for(lambda: "No taps yet" in status.inner_text(), 20, status.inner_text)
    assert told(tapping)[0] == "True"
