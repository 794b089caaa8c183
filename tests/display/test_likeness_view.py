"""Pictures of likeness show what was found, and their words say it."""

import numpy as np
import pytest

from musicedu.display.likeness_view import passage, passage_picture, plot_alignment, plot_stars, plot_votes
from musicedu.melody import Melody
from musicedu.originality.similarity import align

TUNE = Melody.from_text("G4:1 C5:1 D5:1 E5:1 F5:1 E5:2 D5:2 C5:4 E5:2 C5:2", anacrusis=1, title="A march")


def test_every_star_is_drawn_in_its_place():
    ax = plot_stars(np.zeros((60, 100)), [0, 50], [3, 24])
    (points,) = ax.collections
    assert points.get_offsets().tolist() == [[0, 48], [pytest.approx(50 * 256 / 11_025), 69]]


def test_the_right_recording_has_another_colour():
    bars = plot_votes({"a": 3, "b": 1}, "a").patches
    assert [bar.get_width() for bar in bars] == [3, 1]
    assert bars[0].get_facecolor() != bars[1].get_facecolor()


def test_notes_that_stand_for_one_another_are_joined():
    found = align(TUNE, TUNE.transposed(3))
    ax = plot_alignment(TUNE, TUNE.transposed(3), found)
    assert len(ax.lines) == 2 * len(TUNE.notes) + len(found.pairs)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["A march", "A march"]


def test_a_passage_is_shown_in_whole_measures_and_says_its_notes():
    assert len(passage(TUNE, 4, 6).measures) == 2
    assert passage(TUNE, 1, 4).pitches == (72, 74, 76, 77)
    assert passage(TUNE, 0, 1).pitches == (67, 72, 74, 76, 77)
    assert [float(measure.duration) for measure in passage(TUNE, 0, 1).measures] == [1, 4]
    picture = passage_picture(TUNE, 4, 6)
    assert picture.words.startswith("Notes 5 to 7 of A march:")
    assert "Score: 2 measures" in picture.words
