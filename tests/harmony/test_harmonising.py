"""Chords under tunes that everybody knows, and what holds under any tune."""

from fractions import Fraction

import pytest
from hypothesis import given, settings

from musicedu.harmony.harmonising import harmonise, triads
from musicedu.melody import Key, Melody
from tests.strategies import keys, melodies

TWINKLE = "C4 C4 G4 G4 A4 A4 G4:2 F4 F4 E4 E4 D4 D4 C4:2"
ODE = (
    "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 F#4:3/2 E4:1/2 E4:2 "
    "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 E4:3/2 D4:1/2 D4:2"
)
GREENSLEEVES = (
    "A4:1/2 C5:1 D5:1/2 E5:3/4 F5:1/4 E5:1/2 D5:1 B4:1/2 G4:3/4 A4:1/4 B4:1/2 C5:1 A4:1/2 A4:3/4 G#4:1/4 A4:1/2 "
    "B4:1 G#4:1/2 E4:1 A4:1/2 C5:1 D5:1/2 E5:3/4 F5:1/4 E5:1/2 D5:1 B4:1/2 G4:3/4 A4:1/4 B4:1/2 "
    "C5:3/4 B4:1/4 A4:1/2 G#4:3/4 F#4:1/4 G#4:1/2 A4:1 A4:1/2 A4:1"
)
AMAZING = (
    "D4:1 G4:2 B4:1/2 G4:1/2 B4:2 A4:1 G4:2 E4:1 D4:2 D4:1 G4:2 B4:1/2 G4:1/2 B4:2 A4:1 D5:5 B4:1 D5:2 B4:1/2 G4:1/2 "
    "B4:2 A4:1 G4:2 E4:1 D4:2 D4:1 G4:2 B4:1/2 G4:1/2 B4:2 A4:1 G4:3 r:2"
)


@pytest.mark.parametrize(
    ("text", "frame", "chords_per_measure", "chords"),
    [
        (TWINKLE, {}, 2, "C C F C F C G C"),
        (ODE, {"key": "D"}, 1, "D A D A D A D D"),
        (GREENSLEEVES, {"key": "A minor", "metre": "6/8", "anacrusis": Fraction(1, 2)}, 1, "Am G Am E Am G E Am"),
        (AMAZING, {"key": "G", "metre": "3/4", "anacrusis": 1}, 1, "G G C D G G D G G G C D G G G"),
    ],
)
def test_well_known_tunes_get_chords_that_people_play(text, frame, chords_per_measure, chords):
    tune = Melody.from_text(text, **frame)
    assert " ".join(at.chord.name for at in harmonise(tune, chords_per_measure=chords_per_measure)) == chords


@settings(max_examples=50)
@given(melodies(with_marks=False, max_measures=4))
def test_every_chord_is_of_its_key_and_a_last_tonic_has_the_tonic_under_it(melody):
    chords = harmonise(melody)
    for at in chords:
        assert at.chord in triads(melody.key_at(at.onset))
    if not chords:
        return
    tonic = melody.key_at(chords[-1].onset).tonic_pitch_class
    under = {note.pitch % 12 for note in melody.notes if note.offset > chords[-1].onset}
    if under == {tonic} and any(chord.root == tonic for chord in triads(melody.key_at(chords[-1].onset))):
        assert chords[-1].chord.root == tonic


def test_a_melody_without_notes_has_no_chords():
    assert harmonise(Melody.from_text("r:4")) == ()


@settings(max_examples=40)
@given(melodies(with_marks=False, max_measures=3))
def test_a_chord_begins_with_every_measure_that_has_music_before_its_end_and_goes_on_in_a_long_one(melody):
    last = melody.notes[-1].offset if melody.notes else 0
    full = [measure for measure in melody.measures if measure.number > 0 and measure.onset < last]
    laps = [(measure, -(-measure.duration // measure.metre.duration)) for measure in full]
    expected = [measure.onset + lap * measure.metre.duration for measure, count in laps for lap in range(count)]
    assert [at.onset for at in harmonise(melody)] == expected


def test_transposing_a_tune_transposes_its_chords():
    tune = Melody.from_text(ODE, key="D")
    roots = [at.chord.root for at in harmonise(tune, chords_per_measure=2)]
    moved = [at.chord.root for at in harmonise(tune.transposed(5), chords_per_measure=2)]
    assert moved == [(root + 5) % 12 for root in roots]


@given(keys())
def test_triads_are_of_the_key_and_minor_has_its_major_dominant(key):
    found = triads(key)
    tonic = key.tonic_pitch_class
    assert found[0].root == tonic or key.mode == "locrian"
    assert len(found) == 6 + (key.mode == "minor")
    outside = [chord for chord in found if not key.scale.issuperset(chord.pitch_classes)]
    assert [(chord.root, chord.quality) for chord in outside] == [((tonic + 7) % 12, "major")] * (key.mode == "minor")


def test_uneven_metres_and_odd_divisions_have_one_chord_a_measure():
    waltz = Melody.from_text("C4 E4 G4 B3 D4 G4 C4:3", metre="3/4")
    assert len(harmonise(waltz, chords_per_measure=2)) == 3
    assert len(harmonise(waltz, chords_per_measure=3)) == 9


def test_less_than_one_chord_is_refused():
    with pytest.raises(ValueError, match="1 or more, not 0"):
        harmonise(Melody.from_text("C4"), chords_per_measure=0)
    assert triads(Key(0))[0].name == "C"
