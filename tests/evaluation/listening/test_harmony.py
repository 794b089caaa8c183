"""Figures for chords and keys: right answers score 1, near ones less, and gaps count as no chord."""

import pytest

from musicedu.audio.takes import SoundingChord, record_take
from musicedu.evaluation.listening.harmony import (
    always_c_major,
    chord_figures,
    hear_chords,
    hear_key,
    is_tonal,
    key_figures,
    key_figures_on_scores,
    score_chords,
    score_key,
    tonic_chord_throughout,
)
from musicedu.harmony.chord import Chord
from musicedu.harmony.harmonising import harmonise
from musicedu.melody import Key, Melody

TUNE = Melody.from_text("G4 A4 B4 G4 C5 B4 A4 F#4 G4 B4 D5 B4 A4 F#4 G4:2", key="G")
TRUTH = (SoundingChord(0.5, 2.0, Chord(7)), SoundingChord(2.0, 4.0, Chord(0)))


def test_the_truth_itself_is_right_all_the_time():
    assert score_chords(TRUTH, TRUTH) == 1
    split = (SoundingChord(0.5, 1.0, Chord(7)), SoundingChord(1.0, 2.0, Chord(7)), TRUTH[1])
    assert score_chords(TRUTH, split) == 1
    assert score_chords(split, TRUTH) == 1


def test_a_chord_counts_for_as_long_as_it_is_right():
    late = (SoundingChord(0.5, 2.5, Chord(7)), SoundingChord(2.5, 9.0, Chord(0)))
    assert score_chords(TRUTH, late) == pytest.approx((0.5 + 1.5 + 1.5) / 4)


def test_another_third_or_root_is_wrong_and_nothing_heard_is_right_only_in_gaps():
    minor = tuple(SoundingChord(one.onset_sec, one.offset_sec, Chord(one.chord.root, "minor")) for one in TRUTH)
    assert score_chords(TRUTH, minor) == pytest.approx(0.5 / 4)
    assert score_chords(TRUTH, ()) == pytest.approx(0.5 / 4)
    assert score_chords((), TRUTH) == 0


@pytest.mark.parametrize(
    ("estimated", "points"),
    [("G", 1), ("D", 0.5), ("E minor", 0.3), ("G minor", 0.2), ("C", 0), ("F# minor", 0)],
)
def test_keys_score_by_their_distance(estimated, points):
    assert score_key(Key.parse("G"), Key.parse(estimated)) == points


def test_every_enharmonic_key_can_be_scored():
    assert all(score_key(Key(fifths), Key(fifths)) == 1 for fifths in range(-7, 8))
    assert score_key(Key(6), Key(-6)) == 1


def test_figures_of_a_take():
    take = record_take(TUNE, program=73, chords=harmonise(TUNE))
    chords = chord_figures([take, record_take(TUNE)], {"ours": hear_chords, "naive": tonic_chord_throughout})
    assert len(chords["ours"]) == 1
    assert chords["ours"][0] > 0.8 > chords["naive"][0]
    keys = key_figures([take], {"ours": hear_key, "naive": always_c_major})
    assert keys == {"ours": [1.0], "naive": [0.0]}


def test_only_tunes_in_major_and_minor_are_asked_for_their_key():
    dorian = Melody.from_text("D4 E4 F4 G4 A4 B4 C5 D5", key="D dorian")
    assert not is_tonal(dorian)
    assert not is_tonal(Melody.from_text("r:4"))
    assert key_figures_on_scores([TUNE, dorian], ["temperley"]) == {"temperley": [1.0]}
