"""Lead sheets and the grid of steps, as a notebook shows them."""

from fractions import Fraction

import numpy as np
import pytest

from musicedu.arrangement import with_tempo
from musicedu.display.arrangement_view import lead_sheet_picture, plot_shares
from musicedu.display.plots import plot_picture
from musicedu.display.rhythm_input import step_grid
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Melody

TUNE = with_tempo(Melody.from_text("Bb4:2 D5:2 F5:4", key="Bb"), 90)


def test_a_lead_sheet_says_its_chords_and_carries_no_font():
    chords = [ChordAt(Fraction(0), Chord.parse("Bb")), ChordAt(Fraction(4), Chord.parse("F7"))]
    shown = lead_sheet_picture(TUNE, chords)
    assert shown.words.endswith("Chords: Bb F7")
    assert "font-face" not in shown.html
    assert "%E2%99%AD" in shown.html  # a flat as a plain character
    assert len(shown.html) < 20_000


def test_shares_are_drawn_with_their_percentages():
    ax = plot_shares(np.array([[0.25, 0.75]]), ["I"], ["IV", "V"])
    assert [text.get_text() for text in ax.texts] == ["25", "75"]
    plot_picture(ax, "closed")


def test_the_grid_holds_the_pattern_and_follows_its_buttons():
    grid = step_grid({"kick": "X...", "snare": "..x."}, metre="4/4")
    assert grid.rows == {"kick": "x...", "snare": "..x."}
    assert "2 strokes" in grid.shown.words
    grid.press("kick", 4)
    assert grid.rows["kick"] == "x..x"
    assert "3 strokes" in grid.shown.words
    assert [control["title"] for control in grid.scene["blocks"][1]["controls"]][2] == "Snare drum, step 3"
    assert "press the buttons" in grid.still().words


def test_a_silent_grid_is_silence_and_no_fault():
    grid = step_grid({"kick": "x..."})
    grid.press("kick", 1)
    assert "0 strokes" in grid.shown.words


def test_an_unknown_sound_is_refused():
    with pytest.raises((KeyError, ValueError)):
        step_grid({"gong": "x..."})
