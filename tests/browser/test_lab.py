"""Lesson 21 in JupyterLab, as a student has it: it runs from top to bottom, and the studio's knobs change the score."""

from tests.browser.driving import keep_picture, needs_chromium, open_lesson, run_all, wait_for

LESSON = "21_your_practice_partner.ipynb"
pytestmark = needs_chromium


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
