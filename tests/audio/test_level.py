"""Levels: normalising reaches what was asked for, and loudness is what the standard says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.audio.level import k_weighting, loudness_lufs, normalise, peak_db, rms_db
from musicedu.audio.takes import record_take
from musicedu.melody import Melody

SR = 22_050


def sine(frequency_hz=997.0, level_db=-20.0, duration_sec=5.0, sr=48_000):
    y = 10 ** (level_db / 20) * np.sin(2 * np.pi * frequency_hz * np.arange(round(duration_sec * sr)) / sr)
    return y.astype(np.float32)


@pytest.fixture(scope="module")
def y():
    return record_take(Melody.from_text("D4:1 F#4:1 A4:1 D5:1"), program=42, snr_db=30).y


def test_the_filters_are_the_standards_tables_at_48_khz():
    (shelf_b, shelf_a), (pass_b, pass_a) = k_weighting(48_000)
    assert shelf_b == pytest.approx([1.53512485958697, -2.69169618940638, 1.19839281085285], abs=1e-9)
    assert shelf_a == pytest.approx([1, -1.69065929318241, 0.73248077421585], abs=1e-9)
    assert pass_b == pytest.approx([1, -2, 1])
    assert pass_a == pytest.approx([1, -1.99004745483398, 0.99007225036621], abs=1e-9)


@pytest.mark.parametrize("sr", [44_100, 48_000, 22_050, 96_000])
@pytest.mark.parametrize("level_db", [0.0, -20.0, -40.0])
def test_a_sine_of_997_hz_has_three_less_than_its_peak(sr, level_db):
    assert loudness_lufs(sine(level_db=level_db, sr=sr), sr) == pytest.approx(level_db - 3.01, abs=0.05)


def test_a_sine_of_1_khz_at_minus_20_dbfs_has_what_the_formula_gives():
    (first_b, first_a), (second_b, second_a) = k_weighting(48_000)
    z = np.exp(-1j * 2 * np.pi * 1000 / 48_000 * np.arange(3))
    gain = abs((first_b @ z) / (first_a @ z) * (second_b @ z) / (second_a @ z))
    expected = -0.691 + 10 * np.log10((0.1 * gain) ** 2 / 2)
    assert loudness_lufs(sine(1000.0), 48_000) == pytest.approx(expected, abs=0.01)
    assert expected == pytest.approx(-23.0, abs=0.05)


def test_two_equal_channels_are_three_louder_and_surround_counts_for_more():
    y = sine()
    assert loudness_lufs(np.stack([y, y]), 48_000) == pytest.approx(-20.0, abs=0.05)
    silence = 0 * y
    behind = loudness_lufs(np.stack([silence, silence, silence, y]), 48_000)
    assert behind == pytest.approx(loudness_lufs(y, 48_000) + 1.49, abs=0.01)


def test_pauses_do_not_count():
    y = sine(duration_sec=10)
    pause = np.zeros(48_000 * 20, dtype=np.float32)
    assert loudness_lufs(np.concatenate([y, pause, y]), 48_000) == pytest.approx(loudness_lufs(y, 48_000), abs=0.2)


def test_a_soft_passage_does_not_count():
    """Case 3 of EBU Tech 3341, in mono: -36 dBFS for 10 s, -23 for 60 s, -36 for 10 s."""
    y = np.concatenate([sine(1000, -36, 10), sine(1000, -23, 60), sine(1000, -36, 10)])
    assert loudness_lufs(np.stack([y, y]), 48_000) == pytest.approx(-23.0, abs=0.1)


def test_deep_bass_counts_for_less_and_treble_for_more():
    bass, middle, treble = (loudness_lufs(sine(hz), 48_000) for hz in (30.0, 997.0, 5000.0))
    assert bass < middle - 5
    assert treble > middle + 3


@settings(max_examples=25)
@given(by=st.sampled_from(["peak", "rms", "loudness"]), level_db=st.floats(-40, -25), gain=st.floats(0.01, 1))
def test_normalising_reaches_the_level_whatever_it_was(y, by, level_db, gain):
    measure = {"peak": peak_db, "rms": rms_db, "loudness": lambda y: loudness_lufs(y, SR)}[by]
    assert measure(normalise(np.float32(gain) * y, SR, by=by, level_db=level_db)) == pytest.approx(level_db, abs=0.1)


@pytest.mark.parametrize("by", ["peak", "rms", "loudness"])
def test_normalising_never_clips_and_twice_is_once(y, by):
    loud = normalise(y, SR, by=by, level_db=6)
    assert peak_db(loud) == pytest.approx(0, abs=1e-3)
    once = normalise(y, SR, by=by, level_db=-20)
    np.testing.assert_allclose(normalise(once, SR, by=by, level_db=-20), once, atol=1e-6)


def test_normalising_keeps_the_balance_of_the_channels(y):
    both = normalise(np.stack([y, 0.5 * y]), level_db=-6)
    np.testing.assert_allclose(both[1], 0.5 * both[0], atol=1e-6)
    assert peak_db(both) == pytest.approx(-6, abs=1e-3)


@pytest.mark.parametrize("by", ["peak", "rms", "loudness"])
@pytest.mark.parametrize("n_samples", [0, 10, SR])
def test_silence_stays_silence(by, n_samples):
    silence = np.zeros(n_samples, dtype=np.float32)
    np.testing.assert_array_equal(normalise(silence, SR, by=by), silence)
    assert loudness_lufs(silence, SR) == rms_db(silence) == peak_db(silence) == -np.inf


def test_a_sound_shorter_than_a_block_has_a_loudness():
    assert loudness_lufs(sine(duration_sec=0.2), 48_000) == pytest.approx(-23.0, abs=0.5)


def test_arguments_that_make_no_sense_are_refused(y):
    with pytest.raises(ValueError, match="'peak', 'rms' or 'loudness', not 'volume'"):
        normalise(y, by="volume")
    with pytest.raises(ValueError, match="give sr"):
        normalise(y, by="loudness")
    with pytest.raises(ValueError, match="above 3400 Hz, not 2000"):
        loudness_lufs(y, 2000)


def test_the_gain_of_lesson_01_is_the_packages(y):
    by_hand = 10 ** (-12 / 20) / np.max(np.abs(y)) * y
    np.testing.assert_allclose(normalise(y, by="peak", level_db=-12), by_hand, atol=1e-6)
