"""A lesson opened and looked at in JupyterLab: nobody asks anything, and no file changes."""

import json

from musicedu.course.laid_out import is_untouched
from tests.browser.driving import needs_chromium, open_lesson, wait_for

AUTOSAVE_SEC = 3
LESSON = "21_your_practice_partner.ipynb"
pytestmark = needs_chromium


def settings_of(page, lab, plugin):
    return page.evaluate("address => fetch(address).then(reply => reply.json())", f"{lab}/lab/api/settings/{plugin}")


def test_opening_and_looking_changes_no_file(lab, page, workspace):
    own = workspace.parent / "config" / "lab" / "user-settings" / "@jupyterlab" / "docmanager-extension"
    own.mkdir(parents=True, exist_ok=True)
    (own / "plugin.jupyterlab-settings").write_text(json.dumps({"autosaveInterval": AUTOSAVE_SEC}))
    before = {path.name: path.read_bytes() for path in workspace.glob("*.ipynb")}
    open_lesson(page, lab, LESSON)
    page.wait_for_timeout(4_000 * AUTOSAVE_SEC)
    assert page.locator(".Toastify__toast").all_inner_texts() == []
    assert {path.name: path.read_bytes() for path in workspace.glob("*.ipynb")} == before


def test_saving_keeps_what_tells_a_lesson_from_work(page, workspace):
    path = workspace / LESSON
    before = path.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    wait_for(lambda: path.stat().st_mtime_ns != before, 30, lambda: "nothing is saved")
    wait_for(lambda: is_untouched(path.read_bytes()), 30, lambda: "what is saved counts as work")
    # The state of the widgets is saved with a notebook: the setting has come through.
    assert "widgets" in json.loads(path.read_bytes())["metadata"]


def test_no_news_are_asked_for(page, lab):
    shown = settings_of(page, lab, "@jupyterlab/apputils-extension:notification")
    assert shown["schema"]["properties"]["fetchNews"]["default"] == "false"
