"""Rows as one picture."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from musicedu.display.step_view import plot_roll, plot_rows, plot_side_by_side
from musicedu.encoding.piano_roll import piano_roll
from musicedu.melody import Melody


def test_every_step_shows_the_pitch_that_sounds() -> None:
    ax = plot_rows(np.array([[14, 1, 0, 1], [1, 18, 1, 19]]), "two rows")
    shown = np.ma.filled(ax.images[0].get_array().astype(float), np.nan)
    np.testing.assert_array_equal(shown, [[60, 60, np.nan, np.nan], [np.nan, 64, 64, 65]])
    assert ax.get_title() == "two rows"
    plt.close("all")


def test_sets_of_rows_stand_beside_each_other() -> None:
    rows = np.array([[14, 1], [16, 1]])
    figure = plot_side_by_side({"real": rows, "made": rows}).figure
    assert [ax.get_title() for ax in figure.axes] == ["real", "made"]
    plt.close("all")


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
