"""Keys: reading, naming, the scale, and refusing what no signature can write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.melody import MODES, Key
from musicedu.melody.key import key_moved_by_fifths, transposed_key
from musicedu.pitch import Spelling
from tests.strategies import keys


@given(keys())
def test_a_name_is_read_back(key: Key) -> None:
    assert Key.parse(key.name) == key


@given(keys(), st.integers(36, 84))
def test_a_key_has_the_notes_of_its_scale_as_it_spells_them(key: Key, pitch: int) -> None:
    written = [Spelling(step, alter, 4) for step in "CDEFGAB" for alter in range(-2, 3)]
    assert {note.step: note.alter for note in written if key.has(note)} == dict.fromkeys("CDEFGAB", 0) | key.signature
    assert sum(key.has(note) for note in written) == 7
    assert key.has(key.spell(pitch)) == (pitch % 12 in key.scale)
    leading = [note for note in written if key.is_leading_note(note)]
    assert bool(leading) <= key.is_minor
    for note in leading:
        assert (note.pitch + 1) % 12 == key.tonic_pitch_class
        assert (note.diatonic + 1 - key.tonic.diatonic) % 7 == 0


@given(keys())
def test_the_scale_holds_the_tonic_and_its_spellings(key: Key) -> None:
    assert len(key.scale) == 7
    assert key.tonic_pitch_class in key.scale
    assert key.spell(60 + key.tonic_pitch_class).step == key.tonic.step
    third = (key.tonic_pitch_class + (3 if key.is_minor else 4)) % 12
    assert third in key.scale


@pytest.mark.parametrize(
    ("text", "key"),
    [("C", Key(0)), ("Am", Key(0, "minor")), ("F# minor", Key(3, "minor")), (" Bb major ", Key(-2)),
     ("D dorian", Key(0, "dorian")),
     ("B♭", Key(-2)), ("f♯ minor", Key(3, "minor")), ("C lydian", Key(1, "lydian")), ("Cb", Key(-7))],
)  # fmt: skip
def test_ways_to_write_a_key(text: str, key: Key) -> None:
    assert Key.parse(text) == key


@pytest.mark.parametrize("text", ["", "H", "C major minor", "C blues", "m", "major", "C4", "7"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a key such as 'G', 'Bb major' or 'F# minor'"):
        Key.parse(text)


@pytest.mark.parametrize(("text", "n"), [("G# major", 8), ("Fb major", 8), ("D## minor", 13)])
def test_a_signature_has_seven_signs_at_most(text: str, n: int) -> None:
    with pytest.raises(ValueError, match=f"would need {n} sharps or flats; a signature has 7 at most"):
        Key.parse(text)


def test_a_key_refuses_nonsense() -> None:
    with pytest.raises(ValueError, match="fifths must be from -7 to 7, not 8"):
        Key(8)
    with pytest.raises(ValueError, match=r"mode must be one of major, minor, .*'blues'"):
        Key(0, "blues")  # type: ignore[arg-type]


@given(keys(), st.integers(-24, 24))
def test_a_key_moved_has_its_tonic_moved(key: Key, semitones: int) -> None:
    moved = transposed_key(key, semitones)
    assert moved.tonic_pitch_class == (key.tonic_pitch_class + semitones) % 12
    assert moved.mode == key.mode
    assert abs(moved.fifths) <= 6 or moved.fifths == 7 or moved == key


@given(keys(), st.integers(-14, 14))
def test_moving_by_fifths_keeps_the_signature_writable(key: Key, shift: int) -> None:
    moved = key_moved_by_fifths(key, shift)
    assert -7 <= moved.fifths <= 7
    assert (moved.fifths - key.fifths - shift) % 12 == 0


def test_every_mode_has_a_key_without_signature() -> None:
    assert {Key(0, mode).name for mode in MODES} == {
        "C major", "A minor", "D dorian", "E phrygian", "F lydian", "G mixolydian", "B locrian",
    }  # fmt: skip


@given(keys(), st.integers(-3, 3))
def test_octaves_keep_the_key(key: Key, n_octaves: int) -> None:
    assert transposed_key(key, 12 * n_octaves) == key
