"""A roll holds what sounds when, and says what it cannot hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.encoding.piano_roll import off_grid, onset_roll, piano_roll
from musicedu.melody import Melody
from tests.strategies import melodies


@given(melody=melodies(), steps=st.integers(1, 24))
def test_on_a_grid_that_holds_it_a_roll_is_exact(melody, steps):
    if off_grid(melody, steps):
        return
    roll = piano_roll(melody, steps)
    sounding = sum(note.duration for note in melody.notes) * steps
    assert roll.sum() == sounding
    assert roll.any(axis=0).sum() == sounding, "one note at a time"
    assert onset_roll(melody, steps).sum() == len(melody.notes)
    assert sorted(set(melody.pitches)) == np.flatnonzero(roll.any(axis=1)).tolist()


def test_repeated_notes_and_a_long_one_differ_only_in_their_onsets():
    twice, once = Melody.from_text("C4:1 C4:1"), Melody.from_text("C4:2")
    assert np.array_equal(piano_roll(twice, 4), piano_roll(once, 4))
    assert not np.array_equal(onset_roll(twice, 4), onset_roll(once, 4))


def test_what_falls_between_steps_is_counted_and_moved_to_the_nearest():
    triplet = Melody.from_text("C4:1/3 D4:1/3 E4:1/3 F4:1")
    assert [off_grid(triplet, steps) for steps in (1, 2, 3, 4, 6, 12)] == [3, 3, 0, 3, 0, 0]
    assert piano_roll(triplet, 1)[[60, 62, 64, 65]].astype(int).tolist() == [[0, 0], [1, 0], [0, 0], [0, 1]]


def test_silence_is_a_roll_without_a_true():
    assert not piano_roll(Melody.from_text("r:2"), 4).any()


def test_less_than_a_step_a_quarter_is_refused():
    with pytest.raises(ValueError, match="steps_per_quarter must be 1 or more, not 0"):
        piano_roll(Melody.from_text("C4:1"), 0)
