"""The practice studio does what its knobs and buttons say; what cannot be made is said, and the last piece stays."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from musicedu.display import studio as studios
from musicedu.display.panel import Wish
from musicedu.display.player import player
from musicedu.display.score import reasons, score_picture, sheet
from musicedu.display.studio import PracticeStudio, practice_studio
from musicedu.exercise.generator import generate
from musicedu.exercise.specification import Specification
from musicedu.wording.english import in_words


@pytest.fixture
def studio():
    return practice_studio(Specification(2, "violin", measures=4, seed=5))


def parts(scene):
    return [block["html"] for block in scene["blocks"] if "html" in block]


def knobs(scene):
    controls = [control for block in scene["blocks"] for control in block.get("controls", ()) if "texts" in control]
    return {control["name"]: control["texts"][control["at"]] for control in controls}


def test_it_opens_with_a_piece_and_its_reasons(studio):
    score, sound, why = parts(studio.scene)
    assert "<img alt=" in score
    assert sound == ""
    assert in_words(studio.exercise.reasons[0]) in why
    assert practice_studio().specification.level == 3


def test_a_knob_makes_a_new_piece_with_that_wish(studio):
    before = parts(studio.scene)[0]
    studio.move(metre="4/4")
    assert studio.specification.metre == "4/4"
    assert parts(studio.scene)[0] != before
    studio.move(focus="rests")
    assert studio.specification.focus == ("rests",)
    studio.move(focus="any")
    assert studio.specification == Specification(2, "violin", metre="4/4", measures=4, seed=5)


def test_another_instrument_lets_go_of_a_key_that_it_lacks(studio):
    studio.move(key="A")
    studio.move(instrument="flute")
    assert studio.specification.key is None
    assert studio.message == ""
    assert "A" not in studio.knobs["key"].texts


def test_the_buttons_do_what_they_say(studio):
    studio.press("New piece")
    assert studio.specification.seed == 6
    studio.press("More leaps")
    assert studio.specification.focus == ("leaps",)
    assert knobs(studio.scene)["focus"] == "leaps"
    studio.press("A little easier")
    assert knobs(studio.scene)["level"] == "1"
    assert parts(studio.scene)[1] == ""
    studio.press("Hear")
    assert "<audio autoplay controls" in parts(studio.scene)[1]


def test_a_knob_and_a_button_in_one_wish_are_done_one_after_the_other(studio):
    studio.wish(Wish({"level": "4"}, "New piece"))
    assert (studio.specification.level, studio.specification.seed) == (4, 6)


def test_what_cannot_be_made_is_said_and_the_piece_stays_with_its_knobs(studio):
    studio.move(level=1)
    before, asked = parts(studio.scene), knobs(studio.scene)
    studio.press("A little easier")
    assert studio.message.startswith("A little easier: level 1 is the easiest there is")
    studio.move(focus="octaves")
    assert studio.specification.focus == ()
    assert studio.message.startswith("focus octaves: ")
    assert (parts(studio.scene), knobs(studio.scene)) == (before, asked)
    studio.press("New piece")
    assert studio.message == ""


def test_a_fault_that_nobody_expected_is_said_too(studio, monkeypatch):
    before = parts(studio.scene)

    def fails(exercise):
        raise OSError("no room left")

    monkeypatch.setattr(studios, "score_picture", fails)
    studio.move(level=5)
    assert studio.message == "level 5: OSError: no room left"
    assert parts(studio.scene) == before
    assert (knobs(studio.scene)["level"], studio.specification.level, studio.exercise.specification.level) == (
        "2", 2, 2,
    )  # fmt: skip


def test_moves_from_several_threads_leave_page_knobs_and_sound_of_one_piece():
    studio, scenes = practice_studio(Specification(2, "violin", seed=5)), []
    studio.observe(lambda change: scenes.append(change["new"]), names="scene")

    def move(number):
        studio.move(level=number)
        studio.press("Hear")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(move, [1, 4, 2, 6, 3, 5]))
    assert len(scenes) >= 6
    for scene in scenes:
        shown = generate(Specification(int(knobs(scene)["level"]), "violin", seed=5))
        score, sound, why = parts(scene)
        assert score == score_picture(shown).html
        assert why == reasons(shown).html
        assert sound in ("", player(shown).html.replace("<audio ", "<audio autoplay "))


def test_a_saved_notebook_shows_the_piece_and_how_to_go_on(studio):
    assert "Run this cell" in studio.still().words
    assert "<img alt=" in studio.still().html


def test_a_wish_of_ones_own_is_among_the_choices():
    studio = PracticeStudio(Specification(3, "violin", measures=5))
    assert studio.knobs["measures"].value == 5
    studio.move(metre="3/4")
    assert studio.specification.measures == 5


def test_a_first_piece_that_cannot_be_made_is_said():
    studio = PracticeStudio(Specification(1, "violin", focus=("octaves",)))
    assert studio.exercise is None
    assert studio.message in studio.still().words
    studio.press("Hear")
    assert studio.message
    studio.move(focus="any")
    assert studio.exercise is not None


def test_a_sheet_says_what_why_and_how_to_make_it_again(studio):
    words = repr(sheet(studio.exercise))
    assert words.startswith("Violin, level 2\nScore: 4 measures")
    assert "Why this fits:\n- " in words
    assert words.endswith("Recipe: me1 violin L2 s5 measures=4")
