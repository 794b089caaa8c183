"""An explorer shows what its function draws, follows its knobs, and says what cannot be drawn."""

import numpy as np
import pytest

from musicedu.display.embed import Shown
from musicedu.display.explorer import choice, explore, slider
from musicedu.display.player import sound_player
from musicedu.errors import Unsatisfiable


def draw(width, colour):
    if width == 5:
        raise Unsatisfiable("five is too wide", remedy="Choose less")
    return Shown(f"<b>{width} {colour}</b>", f"{width} {colour}")


def test_a_knob_moved_draws_anew_and_a_fault_is_said():
    explorer = explore(draw, width=slider(1, 5, 1, value=2), colour=choice(["red", "blue"]))
    assert explorer.view.value == "<b>2 red</b>"
    explorer.knobs["width"].value = 3
    explorer.knobs["colour"].value = "blue"
    assert explorer.view.value == "<b>3 blue</b>"
    explorer.knobs["width"].value = 5
    assert "five is too wide" in explorer.message.value
    assert explorer.view.value == "<b>3 blue</b>"
    explorer.knobs["width"].value = 4
    assert explorer.message.value == ""


def test_a_saved_page_shows_the_picture_and_what_to_do():
    explorer = explore(draw, width=slider(1, 5, 1, value=2), colour=choice(["red"]))
    assert explorer._repr_mimebundle_()["text/plain"] == "2 red\nRun this cell to move the knobs: width, colour."


def test_a_slider_of_fractions_gives_fractions():
    assert isinstance(slider(0.1, 0.9, 0.1, value=0.5).value, float)


def test_samples_become_a_player_and_an_odd_rate_is_refused():
    y = np.sin(np.arange(22_050) / 10)
    assert sound_player(y, 22_050, "a hum").words == "Player: 1.0 s of sound, a hum"
    with pytest.raises(ValueError, match="not 22051"):
        sound_player(y, 22_051)
