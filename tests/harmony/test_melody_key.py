"""The key of melodies whose source names none: the same from every format, whatever the transposition and the unit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.harmony.melody_key import estimate_melody_key, estimate_mode, is_surely_minor, minor_odds
from musicedu.melody import Key, Melody

lines = st.lists(st.tuples(st.integers(40, 90), st.integers(1, 8)), min_size=1, max_size=30)
IN_D_MINOR = Melody.from_text("D4 F4 A4 G4:1/2 F4:1/2 E4 F4 D4:2 A4 Bb4 A4 G4 F4 E4 D4:2", key="F")
IN_F_MAJOR = Melody.from_text("F4 A4 C5 Bb4:1/2 A4:1/2 G4 A4 F4:2 C5 D5 C5 Bb4 A4 G4 F4:2", key="F")


def key_of(melody):
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
    assert (key_of(IN_D_MINOR).name, key_of(IN_F_MAJOR).name) == ("D minor", "F major")
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
    assert key_of(sharp) == key_of(flat) == Key(6)
    assert np.isfinite(minor_odds(sharp.pitches, [1, 1, 1, 1], 6))
