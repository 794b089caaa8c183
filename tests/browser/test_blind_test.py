"""A blind listening test in JupyterLab: taken with the keyboard alone, it keeps its answers and disturbs no cell."""

import json

import nbformat
import pytest

from tests.browser.driving import keep_picture, needs_chromium, open_lesson, run_all, wait_for

PAGE = "blind.ipynb"
MAKE = """from musicedu.course.listening_test import blind_test, load_answers
from musicedu.display.blind_test import Pair
from musicedu.melody import Melody

human, machine = Melody.from_text("C4 E4 G4 C5:1"), Melody.from_text("C4 D4 E4:2")
pairs = [Pair(name, human, machine) for name in ("first", "second")]
blind_test(pairs)"""
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def blind(lab, workspace, page):
    cells = [nbformat.v4.new_markdown_cell("# Blind"), nbformat.v4.new_code_cell(MAKE)]
    notebook = nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_code_cell("print(load_answers(pairs))")])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, workspace / PAGE)
    open_lesson(page, lab, PAGE)
    run_all(page)
    page.get_by_role("button", name="A is the human's").wait_for()
    return page


def test_it_is_taken_with_the_keyboard_and_its_answers_are_kept(blind, workspace):
    n_cells = blind.locator(".jp-Cell").count()
    status = blind.locator(".jp-OutputArea [role='status']")
    assert "Pair 1 of 2" in status.inner_text()
    sounds = blind.locator(".jp-OutputArea audio")
    wait_for(lambda: sounds.count() == 2, 20, lambda: f"{sounds.count()} sounds")
    wait_for(lambda: sounds.first.evaluate("sound => sound.readyState") >= 2, 20, lambda: "the sound cannot be played")
    keep_picture(blind, "blind")
    first, second = (blind.get_by_role("button", name=f"{side} is the human's") for side in "AB")
    first.focus()
    blind.keyboard.press("Enter")
    wait_for(lambda: "Pair 2 of 2" in status.inner_text(), 20, status.inner_text)
    blind.keyboard.press("Tab")
    assert blind.evaluate("document.activeElement.tagName") in ("AUDIO", "BUTTON"), "the keys stay in the test"
    second.focus()
    blind.keyboard.press("Space")
    wait_for(lambda: "All 2 pairs are answered" in status.inner_text(), 20, status.inner_text)
    assert not first.is_visible()
    kept = json.loads((workspace / "listening_test.json").read_text())
    assert set(kept) == {"first", "second"}
    assert blind.locator(".jp-Cell").count() == n_cells
    # The next cell knows the answers.
    last = blind.locator(".jp-CodeCell").last
    last.locator(".cm-content").click()
    blind.keyboard.press("Control+Enter")
    printed = last.locator(".jp-OutputArea-output pre")
    wait_for(lambda: "is_example=False" in printed.inner_text(), 20, printed.inner_text)
