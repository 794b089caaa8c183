"""Key finding: the same for scores and sound, whatever the transposition and the unit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.errors import UnknownName
from musicedu.harmony.tonality import PROFILES, estimate_key, key_of, key_profiles, pitch_class_histogram
from musicedu.melody import Melody

SCALE = Melody.from_text("C4 D4 E4 F4 G4 A4 B4 C5:2 G4 E4 C4:2")
SAD = Melody.from_text("A4 B4 C5 D5 E5 D5 C5 B4 A4 G#4 A4:2", key="A minor")
weights = st.lists(st.integers(0, 50), min_size=12, max_size=12)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_scale_and_its_triad_have_the_key_they_are_written_in(profile):
    assert estimate_key(pitch_class_histogram(SCALE), profile)[0].key.name == "C major"
    assert estimate_key(pitch_class_histogram(SAD), profile)[0].key.name == "A minor"


@given(weights, st.integers(1, 11), st.sampled_from(sorted(PROFILES)))
def test_transposing_turns_every_key_and_keeps_its_correlation(histogram, semitones, profile):
    before = {
        (guess.key.tonic_pitch_class, guess.key.mode): guess.correlation for guess in estimate_key(histogram, profile)
    }
    for guess in estimate_key(np.roll(histogram, semitones), profile):
        origin = (guess.key.tonic_pitch_class - semitones) % 12, guess.key.mode
        assert guess.correlation == pytest.approx(before[origin], abs=1e-9)


@given(weights, st.floats(0.01, 100))
def test_the_unit_of_the_weights_does_not_matter(histogram, factor):
    first, second = estimate_key(histogram), estimate_key(np.array(histogram) * factor)
    assert [guess.correlation for guess in second] == pytest.approx([guess.correlation for guess in first], abs=1e-6)


@given(weights)
def test_all_24_keys_are_ranked_by_their_correlation(histogram):
    guesses = estimate_key(histogram)
    correlations = [guess.correlation for guess in guesses]
    assert len({guess.key for guess in guesses}) == 24
    assert correlations == sorted(correlations, reverse=True)
    assert all(-1.000001 <= correlation <= 1.000001 for correlation in correlations)


def test_correlations_are_those_of_numpy():
    histogram = pitch_class_histogram(SAD)
    for guess in estimate_key(histogram, "krumhansl"):
        row = guess.key.tonic_pitch_class + 12 * (guess.key.mode == "minor")
        expected = np.corrcoef(histogram, key_profiles("krumhansl")[row])[0, 1]
        assert guess.correlation == pytest.approx(expected)


@pytest.mark.parametrize("equal", [np.zeros(12), np.full(12, 3.7)])
def test_equal_weights_say_nothing(equal):
    assert all(guess.correlation == 0 for guess in estimate_key(equal))


def test_keys_have_the_fewest_accidentals():
    assert [key_of(tonic, "major").name for tonic in (1, 6, 11)] == ["Db major", "F# major", "B major"]
    assert [key_of(tonic, "minor").name for tonic in (8, 3, 10)] == ["G# minor", "D# minor", "Bb minor"]
    assert all(key_of(tonic, mode).tonic_pitch_class == tonic for tonic in range(12) for mode in ("major", "minor"))


def test_a_longer_note_weighs_more_and_octaves_do_not_matter():
    histogram = pitch_class_histogram(Melody.from_text("C4:1/2 C6:3/2 r:1 E4:1"))
    assert histogram.tolist() == [2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]


def test_faults_are_named():
    with pytest.raises(UnknownName, match=r"'mozart'.*krumhansl, temperley, albrecht"):
        estimate_key(np.ones(12), "mozart")
    with pytest.raises(ValueError, match=r"12 weights, from C up, not an array of shape \(24,\)"):
        estimate_key(np.ones(24))
    with pytest.raises(ValueError, match="0 or more"):
        estimate_key([-1, *[0] * 11])
    with pytest.raises(ValueError, match="0 or more"):
        estimate_key([np.nan, *[0] * 11])
