"""Key finding: the same for scores and sound, whatever the transposition and the unit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.errors import UnknownName
from musicedu.harmony.tonality import (
    PROFILES,
    estimate_key,
    estimate_melody_key,
    estimate_mode,
    is_surely_minor,
    key_of,
    key_profiles,
    minor_odds,
    pitch_class_histogram,
)
from musicedu.melody import Key, Melody

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


lines = st.lists(st.tuples(st.integers(40, 90), st.integers(1, 8)), min_size=1, max_size=30)
IN_D_MINOR = Melody.from_text("D4 F4 A4 G4:1/2 F4:1/2 E4 F4 D4:2 A4 Bb4 A4 G4 F4 E4 D4:2", key="F")
IN_F_MAJOR = Melody.from_text("F4 A4 C5 Bb4:1/2 A4:1/2 G4 A4 F4:2 C5 D5 C5 Bb4 A4 G4 F4:2", key="F")


def key_found(melody):
    return estimate_melody_key(melody.pitches, [note.duration for note in melody.notes])


def mode_of(melody):
    return estimate_mode(melody.pitches, [note.duration for note in melody.notes], melody.key.fifths)


@pytest.mark.parametrize("tonic", range(12))
def test_the_key_of_a_scale_is_found(tonic):
    major = [tonic + 60 + step for step in (0, 2, 4, 5, 7, 9, 11, 12)]
    assert estimate_melody_key(major, [2, 1, 1, 1, 1, 1, 1, 2]).tonic_pitch_class == tonic
    minor = [tonic + 60 + step for step in (0, 2, 3, 5, 7, 8, 11, 12)]
    found = estimate_melody_key(minor, [2, 1, 1, 1, 1, 1, 1, 2])
    assert (found.mode, found.tonic_pitch_class) == ("minor", tonic)


@given(lines, st.integers(-11, 11), st.floats(0.01, 100))
def test_transposing_moves_the_tonic_and_the_unit_does_not_matter(line, semitones, unit):
    pitches, durations = zip(*line, strict=True)
    key = estimate_melody_key(pitches, durations)
    moved = [pitch + semitones for pitch in pitches]
    odds = minor_odds(pitches, durations, key.fifths)
    moved_key = estimate_melody_key(moved, durations)
    if abs(odds) > 1e-6 and moved_key.mode == key.mode:  # else two keys are as likely, and either may come first
        assert minor_odds(moved, [unit * each for each in durations], moved_key.fifths) == pytest.approx(odds, abs=1e-6)


@given(lines)
def test_the_likeliest_key_has_the_mode_that_its_signature_alone_gives(line):
    pitches, durations = zip(*line, strict=True)
    key = estimate_melody_key(pitches, durations)
    if abs(minor_odds(pitches, durations, key.fifths)) > 1e-6:
        assert estimate_mode(pitches, durations, key.fifths) == key.mode


def test_a_signature_without_a_mode_is_major_or_minor_by_the_notes():
    assert (mode_of(IN_D_MINOR), mode_of(IN_F_MAJOR)) == ("minor", "major")
    assert (key_found(IN_D_MINOR).name, key_found(IN_F_MAJOR).name) == ("D minor", "F major")
    enharmonic = [note.duration for note in IN_F_MAJOR.notes]
    assert estimate_mode([pitch - 6 for pitch in IN_F_MAJOR.pitches], enharmonic, -7) == "major"


def test_only_plain_evidence_overrules_a_major_that_was_said():
    durations = [note.duration for note in IN_D_MINOR.notes]
    assert is_surely_minor(IN_D_MINOR.pitches, durations, -1)
    assert not is_surely_minor(IN_F_MAJOR.pitches, durations, -1)
    assert not is_surely_minor([69, 72, 69], [1, 1, 1], 0)


def test_without_notes_the_key_is_c_major():
    assert estimate_melody_key([], []) == Key(0)
    assert estimate_mode([], [], -3) == "major"


def test_the_spelling_does_not_matter():
    sharp, flat = Melody.from_text("F#4 A#4 C#5 F#4"), Melody.from_text("Gb4 Bb4 Db5 Gb4")
    assert key_found(sharp) == key_found(flat) == Key(6)
    assert np.isfinite(minor_odds(sharp.pitches, [1, 1, 1, 1], 6))
