"""Rhythm patterns: the same in every key and every notation of one rhythm, whatever the metre."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from musicedu.attributes.rhythm_patterns import (
    N_POSITIONS,
    commonest_rhythm,
    full_measures,
    onset_profile,
    onset_rows,
    rhythm_melody,
)
from musicedu.melody import Melody, Metre
from tests import strategies


def places(profile):
    return {int(place): round(float(profile[place]), 2) for place in np.flatnonzero(profile)}


def test_a_reel_and_a_jig():
    assert places(onset_profile(Melody.from_text("C4:1/2 " * 8))) == dict.fromkeys(range(0, 48, 6), 1.0)
    assert places(onset_profile(Melody.from_text("C4:1 D4:1/2 " * 2, metre="6/8"))) == {0: 1, 16: 1, 24: 1, 40: 1}


def test_a_share_of_the_measures():
    assert places(onset_profile(Melody.from_text("C4:2 C4:2 C4:4"))) == {0: 1, 24: 0.5}


def test_upbeats_short_measures_and_notes_held_over_are_left_out():
    melody = Melody.from_text("G4:1 C4:3 E4:2 G4:3 r:1", metre="4/4", anacrusis=1)
    assert len(full_measures(melody)) == 2
    assert onset_rows(melody).sum(axis=1).tolist() == [2, 1]
    assert onset_rows(melody)[1, 12] == 1


def test_no_note_and_no_full_measure_give_zeros():
    assert not onset_profile(Melody.from_text("r:4")).any()
    assert onset_profile(Melody.from_text("C4:1")).shape == (N_POSITIONS,)


def test_twice_as_long_in_twice_the_metre_is_the_same_pattern():
    short = Melody.from_text("C4:1/4 D4:1/4 E4:1/2 F4:3/4 G4:1/4", metre="2/4")
    long = Melody.from_text("C4:1/2 D4:1/2 E4:1 F4:3/2 G4:1/2", metre="4/4")
    assert onset_profile(short).tolist() == onset_profile(long).tolist()


@settings(max_examples=40)
@given(strategies.melodies())
def test_transposing_changes_no_pattern_and_shares_are_shares(melody):
    profile = onset_profile(melody)
    assert profile.tolist() == onset_profile(melody.transposed(2)).tolist()
    assert ((profile >= 0) & (profile <= 1)).all()


def test_the_commonest_measure_can_be_written_down():
    jig = Melody.from_text("C4:1 D4:1/2 E4:1 D4:1/2 C4:1/2 D4:1/2 E4:1/2 F4:3/2 C4:1 D4:1/2 E4:1 D4:1/2", metre="6/8")
    metre, rhythm, share = commonest_rhythm([jig])
    assert (str(metre), round(share, 2)) == ("6/8", 0.67)
    written = rhythm_melody(metre, rhythm, n_measures=2)
    assert [note.duration for note in written.notes] == [1, Fraction(1, 2)] * 4
    assert set(written.pitches) == {71}


def test_silence_has_no_rhythm():
    with pytest.raises(ValueError, match="no full measure"):
        commonest_rhythm([Melody.from_text("r:4")])
    assert rhythm_melody(Metre(3, 4), ()).duration == 3
