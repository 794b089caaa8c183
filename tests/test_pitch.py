"""Spelled notes, MIDI numbers and frequencies: parsing, refusing nonsense, and the laws of conversion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.pitch import A4_HZ, Spelling, hz_to_midi, midi_to_hz, pitch_class, spell
from tests.strategies import spellings


@given(spellings(0, 8))
def test_a_name_is_read_back(spelling: Spelling) -> None:
    assert Spelling.parse(str(spelling)) == spelling


@given(spellings(0, 8))
def test_the_line_of_fifths_and_the_pitch_fix_the_spelling(spelling: Spelling) -> None:
    assert Spelling.from_fifths(spelling.fifths, spelling.pitch) == spelling


@given(spellings(0, 8))
def test_accidentals_move_the_pitch_and_not_the_staff_position(spelling: Spelling) -> None:
    natural = Spelling(spelling.step, 0, spelling.octave)
    assert spelling.pitch == natural.pitch + spelling.alter
    assert spelling.diatonic == natural.diatonic
    assert pitch_class(spelling.pitch) == spelling.pitch % 12


@given(st.integers(0, 127), st.integers(-7, 7), st.booleans())
def test_spelling_keeps_the_pitch_and_the_signature(pitch: int, fifths: int, minor: bool) -> None:
    spelling = spell(pitch, fifths, minor=minor)
    assert spelling.pitch == pitch
    in_scale = pitch % 12 in {7 * place % 12 for place in range(fifths - 1, fifths + 6)}
    if in_scale:
        assert fifths - 1 <= spelling.fifths <= fifths + 5


@pytest.mark.parametrize(
    ("pitch", "fifths", "minor", "name"),
    [(60, 0, False, "C4"), (61, 2, False, "C#4"), (70, -2, False, "Bb4"), (66, 0, False, "F#4"), (70, 0, False, "Bb4"),
     (68, 0, True, "G#4"), (71, -7, False, "Cb5"), (60, 7, False, "B#3")],
)  # fmt: skip
def test_usual_spellings(pitch: int, fifths: int, minor: bool, name: str) -> None:
    assert str(spell(pitch, fifths, minor=minor)) == name


@given(st.floats(0, 127))
def test_frequencies_and_midi_numbers_are_inverse(pitch: float) -> None:
    assert hz_to_midi(midi_to_hz(pitch)) == pytest.approx(pitch, abs=1e-9)
    assert midi_to_hz(pitch + 12) == pytest.approx(2 * midi_to_hz(pitch))


def test_a4_is_440_hz() -> None:
    assert midi_to_hz(69) == A4_HZ == 440
    assert hz_to_midi(440) == 69


@pytest.mark.parametrize("text", ["", "H4", "C", "C#", "4C", "C###4", "Cb#4", "C4 D4", "middle C"])
def test_what_is_no_note_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a note name such as C4"):
        Spelling.parse(text)


@pytest.mark.parametrize(
    ("step", "alter", "octave", "problem"),
    [("H", 0, 4, "a letter from A to G, not 'H'"), ("C", 3, 4, "from -2 .* not 3"), ("C", -1, -1, "MIDI range"),
     ("C", 0, 12, "MIDI range")],
)  # fmt: skip
def test_a_spelling_refuses_nonsense(step: str, alter: int, octave: int, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Spelling(step, alter, octave)


def test_conversions_refuse_nonsense() -> None:
    with pytest.raises(ValueError, match="pitch must be from 0 to 127, not 128"):
        spell(128, 0)
    with pytest.raises(ValueError, match="cannot be spelled at place 1"):
        Spelling.from_fifths(1, 60)
    for frequency in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="frequency_hz must be positive"):
            hz_to_midi(frequency)
