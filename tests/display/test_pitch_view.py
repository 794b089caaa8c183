"""Pictures of pitch draw every note and every mistake, and an empty one is no accident."""

import numpy as np

from musicedu.display.pitch_view import plot_likeness, plot_notes, plot_pitch
from musicedu.played import PlayedNote

PLAYED = (PlayedNote(0.0, 0.5, 60, 80), PlayedNote(0.5, 1.0, 62, 80))


def test_peaks_are_named_where_they_are():
    ax = plot_likeness(np.cos(np.arange(100) / 5), peaks={31: "one round"})
    assert [text.get_text() for text in ax.texts] == ["one round"]
    assert ax.get_ylim()[0] < -1


def test_wrong_moments_are_crosses():
    ax = plot_pitch([0.1, 0.2, 0.6, 0.7, 1.2], [60.1, 48.0, 62.0, np.nan, 70.0], PLAYED)
    drawn = {line.get_label(): line.get_xdata().tolist() for line in ax.lines}
    assert drawn["heard wrong"] == [0.2]
    assert 0.2 not in drawn["heard"]


def test_missed_and_made_up_notes_are_in_the_legend():
    heard = (PlayedNote(0.0, 0.5, 60), PlayedNote(0.5, 0.9, 65))
    ax = plot_notes(PLAYED, heard)
    assert {"played", "heard", "missed", "made up"} <= {text.get_text() for text in ax.get_legend().get_texts()}
    right = plot_notes(PLAYED, (PlayedNote(0.0, 0.5, 60), PlayedNote(0.5, 0.9, 62)))
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["played", "heard"]


def test_nothing_played_and_nothing_heard_can_be_drawn():
    assert plot_notes((), ()).get_ylim()[0] < plot_notes(PLAYED, ()).get_ylim()[1]
