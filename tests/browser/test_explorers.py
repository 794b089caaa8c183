"""Every knob of every lesson, in JupyterLab: turned three times and back, the same setting always shows the same.

Of a lesson only those cells run that its knobs need, and all lessons share one kernel, each with names of its own.
"""

import os
import time
from pathlib import Path

import pytest

from tests.browser.driving import (
    START_SEC,
    Panel,
    end_kernels,
    keep_picture,
    needs_chromium,
    open_lesson,
    see_moves,
    wait_for,
    write_page,
)
from tests.browser.slicing import code_cells, is_shown, needed_cells

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSON_SEC = 900
REDRAW_SEC = 120
PAGE = "explorers.ipynb"
SET_UP = """import ast

from IPython.utils.capture import capture_output

def lesson(cells, shown):
    names = {"__name__": "lesson"}
    for source in cells:
        tree = ast.parse(source)
        last = ast.Expression(tree.body.pop().value) if source in shown else None
        try:
            with capture_output():
                exec(compile(tree, "lesson", "exec"), names)
        except Exception as fault:
            if "is waiting for you" not in str(fault):  # a student has not solved anything yet
                raise
        if last is not None:
            display(eval(compile(last, "lesson", "eval"), names))"""
pytestmark = needs_chromium
TRAINING = ("11", "12", "13", "14", "16")  # minutes each, of networks that are trained before a knob is there
LESSONS = {
    path.stem: sources
    for path in sorted(NOTEBOOKS.glob("*.ipynb"))
    if any(map(is_shown, sources := code_cells(path)))
    and ("MUSICEDU_ALL_EXPLORERS" in os.environ or not path.stem.startswith(TRAINING))
}


@pytest.fixture(scope="module")
def lessons(lab, workspace, page):
    """A page with a cell for each lesson, of which none has run."""
    cells = [needed_cells(sources) for sources in LESSONS.values()]
    calls = [f"lesson({needed!r}, {[one for one in needed if is_shown(one)]!r})" for needed in cells]
    write_page(workspace / PAGE, "Explorers", [SET_UP, *calls])
    open_lesson(page, lab, PAGE)
    run_cell(page, 0)
    yield page
    end_kernels(lab)


def run_cell(page, number):
    """Run a cell of the page, and wait for it; a kernel that is not quite there lets the order go by, so it is given
    again until the cell is seen to run."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(number)
    prompt = cell.locator(".jp-InputPrompt")
    for _ in range(5):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        give_up = time.monotonic() + START_SEC
        while prompt.inner_text() == "[ ]:" and time.monotonic() < give_up:
            time.sleep(0.1)
        if prompt.inner_text() != "[ ]:":
            break
    wait_for(lambda: prompt.inner_text() not in ("[ ]:", "[*]:"), LESSON_SEC, cell.inner_text)
    failed = cell.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']")
    assert failed.count() == 0, failed.all_inner_texts()
    return cell


@pytest.mark.parametrize("name", LESSONS)
def test_every_knob_shows_what_it_is_set_to(lessons, name):
    cell = run_cell(lessons, 1 + list(LESSONS).index(name))
    found, expected = cell.locator("[data-panel]"), sum(map(is_shown, LESSONS[name]))
    wait_for(lambda: found.count() == expected, REDRAW_SEC, lambda: f"{found.count()} of {expected} panels")
    for number in range(expected):
        panel = Panel(found.nth(number))
        assert panel.words(), "nothing is shown"
        for knob in panel.names():
            see_moves(panel, knob, limit_sec=REDRAW_SEC)
        see_presses(panel)
        panel.top.scroll_into_view_if_needed()
        keep_picture(lessons, f"{name}_{number}")


def see_presses(panel):
    """Press the first button of a grid three times: it is heard, it is gone, it is heard."""
    buttons = panel.top.locator("button[aria-pressed]")
    if not buttons.count():
        return
    heard = [panel.words()]
    for _ in range(3):
        buttons.first.click()
        panel.settle(REDRAW_SEC)
        heard.append(panel.words())
    assert heard[0] == heard[2] != heard[1] == heard[3]
