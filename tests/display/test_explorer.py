"""An explorer shows what its function draws, follows its knobs, and says what cannot be drawn."""

from concurrent.futures import ThreadPoolExecutor

import matplotlib.pyplot as plt
import numpy as np
import pytest

from musicedu.display.embed import Shown
from musicedu.display.explorer import choice, explore, slider
from musicedu.display.panel import Wish
from musicedu.display.player import sound_player
from musicedu.display.plots import plot_picture
from musicedu.errors import Unsatisfiable


def draw(width, colour):
    if width == 5:
        raise Unsatisfiable("five is too wide", remedy="Choose less")
    if width == 6:
        return {}[width]
    if width == 7:
        return None
    return Shown(f"<b>{width} {colour}</b>", f"{width} {colour}")


@pytest.fixture
def explorer():
    return explore(draw, width=slider(1, 8, 1, value=2), colour=choice(["red", "blue"]))


def pictures(explorer):
    return [block["html"] for block in explorer.scene["blocks"] if "html" in block]


def test_a_knob_moved_draws_anew(explorer):
    assert pictures(explorer) == ["<b>2 red</b>"]
    explorer.move(width=3)
    explorer.move(colour="blue")
    assert pictures(explorer) == ["<b>3 blue</b>"]
    assert explorer.values == {"width": 3, "colour": "blue"}
    explorer.wish(Wish({"width": "4", "colour": "red"}), "a wish of the browser")
    assert pictures(explorer) == ["<b>4 red</b>"]
    assert explorer.scene["answers"] == "a wish of the browser"


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (5, "five is too wide. Choose less"),
        (6, "KeyError: 6"),
        (7, "TypeError: the function gives back NoneType, which is nothing to show"),
    ],
)
def test_a_fault_of_any_kind_is_said_and_the_picture_is_named_by_its_own_setting(explorer, width, said):
    explorer.move(width=width)
    assert explorer.scene["said"] == f"width {width}, colour red: {said}"
    assert explorer.scene["older"] == "width 2, colour red"
    explorer.move(width=4)
    assert (explorer.scene["said"], explorer.scene["older"]) == ("", "")


def test_a_first_picture_that_fails_is_said_and_the_knobs_are_there():
    explorer = explore(draw, width=slider(1, 6, 1, value=6), colour=choice(["red"]))
    assert "KeyError" in explorer.still().words
    assert explorer.scene["older"] == ""
    explorer.move(width=1)
    assert pictures(explorer) == ["<b>1 red</b>"]


def test_moves_from_several_threads_never_mix_settings():
    def plotted(n_bars, height):
        _, ax = plt.subplots()
        plt.bar(range(n_bars), height)  # on whatever axes are current: the one thing that threads could mix
        return plot_picture(ax, f"{len(ax.patches)} bars of {ax.patches[0].get_height():.0f}")

    explorer = explore(plotted, n_bars=slider(1, 9, 1, value=1), height=slider(1, 9, 1, value=1))
    scenes = []
    explorer.observe(lambda change: scenes.append(change["new"]), names="scene")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: explorer.move(n_bars=number, height=10 - number), [*range(1, 10)] * 2))
    for scene in scenes:
        controls, _, picture = scene["blocks"]
        bars, height = (control["texts"][control["at"]] for control in controls["controls"])
        assert f"{bars} bars of {height}" in picture["html"]
    assert len(scenes) >= 9


def test_a_saved_page_shows_the_picture_and_what_to_do(explorer):
    assert explorer.still().words == "2 red\nRun this cell to move the knobs: width, colour."
    explorer.move(width=3)
    assert "This is at width 3, colour red." in explorer.still().words


def test_what_the_browser_asks_for_in_vain_moves_nothing(explorer):
    explorer.wish(Wish({"width": "90", "height": "1"}))
    assert explorer.values == {"width": 2, "colour": "red"}


def test_samples_become_a_player_and_an_odd_rate_is_refused():
    y = np.sin(np.arange(22_050) / 10)
    assert sound_player(y, 22_050, "a hum").words == "Player: 1.0 s of sound, a hum"
    with pytest.raises(ValueError, match="not 22051"):
        sound_player(y, 22_051)
