"""The practice studio does what its knobs and buttons say; what cannot be made is said, and the last piece stays."""

import pytest

from musicedu.display.sheet import sheet
from musicedu.display.studio import PracticeStudio, practice_studio
from musicedu.practice.specification import Specification


@pytest.fixture
def studio():
    return practice_studio(Specification(2, "violin", measures=4, seed=5))


def test_it_opens_with_a_piece_and_its_reasons(studio):
    assert studio.exercise is not None
    assert "<img alt=" in studio.score.value
    assert studio.exercise.reasons[0] in studio.reasons.value
    assert practice_studio().specification.level == 3


def test_a_knob_makes_a_new_piece_with_that_wish(studio):
    before = studio.score.value
    studio.knobs["metre"].value = "4/4"
    assert studio.specification.metre == "4/4"
    assert studio.score.value != before
    studio.knobs["focus"].value = "rests"
    assert studio.specification.focus == ("rests",)
    studio.knobs["focus"].value = "any"
    assert studio.specification == Specification(2, "violin", metre="4/4", measures=4, seed=5)


def test_another_instrument_lets_go_of_a_key_that_it_lacks(studio):
    studio.knobs["key"].value = "A"
    studio.knobs["instrument"].value = "flute"
    assert studio.specification.key is None
    assert studio.message.value == ""
    assert "A" not in studio.knobs["key"].options


def test_the_buttons_do_what_they_say(studio):
    studio.buttons["New piece"].click()
    assert studio.specification.seed == 6
    studio.buttons["More leaps"].click()
    assert studio.specification.focus == ("leaps",)
    assert studio.knobs["focus"].value == "leaps"
    studio.buttons["A little easier"].click()
    assert studio.knobs["level"].value == 1
    assert studio.sound.value == ""
    studio.buttons["Hear"].click()
    assert "<audio autoplay controls" in studio.sound.value


def test_what_cannot_be_made_is_said_and_the_piece_stays(studio):
    studio.knobs["level"].value = 1
    before = studio.score.value
    studio.buttons["A little easier"].click()
    assert "level 1 is the easiest there is" in studio.message.value
    assert studio.score.value == before
    studio.knobs["focus"].value = "octaves"
    assert studio.specification.focus == ()
    assert studio.message.value
    assert studio.score.value == before


def test_a_saved_notebook_shows_the_piece_and_how_to_go_on(studio):
    shown = studio._repr_mimebundle_()
    assert "Run this cell" in shown["text/plain"]
    assert "<img alt=" in shown["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in shown


def test_a_wish_of_ones_own_is_among_the_choices():
    studio = PracticeStudio(Specification(3, "violin", measures=5))
    assert studio.knobs["measures"].value == 5


def test_a_sheet_says_what_why_and_how_to_make_it_again(studio):
    words = repr(sheet(studio.exercise))
    assert words.startswith("Violin, level 2\nScore: 4 measures")
    assert "Why this fits:\n- " in words
    assert words.endswith("Recipe: me1 violin L2 s5 measures=4")
