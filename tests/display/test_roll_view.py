"""A roll is drawn as squares: one for each step in which something sounds."""

import matplotlib.pyplot as plt

from musicedu.display.roll_view import plot_roll
from musicedu.encoding.piano_roll import piano_roll
from musicedu.melody import Melody


def test_every_switch_that_is_on_is_a_square():
    ax = plot_roll(piano_roll(Melody.from_text("C4:1 r:1/2 E4:1/2"), 4), 4)
    assert len(ax.patches) == 4 + 2
    assert ax.get_xlim() == (0, 8)
    assert "4 to a quarter note" in ax.get_xlabel()
    plt.close(ax.figure)


def test_silence_is_an_empty_picture():
    ax = plot_roll(piano_roll(Melody.from_text("r:1"), 4), 4)
    assert not ax.patches
    plt.close(ax.figure)
