"""Chords are found, do not flicker, and the best row of them is the best of all rows."""

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.audio.chords import CHORDS, best_chord_path, estimate_chords, sounding_chords, templates
from musicedu.audio.takes import record_take
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Melody
from tests.audio.test_harmony import SR, tones

fits = st.integers(1, 6).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=3, max_size=3)
)


def worth(path, values, cost):
    return sum(values[state][frame] for frame, state in enumerate(path)) - cost * sum(a != b for a, b in pairwise(path))


@settings(max_examples=60)
@given(fits, st.integers(0, 12))
def test_no_row_is_better_than_the_best(values, cost):
    n_frames = len(values[0])
    best = max(worth(path, values, cost) for path in product(range(3), repeat=n_frames))
    assert worth(best_chord_path(np.array(values, float), cost).tolist(), values, cost) == pytest.approx(best)


@given(fits)
def test_without_a_cost_each_frame_has_its_best_and_with_a_great_one_nothing_changes(values):
    array = np.array(values, float)
    path = best_chord_path(array, 0.0)
    assert array[path, np.arange(len(path))].tolist() == array.max(axis=0).tolist()
    assert len(set(best_chord_path(array, 1000.0).tolist())) == 1


def test_every_template_has_the_notes_of_its_chord():
    for chord, row in zip(CHORDS, templates(), strict=True):
        assert set(np.flatnonzero(row)) == set(chord.pitch_classes)
    shared = [len({0, 4, 7} & set(chord.pitch_classes)) for chord in CHORDS]
    assert templates() @ templates()[CHORDS.index(Chord(0))] == pytest.approx(np.array(shared) / 3)


@pytest.mark.parametrize("chord", CHORDS, ids=lambda chord: chord.name)
def test_a_chord_that_is_struck_is_heard(chord):
    pitches = [48 + chord.root - 12, *(60 + at for at in chord.pitch_classes)]
    heard = estimate_chords(tones(pitches, seconds=1.5), SR)
    assert [one.chord for one in heard] == [chord]


def test_a_row_of_chords_under_a_tune_is_heard_with_its_times():
    tune = Melody.from_text("E5:2 G5:2 A5:2 F5:2 D5:2 B4:2 C5:4")
    chords = [ChordAt(Fraction(4 * index), Chord(root)) for index, root in enumerate((0, 5, 7, 0))]
    take = record_take(tune, program=73, chords=chords)
    heard = estimate_chords(take.y, take.sr)
    assert [one.chord.name for one in heard] == [one.chord.name for one in take.chords]
    for one, other in zip(heard[1:], take.chords[1:], strict=True):
        assert one.onset_sec == pytest.approx(other.onset_sec, abs=0.15)


def test_silence_has_no_chord_and_ends_one():
    assert estimate_chords(np.zeros(SR), SR) == ()
    assert estimate_chords(np.zeros(0), SR) == ()
    y = np.concatenate([tones([48, 60, 64, 67], seconds=1.0), np.zeros(SR), tones([53, 60, 65, 69], seconds=1.0)])
    heard = estimate_chords(y, SR)
    assert [one.chord.name for one in heard] == ["C", "F"]
    assert heard[1].onset_sec - heard[0].offset_sec > 0.5


def test_chords_come_in_order_and_last():
    heard = sounding_chords(np.array([0, 0, 24, 5, 5, 5]), 0.1 * np.arange(6))
    assert [(one.chord.name, round(one.onset_sec, 2), round(one.offset_sec, 2)) for one in heard] == [
        ("C", 0.0, 0.15),
        ("F", 0.25, 0.55),
    ]
