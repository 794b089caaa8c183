"""A lesson opened and looked at in JupyterLab: it shows its pictures, nobody asks anything, and no file changes."""

import json

from musicedu.course.laid_out import is_untouched
from tests.browser.driving import keep_picture, needs_chromium, open_lesson, save, wait_for

AUTOSAVE_SEC = 3
FIRST = "00_start_here.ipynb"
LESSON = "01_sound.ipynb"
pytestmark = needs_chromium


def settings_of(page, lab, plugin):
    return page.evaluate("address => fetch(address).then(reply => reply.json())", f"{lab}/lab/api/settings/{plugin}")


def test_the_first_lesson_opens_with_its_pictures_in_place(lab, page):
    open_lesson(page, lab, FIRST)
    score = page.locator(".jp-OutputArea img[alt^='Score:']").first
    wait_for(
        lambda: score.evaluate("element => element.complete && element.naturalWidth > 100"),
        30,
        lambda: "the first score is not drawn",
    )
    hints = page.locator("details summary")
    wait_for(lambda: hints.count() >= 12, 30, lambda: f"{hints.count()} hints on the page")
    keep_picture(page, "00_before")


def test_opening_and_looking_changes_no_file(lab, page, workspace):
    own = workspace.parent / "config" / "lab" / "user-settings" / "@jupyterlab" / "docmanager-extension"
    own.mkdir(parents=True, exist_ok=True)
    (own / "plugin.jupyterlab-settings").write_text(json.dumps({"autosaveInterval": AUTOSAVE_SEC}))
    before = {path.name: path.read_bytes() for path in workspace.glob("*.ipynb")}
    open_lesson(page, lab, LESSON)
    page.wait_for_timeout(4_000 * AUTOSAVE_SEC)
    assert page.locator(".Toastify__toast").all_inner_texts() == []
    assert {path.name: path.read_bytes() for path in workspace.glob("*.ipynb")} == before


def test_saving_keeps_what_tells_a_lesson_from_work(lab, page, workspace):
    open_lesson(page, lab, LESSON)
    path = workspace / LESSON
    before = path.stat().st_mtime_ns
    save(page)
    wait_for(lambda: path.stat().st_mtime_ns != before, 30, lambda: "nothing is saved")
    wait_for(lambda: is_untouched(path.read_bytes()), 30, lambda: "what is saved counts as work")
    assert "widgets" not in json.loads(path.read_bytes())["metadata"]


def test_no_news_are_asked_for(page, lab):
    open_lesson(page, lab, LESSON)
    shown = settings_of(page, lab, "@jupyterlab/apputils-extension:notification")
    assert shown["schema"]["properties"]["fetchNews"]["default"] == "false"
