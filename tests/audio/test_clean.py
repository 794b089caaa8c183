"""Cleaning: noise goes and music stays, measured against takes whose clean sound is known."""

import numpy as np
import pytest

from musicedu.audio.clean import denoise, estimate_noise, gate, sounding_span, trim
from musicedu.audio.takes import record_take, with_noise
from musicedu.melody import Melody

SR = 22_050
TUNE = Melody.from_text("D4:1 F#4:1 A4:1 D5:1 C#5:1/2 B4:1/2 A4:1 G4:1 F#4:1 E4:1 D4:3")
PROGRAMS = {"violin": 40, "piano": 0, "flute": 73, "trumpet": 56}


def snr_db(reference, y):
    return 10 * np.log10(np.sum(reference**2) / np.sum((y - reference) ** 2))


@pytest.fixture(scope="module", params=PROGRAMS)
def clean(request):
    return record_take(TUNE, program=PROGRAMS[request.param]).y


def rise_db(clean, before_db, **options):
    noisy = with_noise(clean, before_db, np.random.default_rng(1))
    return snr_db(clean, denoise(noisy, **options)) - snr_db(clean, noisy)


@pytest.mark.parametrize(("before_db", "rises_db"), [(0, 6.0), (10, 5.5), (20, 4.0)])
def test_noise_that_must_be_guessed_goes_down(clean, before_db, rises_db):
    assert rise_db(clean, before_db) > rises_db


@pytest.mark.parametrize(("before_db", "rises_db"), [(0, 9.0), (10, 7.5), (20, 6.0)])
def test_noise_that_is_known_goes_down_further(clean, before_db, rises_db):
    sample = with_noise(clean, before_db, np.random.default_rng(2)) - clean  # the same room, another moment
    assert rise_db(clean, before_db, noise=sample) > rises_db


def test_a_clean_sound_is_nearly_left_alone(clean):
    assert snr_db(clean, denoise(clean)) > 25


def test_a_tone_that_never_stops_is_not_taken_for_noise():
    y = (0.5 * np.sin(2 * np.pi * 440 * np.arange(5 * SR) / SR)).astype(np.float32)
    noisy = with_noise(y, 10, np.random.default_rng(0))
    assert snr_db(y, denoise(noisy)) > 15
    assert np.sum(denoise(noisy) ** 2) == pytest.approx(np.sum(y**2), rel=0.1)


def test_no_reduction_changes_nothing(clean):
    assert snr_db(clean, denoise(clean, reduction_db=0)) > 100


@pytest.mark.parametrize("n_samples", [0, 1, 500, 2048, 5001])
def test_short_sounds_and_silence_keep_their_length(n_samples):
    for y in (np.zeros(n_samples, dtype=np.float32), np.ones(n_samples, dtype=np.float32)):
        assert denoise(y).shape == y.shape
        assert np.all(np.isfinite(denoise(y)))


def test_without_smoothing_the_gate_is_one_minus_noise_over_power():
    rng = np.random.default_rng(0)
    power, noise_power = rng.exponential(2, (20, 8)), rng.uniform(0.5, 1, 8)
    expected = np.maximum(1 - noise_power / power, 0.1)
    np.testing.assert_allclose(gate(power, noise_power, floor=0.1, smoothing=0), expected)


def test_the_noise_is_estimated_as_strong_as_it_is():
    noise = np.random.default_rng(0).exponential(3.0, (500, 200))
    assert estimate_noise(noise).mean() == pytest.approx(3.0, rel=0.1)


def test_arguments_that_make_no_sense_are_refused():
    y = np.zeros(5000, dtype=np.float32)
    with pytest.raises(ValueError, match="at least 2048 samples, not 100"):
        denoise(y, noise=y[:100])
    with pytest.raises(ValueError, match=r"smoothing must lie in \[0, 1\)"):
        denoise(y, smoothing=1.0)
    with pytest.raises(ValueError, match="finite samples"):
        denoise(np.full(5000, np.nan))


def test_trimming_finds_where_the_sound_is():
    y = np.zeros(3 * SR, dtype=np.float32)
    y[SR : 2 * SR] = 0.5 * np.sin(np.arange(SR) * 0.1)
    noisy = y + np.float32(0.0005) * np.random.default_rng(0).standard_normal(len(y)).astype(np.float32)
    for sound in (y, noisy, 0.01 * noisy):
        start_sec, end_sec = sounding_span(sound, SR)
        assert (start_sec, end_sec) == pytest.approx((1.0, 2.0), abs=0.03)
        assert len(trim(sound, SR, margin_sec=0.1)) / SR == pytest.approx(1.2, abs=0.05)


def test_trimming_twice_is_trimming_once_and_silence_gives_nothing():
    y = np.pad(np.ones(SR, dtype=np.float32), SR)
    once = trim(y, SR)
    assert abs(len(trim(once, SR)) - len(once)) < 600
    assert len(trim(np.zeros(SR, dtype=np.float32), SR)) == 0
    assert len(trim(np.zeros(0, dtype=np.float32), SR)) == 0
