"""Chorales in four voices with their chords, and what is learnt from them."""

from dataclasses import replace
from fractions import Fraction

import pytest

from musicedu.corpus.chorale_harmony import home_key, read_chorales
from musicedu.evaluation.accompaniment import (
    bach_himself,
    chord_tone_share,
    count_agreement,
    harmonisers,
    judge_harmonies,
    tonic_throughout,
)
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Key, Melody


@pytest.fixture(scope="module")
def held_out():
    return list(read_chorales("test"))


def test_a_chorale_has_four_equal_voices_and_a_chord_for_nearly_every_beat(held_out):
    assert len(held_out) > 25
    for one in held_out:
        assert len(one.voices) == 4
        assert {voice.duration for voice in one.voices} == {one.melody.duration}
        beats = sum(len(measure.beat_onsets) for measure in one.melody.measures)
        assert beats - 4 <= len(one.chords) <= beats
        assert one.melody.key.tonic_pitch_class == one.chords[-1].chord.root


def test_no_chorale_is_given_twice(held_out):
    shapes = [tuple(voice.intervals for voice in one.voices) for one in held_out]
    assert len(set(shapes)) == len(shapes)


def test_no_family_is_in_two_splits(held_out):
    assert not {one.family for one in held_out} & {one.family for one in read_chorales("validation")}


@pytest.mark.parametrize(
    ("fifths", "mode", "last", "expected"),
    [
        (0, "major", "C", "C major"),
        (-1, "minor", "D", "D minor"),
        (0, "dorian", "D", "D minor"),
        (1, "major", "Em", "E minor"),
    ],
)
def test_a_chorale_is_in_the_key_of_its_last_chord(fifths, mode, last, expected):
    assert home_key(Key(fifths, mode), (ChordAt(Fraction(0), Chord.parse(last)),)).name == expected


def test_the_model_agrees_with_bach_more_than_the_rule_and_the_tonic_do(held_out):
    scores = judge_harmonies(held_out, harmonisers())
    model, rule, tonic = scores.values()
    assert model.agreement > rule.agreement + 0.04 > tonic.agreement + 0.1
    assert model.low < model.agreement < model.high
    assert model.chord_tones > 0.9
    assert bach_himself(held_out) > 0.9


def test_bach_agrees_with_himself_and_not_with_other_chords(held_out):
    chords = held_out[0].chords
    assert count_agreement(chords, chords) == (len(chords), len(chords))
    moved = [replace(one, chord=Chord((one.chord.root + 6) % 12, one.chord.quality)) for one in chords]
    assert count_agreement(chords, moved)[0] == 0
    assert count_agreement(chords, ()) == (0, len(chords))


def test_the_share_of_chord_notes_is_by_time():
    tune = Melody.from_text("C4:3 D4:1")
    assert chord_tone_share(tune, tonic_throughout(tune)) == 0.75
    assert chord_tone_share(tune, ()) == 0.0


def test_without_chorales_nothing_is_judged():
    with pytest.raises(ValueError, match="must not be empty"):
        judge_harmonies([], harmonisers())
