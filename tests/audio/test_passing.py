"""Sound that passes by is the same sound, however it is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.audio.passing import PassingSound
from musicedu.audio.summary import summarise_passing

SR = 22_050


def cut(y, sizes):
    at, parts = 0, []
    for size in sizes:
        parts.append(y[at : at + size])
        at += size
    return [*parts, y[at:]]


@given(st.lists(st.integers(0, 40), max_size=8), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 60)), max_size=6))
def test_every_stretch_is_that_of_the_whole(sizes, steps):
    y = np.arange(100, dtype=np.float32)
    sound, begin = PassingSound(cut(y, sizes)), -5
    for forward, length in steps:
        begin += forward
        expected = np.concatenate([np.zeros(5, np.float32), y])[begin + 5 : begin + 5 + length]
        assert np.array_equal(sound.stretch(begin, begin + length), expected)


def test_its_length_is_known_when_it_has_ended():
    sound = PassingSound([np.zeros(10, np.float32)])
    with pytest.raises(ValueError, match="not ended"):
        _ = sound.n_samples
    sound.stretch(0, 11)
    assert sound.n_samples == 10


@settings(max_examples=5)
@given(st.integers(1, 40_000))
def test_features_do_not_depend_on_how_the_sound_is_cut(size):
    rng = np.random.default_rng(1)
    y = (rng.normal(size=3 * SR) * np.repeat(rng.random(30), SR // 10)).astype(np.float32)
    whole = summarise_passing(lambda: [y], SR)
    assert summarise_passing(lambda: [y[at : at + size] for at in range(0, len(y), size)], SR) == whole
