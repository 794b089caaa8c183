"""What can be noticed in a whole piece: laws of the features, and small tunes in which they can be counted."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.evaluation.whole_pieces import FEATURES, piece_features
from musicedu.melody import Melody
from tests.strategies import melodies

PLAIN = "C4 D4 E4 F4 G4 G4 E4:2 C4 D4 E4 F4 G4 F4 E4:2 F4 G4 A4 F4 G4:4 F4 E4 D4 B3 C4:4"
SHARES = [name for name in FEATURES if name.startswith(("rhythm comes", "figure comes", "measure comes", "ties over"))]


def found(text, **kinds):
    return piece_features(Melody.from_text(text, **kinds))


@given(melodies().filter(lambda melody: melody.notes))
def test_every_melody_with_notes_has_every_feature(melody):
    features = piece_features(melody)
    assert list(features) == list(FEATURES)
    assert all(-200 < value < 200 for value in features.values())
    assert all(0 <= features[name] <= 1 for name in SHARES)


@pytest.mark.parametrize("semitones", [-12, -5, 2, 7, 12])
def test_key_and_register_change_nothing(semitones):
    melody = Melody.from_text(PLAIN.replace("F4 E4 D4 B3", "F4 F#4 G4 B3"))
    assert piece_features(melody.transposed(semitones)) == pytest.approx(piece_features(melody))


def test_marks_change_nothing():
    melody = Melody.from_text(PLAIN)
    marked = replace(melody, notes=tuple(replace(note, marks=frozenset({"staccato"})) for note in melody.notes))
    assert piece_features(marked) == piece_features(melody)


def test_held_measures_are_found_where_they_stand():
    features = found(PLAIN)
    assert features["held measures"] == pytest.approx(2 / 8)
    assert (features["fourth measure held"], features["last measure held"]) == (0, 1)
    assert features["busiest to calmest measure"] == 4


def test_what_comes_again_is_counted_by_rhythm_figure_and_measure():
    features = found("C4 D4 E4:2 D4 E4 F4:2 C4 D4 E4:2 C4:4")
    assert features["rhythm comes again"] == pytest.approx(2 / 3)
    assert features["figure comes again"] == pytest.approx(2 / 3)
    assert features["measure comes again"] == pytest.approx(1 / 3)
    assert features["rhythm comes again at once"] == pytest.approx(2 / 3)
    assert features["rhythm comes again after two"] == pytest.approx(1 / 2)


def test_foreign_notes_are_told_by_place():
    early, late = found("C4 F#4 G4 E4 C4 D4 E4 F4 G4 E4 D4 C4"), found("C4 F4 G4 E4 C4 D4 E4 F4 G4 D#4 E4 C4")
    assert early["foreign notes"] == late["foreign notes"] == pytest.approx(1 / 12)
    assert (early["foreign notes at the close"], late["foreign notes at the close"]) == (0, 1)
    assert early["foreign notes that lead"] == 1


def test_ties_and_rests_have_a_place():
    features = found("C4 D4 E4:2 F4:3 G4:2 A4 r:1 B4 C5:4")
    assert features["ties over barlines"] == pytest.approx(1 / 4)
    assert features["first tie"] == pytest.approx(1 / 4)
    assert features["first measure with a rest"] == pytest.approx(2 / 4)
    assert features["rests on the beat"] == 1
    assert found(PLAIN)["first tie"] == found(PLAIN)["first measure with a rest"] == -1


def test_an_upbeat_is_no_measure():
    features = found("G3 C4 E4 G4 E4 C4:3", anacrusis=Fraction(1))
    assert features["anacrusis"] == 1
    assert features["notes a measure"] == 4


def test_a_piece_without_notes_is_refused():
    with pytest.raises(ValueError, match="without notes"):
        found("r:4")


@given(st.permutations(["C4 C4 C4 C4", "C4:2 E4:2", "G4:4", "F4 E4 D4:2"]))
def test_the_order_of_different_measures_changes_no_share_of_them(order):
    features = found(" ".join(order))
    assert features["rhythm comes again"] == 0
    assert features["different rhythms"] == 1
    assert features["held measures"] == pytest.approx(1 / 4)
