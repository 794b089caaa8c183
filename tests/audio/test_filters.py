"""Filters: what lies below the cut-off stays, what lies above goes, and nothing is delayed."""

import numpy as np
import pytest

from musicedu.audio.filters import high_pass, low_pass

SR = 22_050


def sine(frequency_hz):
    return np.sin(2 * np.pi * frequency_hz * np.arange(SR) / SR).astype(np.float32)


def gain_db(y, before):
    inner = slice(SR // 4, -SR // 4)
    return 20 * np.log10(np.sqrt(np.mean(y[inner] ** 2) / np.mean(before[inner] ** 2)))


@pytest.mark.parametrize(("frequency_hz", "expected_db", "within"), [(100, 0, 0.1), (1000, -6, 0.2), (2000, -49, 2)])
def test_a_low_pass_halves_the_cut_off_and_holds_back_the_octave_above(frequency_hz, expected_db, within):
    y = sine(frequency_hz)
    assert gain_db(low_pass(y, SR, 1000), y) == pytest.approx(expected_db, abs=within)


def test_a_high_pass_does_the_opposite():
    for frequency_hz, kept in ((200, False), (5000, True)):
        y = sine(frequency_hz)
        assert bool(gain_db(high_pass(y, SR, 1000), y) > -0.1) is kept


def test_nothing_is_delayed():
    y = sine(200)
    np.testing.assert_allclose(low_pass(y, SR, 4000)[1000:-1000], y[1000:-1000], atol=1e-3)


@pytest.mark.parametrize("n_samples", [0, 1, 2, 20, 2000])
def test_short_sounds_keep_their_length(n_samples):
    y = low_pass(np.ones(n_samples, dtype=np.float32), SR, 1000)
    assert y.shape == (n_samples,)
    assert np.all(np.isfinite(y))


@pytest.mark.parametrize("cutoff_hz", [0, -5, SR / 2, 20_000])
def test_a_cut_off_that_is_none_is_refused(cutoff_hz):
    with pytest.raises(ValueError, match="cutoff_hz must lie between 0 and 11025"):
        low_pass(sine(100), SR, cutoff_hz)
