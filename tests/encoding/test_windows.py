"""Tunes cut into windows, doubled, and moved by octaves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.encoding.events import encode, window_melody
from musicedu.encoding.vocabulary import FIRST_PITCH, N_TOKENS, TIE, VALUES, Frame
from musicedu.encoding.windows import cut_windows, doubled, frame_shift, moved_octaves, passage_of
from musicedu.errors import Unsatisfiable
from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt
from musicedu.melody.cutting import cut_measures
from tests.training.tunes import tune as tune_of

SCALE = "C4:1 D4:1 E4:1 F4:1 "
TUNE = Melody.from_text(SCALE * 2 + "G4:2 E4:2 C4:4 " + SCALE * 3 + "D4:2 C4:2")
UPBEAT = Melody.from_text(
    "G4:1 C5:1 B4:1 A4:1 G4:2 E4:1 F4:1 G4:1 A4:1 G4:2 G4:1 C5:1 B4:1 A4:1 G4:2 E4:1 D4:1 E4:1 F4:1 C4:2",
    metre="3/4",
    anacrusis=1,
)


def test_windows_together_are_the_tune() -> None:
    windows = list(cut_windows(TUNE, 4))
    assert [event for window in windows for event in window.events] == list(encode(TUNE, Frame(Key(0), 0)))
    assert [(w.begins_tune, w.ends_tune) for w in windows] == [(True, False), (False, True)]
    assert all(window.grid.n_measures == 4 and window.grid.phase == 0 for window in windows)


def test_every_window_fills_its_grid() -> None:
    for tune in (TUNE, UPBEAT):
        for n_measures in (2, 3, 4):
            for window in cut_windows(tune, n_measures, hop=1):
                assert sum(VALUES[value] for value, _ in window.events) == window.grid.n_ticks
                assert window.events[0][1] != TIE
                assert any(token >= FIRST_PITCH for _, token in window.events)


def test_a_hop_says_how_often_a_window_begins() -> None:
    assert len(list(cut_windows(TUNE, 4, hop=1))) == 5
    assert len(list(cut_windows(TUNE, 4, hop=2))) == 3
    assert len(list(cut_windows(TUNE, 9))) == 0


def test_the_last_measures_are_a_window_too() -> None:
    longer = Melody.from_text(SCALE * 10)
    assert [window.ends_tune for window in cut_windows(longer, 4)] == [False, False, True]


def test_windows_begin_with_the_upbeat() -> None:
    windows = list(cut_windows(UPBEAT, 4))
    assert len(windows) == 2
    for window in windows:
        assert window.grid.phase == 24
        assert window_melody(window).anacrusis == 1
    first = window_melody(windows[0])
    assert first.pitches == UPBEAT.pitches[: len(first.pitches)]


def test_a_note_from_before_begins_anew() -> None:
    tune = Melody.from_text("C4:1 D4:1 E4:1 F4:2 G4:1 A4:1 G4:1")
    _, second = cut_windows(tune, 1)
    assert window_melody(second).pitches == (65, 67, 69, 67)
    assert second.events[0][1] != TIE


def test_a_window_with_a_foreign_value_is_left_out() -> None:
    tune = Melody.from_text(SCALE + "C4:1/8 D4:1/8 E4:3/4 F4:3 " + SCALE)
    assert [(w.begins_tune, w.ends_tune) for w in cut_windows(tune, 1)] == [(True, False), (False, True)]


def test_tunes_of_two_metres_or_keys_or_none_give_no_windows() -> None:
    keys = replace(TUNE, keys=(*TUNE.keys, KeyAt(Fraction(4), Key(1))))
    metres = replace(TUNE, metres=(*TUNE.metres, MetreAt(Fraction(16), Metre(2, 4))))
    for tune in (keys, metres, Melody.from_text("r:16"), Melody.from_text("C2:8 C7:8")):
        assert list(cut_windows(tune, 2)) == []


@pytest.mark.parametrize(("key", "mode"), [("G", False), ("E minor", True), ("Bb", False)])
def test_the_key_does_not_matter(key: str, mode: bool) -> None:
    plain = Melody.from_text("A4:1 B4:1 C5:2 B4:4", key="Am") if mode else TUNE
    there = Key.parse(key)
    moved = plain.transposed((there.tonic_pitch_class - plain.key.tonic_pitch_class) % 12 - 12, there)
    ours = [window for tune in (plain, moved) for window in cut_windows(tune, 1)]
    half = len(ours) // 2
    for one, other in zip(ours[:half], ours[half:], strict=True):
        assert one.is_minor == other.is_minor == mode
        steps = {(a[1] - b[1]) % 12 for a, b in zip(one.events, other.events, strict=True) if a[1] >= FIRST_PITCH}
        assert steps <= {0}
        assert [value for value, _ in one.events] == [value for value, _ in other.events]


def test_the_frame_takes_the_nearest_octave() -> None:
    assert frame_shift(TUNE) == 0
    assert frame_shift(TUNE.transposed(12)) == 12
    assert frame_shift(TUNE.transposed(-24)) == -24
    assert frame_shift(Melody.from_text("C2:1 C7:1")) is None


def test_doubling_keeps_the_tune_and_bars_it_anew() -> None:
    reel = Melody.from_text("C4:1/2 D4:1/2 E4:1/2 F4:1/2", metre="2/4")
    slow = doubled(reel)
    assert slow is not None
    assert (slow.metre, slow.duration, slow.pitches) == (Metre(4, 4), 4, reel.pitches)
    assert [note.duration for note in slow.notes] == [2 * note.duration for note in reel.notes]
    jig = doubled(Melody.from_text("G4:1/2 C5:3/2 C5:1 D5:1/2", metre="6/8", anacrusis=Fraction(1, 2)))
    assert jig is not None
    assert (jig.metre, jig.anacrusis) == (Metre(3, 4), 1)


@pytest.mark.parametrize("metre", ["3/4", "5/8", "3/2"])
def test_unusual_doublings_are_left_out(metre: str) -> None:
    assert doubled(Melody.from_text("C4:6", metre=metre)) is None


def test_moving_by_octaves_stays_in_the_frame() -> None:
    window = next(cut_windows(TUNE, 2))
    up = moved_octaves(window, 1)
    assert up is not None
    assert window_melody(up).pitches == tuple(pitch + 12 for pitch in window_melody(window).pitches)
    assert moved_octaves(up, -1) == window
    assert moved_octaves(window, 0) == window
    assert moved_octaves(window, 3) is None
    assert moved_octaves(window, -2) is None
    highest = replace(window, events=((0, N_TOKENS - 13),))
    assert moved_octaves(highest, 1) is not None
    assert moved_octaves(replace(window, events=((0, N_TOKENS - 12),)), 1) is None
    assert moved_octaves(replace(window, events=((0, FIRST_PITCH + 11),)), -1) is None


@given(st.integers(0, 60), st.integers(2, 4), st.integers(1, 4))
def test_a_passage_written_back_is_the_tune(number: int, n_measures: int, first: int) -> None:
    melody = tune_of(number)
    passage = passage_of(melody, n_measures, first_measure=first)
    there = cut_measures(melody, first, n_measures)
    back = passage.melody()
    assert back.notes == there.notes
    assert (back.duration, back.metre, back.key) == (there.duration, there.metre, there.key)
    assert passage.window.begins_tune == (first == 1)
    assert passage.window.ends_tune == (first + n_measures - 1 == 8)


def test_the_first_passage_begins_with_the_upbeat() -> None:
    melody = Melody.from_text("G4:1 C5:2 E5:2 D5:2 B4:1 C5:1 E5:3", metre="4/4", anacrusis=1)
    passage = passage_of(melody, 2)
    assert passage.window.grid.phase == 36
    assert passage.melody().notes[0].pitch == 67
    assert passage.melody().anacrusis == 1


def test_other_events_are_written_in_the_key_of_the_tune() -> None:
    passage = passage_of(Melody.from_text("D5:2 F#5:2 A5:4", key="D"), 2)
    assert [str(note.spelling) for note in passage.melody(passage.window.events[::-1]).notes] == ["A5", "F#5", "D5"]


def changed(melody: Melody, **changes: object) -> Melody:
    return replace(melody, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("melody", "first", "words"),
    [
        (tune_of(0), 7, "the tune has 8 measures, not 10"),
        (tune_of(0), 0, "the tune has 8 measures, not 3"),
        (Melody.from_text("r:8"), 1, "has 2 measures, not 4"),
        (Melody.from_text("r:16"), 1, "begin in silence"),
        (changed(tune_of(0), keys=(KeyAt(Fraction(0), Key(0, "dorian")),)), 1, "the tune is in"),
        (
            changed(tune_of(0), metres=(MetreAt(Fraction(0), Metre(4, 4)), MetreAt(Fraction(8), Metre(2, 4)))),
            1,
            "change their metre",
        ),
    ],
)
def test_what_cannot_be_cut_is_named(melody: Melody, first: int, words: str) -> None:
    with pytest.raises(Unsatisfiable, match=words):
        passage_of(melody, 4, first_measure=first)
