"""Pictures of harmony hold what they are given."""

import numpy as np

from musicedu.audio.takes import SoundingChord
from musicedu.display.harmony_view import plot_chord_rows, plot_chroma, plot_pitch_classes
from musicedu.harmony.chord import Chord

PLAYED = (SoundingChord(0, 2, Chord(0)), SoundingChord(2, 4, Chord(7)))
HEARD = (SoundingChord(0, 3, Chord(0)), SoundingChord(3, 4.5, Chord(7)))


def test_chroma_has_a_row_for_each_pitch_class():
    axes = plot_chroma(np.random.default_rng(0).random((12, 30)), np.arange(30) / 10)
    assert [label.get_text() for label in axes.get_yticklabels()][:3] == ["C", "C#", "D"]
    assert axes.images[0].get_extent() == [0, 2.9, -0.5, 11.5]


def test_what_is_wrong_is_hatched_for_as_long_as_it_is_wrong():
    axes = plot_chord_rows({"played": PLAYED, "heard": HEARD}, truth="played")
    right = [(box.get_x(), box.get_width()) for box in axes.patches if box.get_hatch() is None and box.get_y() > 0.5]
    assert right == [(0, 2), (3, 1)]
    assert axes.get_xlim() == (0, 4)
    assert [text.get_text() for text in axes.texts] == ["C", "G", "C", "G"]


def test_rows_without_a_truth_and_without_chords_can_be_drawn():
    assert len(plot_chord_rows({"one": PLAYED, "none": ()}).get_yticks()) == 2


def test_weights_and_their_profile_are_scaled_alike():
    axes = plot_pitch_classes([0, 2, *[1] * 10], profile=[5, *[1] * 11])
    assert max(bar.get_height() for bar in axes.patches) == 1
    assert max(axes.lines[0].get_ydata()) == 1
    plot_pitch_classes(np.zeros(12))
