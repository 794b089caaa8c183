"""Every lesson with knobs, as a student has it in JupyterLab: run, move a knob by keyboard, see the picture change."""

import json
from pathlib import Path

import pytest

from tests.browser.driving import end_kernels, keep_picture, needs_chromium, open_lesson, run_all, wait_for

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSON_SEC = 400
REDRAW_SEC = 30
pytestmark = needs_chromium


def n_explorers(path):
    """How many cells of a lesson make an explorer."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return sum(cell["cell_type"] == "code" and "explore(" in "".join(cell["source"]) for cell in cells)


LESSONS = [path for path in sorted(NOTEBOOKS.glob("*.ipynb")) if n_explorers(path)]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_first_knob_of_every_explorer_changes_what_is_shown(lab, page, path):
    end_kernels(lab)
    open_lesson(page, lab, path.name)
    run_all(page, LESSON_SEC)
    keep_picture(page, f"{path.stem}_run")
    failures = page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error'], .jp-mod-error")
    said = failures.all_inner_texts()
    assert all("is waiting for you" in text for text in said), said
    explorers = page.locator(".jp-OutputArea-output .widget-vbox:has(img[alt], audio[aria-label])")
    expected = n_explorers(path)
    wait_for(lambda: explorers.count() >= expected, REDRAW_SEC, lambda: f"{explorers.count()} of {expected} explorers")
    for number in range(expected):
        see_a_change(explorers.nth(number))
    keep_picture(page, f"{path.stem}_knobs")


def see_a_change(explorer):
    before = words_of(explorer)
    move_first_knob(explorer)
    wait_for(lambda: words_of(explorer) != before, REDRAW_SEC, lambda: f"it still shows {before}")


def words_of(explorer):
    """What the pictures and players of an explorer say to whoever cannot see them."""
    shown = explorer.locator("img[alt], audio[aria-label]")
    return shown.evaluate_all("all => all.map(one => one.getAttribute('alt') ?? one.getAttribute('aria-label'))")


def move_first_knob(explorer):
    """One step to the right with the arrow key, or to the left where the slider stands at its end."""
    knob = explorer.locator("[role='slider'], select").first
    knob.focus()
    if knob.evaluate("knob => knob.tagName") == "SELECT":
        knob.select_option(index=knob.evaluate("knob => (knob.selectedIndex + 1) % knob.options.length"))
        return
    now, most = (float(knob.get_attribute(f"aria-value{name}")) for name in ("now", "max"))
    knob.press("ArrowRight" if now < most else "ArrowLeft")
