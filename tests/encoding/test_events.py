"""Melody to events and back: each is the other's inverse on what the vocabulary holds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.encoding.events import Event, Window, decode, encode, line_of_events, spell_line, window_melody
from musicedu.encoding.vocabulary import (
    FIRST_PITCH,
    HIGHEST_PITCH,
    LOWEST_PITCH,
    N_TOKENS,
    REST,
    TIE,
    VALUE_INDEX,
    VALUES,
    Frame,
    pitch_of_token,
    token_of_pitch,
)
from musicedu.grid import TICKS_PER_QUARTER, Grid, line_of
from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt, Note

F = Fraction

# Durations of a measure in steps; all of them are one written value each where they stand.
MEASURES = {
    "4/4": ((48,), (24, 24), (36, 12), (12, 12, 24), (18, 6, 12, 12), (12, 12, 6, 6, 12), (9, 3, 12, 24),
            (4, 4, 4, 12, 24), (12, 12, 3, 3, 6, 12)),
    "3/4": ((36,), (24, 12), (12, 12, 12), (18, 6, 12), (6, 6, 6, 6, 12), (12, 8, 4, 12)),
    "6/8": ((36,), (18, 18), (12, 6, 18), (6, 6, 6, 12, 6), (18, 9, 3, 6)),
}  # fmt: skip


def frames() -> st.SearchStrategy[Frame]:
    keys = st.builds(Key, st.integers(-5, 5), st.sampled_from(["major", "minor"]))
    return st.builds(lambda key, octave: Frame(key, (7 * key.fifths) % 12 + 12 * octave), keys, st.integers(-1, 0))


@st.composite
def writable(draw: st.DrawFn) -> tuple[Melody, Frame]:
    """A melody of whole values inside the vocabulary, its notes tied, spelled and moved as the frame has it."""
    frame = draw(frames())
    metre = draw(st.sampled_from(list(MEASURES)))
    filled = draw(st.lists(st.sampled_from(MEASURES[metre]), min_size=1, max_size=4))
    steps = [step for measure in filled for step in measure]
    rests = draw(st.lists(st.booleans(), min_size=len(steps), max_size=len(steps)))
    pitches = draw(st.lists(st.integers(LOWEST_PITCH + 3, HIGHEST_PITCH), min_size=len(steps), max_size=len(steps)))
    spellings = iter(
        spell_line([p + frame.shift for p, rest in zip(pitches, rests, strict=True) if not rest], frame.key)
    )
    notes, position = [], F(0)
    for step, rest in zip(steps, rests, strict=True):
        duration = F(step, TICKS_PER_QUARTER)
        if not rest:
            notes.append(Note(position, duration, next(spellings)))
        position += duration
    metres, keys = (MetreAt(F(0), Metre.parse(metre)),), (KeyAt(F(0), frame.key),)
    return Melody(notes=tuple(notes), duration=position, metres=metres, keys=keys), frame


@given(writable())
@settings(max_examples=60)
def test_encode_then_decode_is_the_identity(case: tuple[Melody, Frame]) -> None:
    melody, frame = case
    events = encode(melody, frame)
    assert decode(events, frame) == melody.notes
    assert sum(VALUES[value] for value, _ in events) == melody.duration * TICKS_PER_QUARTER


@given(writable())
@settings(max_examples=40)
def test_events_lie_on_the_grid_as_the_melody_does(case: tuple[Melody, Frame]) -> None:
    melody, frame = case
    theirs = line_of(melody)
    ours = line_of_events(encode(melody, frame), theirs.weights)
    np.testing.assert_array_equal(ours.onsets, theirs.onsets)
    np.testing.assert_array_equal(ours.durations, theirs.durations)
    np.testing.assert_array_equal(ours.pitches, theirs.pitches - frame.shift)


def test_ties_tuplets_and_rests_survive() -> None:
    text = "E4:1 F4:1/3 G4:1/3 A4:1/3 B4:3 C5:1/2 r:1/2 D5:3/4 C5:1/4 E4:1"
    melody, frame = Melody.from_text(text), Frame(Key(0), 0)
    events = encode(melody, frame)
    assert [VALUES[value] for value, _ in events] == [12, 4, 4, 4, 24, 12, 6, 6, 9, 3, 12]
    assert [token for _, token in events][4:8] == [token_of_pitch(71), TIE, token_of_pitch(72), REST]
    assert decode(events, frame) == melody.notes


def test_decoding_begins_where_it_is_told() -> None:
    events = encode(Melody.from_text("C4:2 E4:2"), Frame(Key(0), 0))
    assert [(note.onset, str(note.spelling)) for note in decode(events, Frame(Key(2), 2), F(8))] == [
        (F(8), "D4"), (F(10), "F#4"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["C3:1 B2:3", "C7:4", "C4:1/8 D4:7/8 E4:3", "C4:1/5 D4:1/5 E4:3/5 F4:3"])
def test_what_the_vocabulary_does_not_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a note value or a pitch that the vocabulary does not hold"):
        encode(Melody.from_text(text), Frame(Key(0), 0))


def test_a_window_is_a_melody_of_its_own() -> None:
    events: tuple[Event, ...] = tuple((VALUE_INDEX[12], token) for token in (token_of_pitch(67), TIE, REST))
    melody = window_melody(Window(Grid(Metre(3, 4), 1, 24), events, is_minor=True))
    assert (melody.key, melody.metre, melody.anacrusis, melody.duration) == (Key(0, "minor"), Metre(3, 4), 1, 3)
    assert [(str(note.spelling), note.duration) for note in melody.notes] == [("G4", 2)]


@given(st.lists(st.integers(40, 80), min_size=1, max_size=12), st.integers(-6, 6), st.sampled_from(["major", "minor"]))
def test_a_line_is_spelled_with_its_pitches(pitches: list[int], fifths: int, mode: str) -> None:
    key = Key(fifths, mode)  # type: ignore[arg-type]
    spelled = spell_line(pitches, key)
    assert [spelling.pitch for spelling in spelled] == pitches
    assert all(fifths - 1 <= s.fifths <= fifths + 5 for s in spelled if s.pitch % 12 in key.scale)


@pytest.mark.parametrize(
    ("pitches", "key", "names"),
    [
        ([67, 66, 67], "C", ["G4", "F#4", "G4"]),
        ([69, 70, 69], "C", ["A4", "Bb4", "A4"]),
        ([62, 63, 64], "C", ["D4", "D#4", "E4"]),
        ([64, 63, 62], "C", ["E4", "Eb4", "D4"]),
        ([69, 68, 69], "Am", ["A4", "G#4", "A4"]),
        ([73, 72, 73], "C# minor", ["C#5", "B#4", "C#5"]),
        ([75, 74, 75], "G# minor", ["D#5", "C##5", "D#5"]),
    ],
)
def test_a_note_outside_the_scale_leads_by_a_new_letter(pitches: list[int], key: str, names: list[str]) -> None:
    assert [str(spelling) for spelling in spell_line(pitches, Key.parse(key))] == names


@given(st.integers(LOWEST_PITCH, HIGHEST_PITCH))
def test_a_pitch_has_one_token(pitch: int) -> None:
    token = token_of_pitch(pitch)
    assert FIRST_PITCH <= token < N_TOKENS
    assert pitch_of_token(token) == pitch


def test_the_vocabulary_refuses_nonsense() -> None:
    for pitch in (LOWEST_PITCH - 1, HIGHEST_PITCH + 1):
        with pytest.raises(ValueError, match=f"lies from 48 to 84, not {pitch}"):
            token_of_pitch(pitch)
    for token in (REST, TIE, N_TOKENS):
        with pytest.raises(ValueError, match=f"token {token} is not a pitch"):
            pitch_of_token(token)
    with pytest.raises(ValueError, match="a shift of 1 semitones does not lead from no signature to G major"):
        Frame(Key(1), 1)
