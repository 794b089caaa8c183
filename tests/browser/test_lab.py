"""Lesson 21 in JupyterLab, as a student has it: it runs from top to bottom, and the studio's knobs change the score."""

from tests.browser.driving import all_panels, keep_picture, needs_chromium, open_lesson, run_all, see_moves, wait_for

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


def test_level_on_the_page_is_level_on_the_knob_and_what_is_heard(page):
    (studio,) = all_panels(page, 1)
    seen = {}
    for level in ("4", "7", "10", "7", "4", "1", "4"):
        studio.turn("level", level)
        assert studio.stands_at("level") == level
        assert f" L{level} " in studio.top.locator("code").inner_text() + " "
        assert studio.top.locator("audio").count() == 0, "the sound of another piece"
        studio.press("Hear")
        score, sound = studio.words()
        assert seen.setdefault(level, (score, sound)) == (score, sound)
        assert seconds_heard(studio) > 3
    assert len(set(seen.values())) == 4
    keep_picture(page, "21_studio")


def test_every_knob_of_the_studio_moves_three_times_and_back(page):
    (studio,) = all_panels(page, 1)
    for name in studio.names():
        see_moves(studio, name, lambda: [studio.top.locator("code").inner_text(), *studio.words()])
        studio.turn(
            name, "any" if name not in ("level", "instrument") else {"level": "3", "instrument": "Violin"}[name]
        )


def test_buttons_pressed_fast_leave_one_piece(page):
    (studio,) = all_panels(page, 1)
    for button in ("New piece", "New piece", "More leaps", "Hear", "A little easier", "Hear"):
        studio.top.get_by_role("button", name=button).click()
    studio.settle()
    recipe = studio.top.locator("code").inner_text()
    assert f" L{studio.stands_at('level')} " in recipe
    focus = studio.stands_at("focus")
    assert (f"focus={focus}" in recipe) == (focus != "any"), recipe


def seconds_heard(studio):
    sound = studio.top.locator("audio")
    wait_for(lambda: sound.evaluate("element => element.readyState") >= 2, 20, lambda: "the sound cannot be played")
    return sound.evaluate("element => element.duration")


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
