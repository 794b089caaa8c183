"""Clicks are heard at their times, and the sound stays as long and no louder than it may be."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musicedu.audio.rhythm import estimate_onsets
from musicedu.audio.rhythm.clicks import with_clicks

SR = 22_050


def test_clicks_stand_at_their_times():
    times_sec = np.array([0.5, 1.0, 1.75])
    found = estimate_onsets(with_clicks(np.zeros(3 * SR), SR, times_sec), SR)
    assert np.allclose(found, times_sec, atol=0.03)


@given(times_sec=st.lists(st.floats(-2, 5), max_size=8), level=st.floats(0, 1))
def test_the_sound_keeps_its_length_and_never_clips(times_sec, level):
    y = np.full(2000, level)
    clicked = with_clicks(y, 2000, times_sec)
    assert clicked.shape == y.shape
    assert np.max(np.abs(clicked)) <= 0.9


def test_times_outside_the_sound_are_left_out():
    assert not np.any(with_clicks(np.zeros(100), 100, [-0.5, 1.0, 7.0]))
