"""Voices reduced to chords, and how voices are measured."""

from fractions import Fraction

import numpy as np
import pytest

from musicedu.harmony.chord import QUALITIES, Chord
from musicedu.harmony.voices import best_chord, count_parallels, measure_voice_leading, reduce_to_chords
from musicedu.melody import Key, Melody


def voices(*texts):
    return [Melody.from_text(text) for text in texts]


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("root", range(12))
def test_a_chord_is_reduced_to_itself(root, quality):
    weights = np.zeros(12)
    weights[list(Chord(root, quality).pitch_classes)] = 1
    assert best_chord(weights, root) == Chord(root, quality)


def test_a_passing_note_does_not_change_the_chord():
    found = reduce_to_chords(voices("C5:1/2 D5:1/2 E5:1", "G4:2", "E4:2", "C3:2"))
    assert [one.chord.name for one in found] == ["C", "C"]


def test_other_sevenths_are_the_triad_they_stand_on():
    for names, expected in (
        (("C5", "A4", "F4", "D3"), "Dm"),
        (("B4", "G4", "E4", "C3"), "C"),
        (("A4", "F4", "D4", "B2"), "Bdim"),
    ):
        (only,) = reduce_to_chords(voices(*names))
        assert only.chord.name == expected


def test_a_beat_of_one_note_keeps_the_chord_before():
    found = reduce_to_chords(voices("E4:1 C4:1 G4:1", "C4:1 r:1 B3:1", "C3:1 r:1 G3:1"))
    assert [(one.onset, one.chord.name) for one in found] == [
        (Fraction(0), "C"),
        (Fraction(1), "C"),
        (Fraction(2), "G"),
    ]


def test_without_voices_there_are_no_chords():
    assert reduce_to_chords([]) == ()


def test_parallels_count_only_where_both_voices_move_by_a_perfect_interval():
    assert count_parallels((72, 60), (74, 62)) == 1
    assert count_parallels((67, 60), (60, 67)) == 0
    assert count_parallels((64, 60), (65, 62)) == 0
    assert count_parallels((67, 60), (67, 60)) == 0


def test_voice_leading_counts_moves_crossings_and_ranges():
    found = measure_voice_leading(voices("C5:1 D5:1", "G4:1 E5:1", "C4:1 D4:1"))
    assert (found.n_changes, found.parallels, found.crossings) == (1, 1, 1)
    assert found.mean_move == (9 + 2) / 2
    assert found.lowest == (72, 67, 60)
    with pytest.raises(ValueError, match="two or more"):
        measure_voice_leading(voices("C5:1"))


@pytest.mark.parametrize(
    ("name", "key", "expected"), [("Dbm", "A", "C#m"), ("Bb", "F", "Bb"), ("F#dim", "G", "F#dim"), ("E7", "Am", "E7")]
)
def test_a_chord_is_spelled_by_its_key(name, key, expected):
    assert Chord.parse(name).name_in(Key.parse(key)) == expected
