"""Pitch is found where there is one, nowhere else, and an octave is no small matter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.audio.pitch import (
    SR,
    best_pitch_path,
    estimate_f0,
    extract_candidates,
    likeliest_troughs,
    normalised_difference,
)
from musicedu.audio.takes import record_take
from musicedu.melody import Melody


def tone(f0_hz, *, duration_sec=0.5, sr=SR, harmonics=(1.0, 0.5, 0.3, 0.2)):
    at = np.arange(round(duration_sec * sr)) / sr
    y = sum(share * np.sin(2 * np.pi * f0_hz * k * at) for k, share in enumerate(harmonics, start=1))
    return (0.3 * y).astype(np.float32)


@settings(max_examples=25)
@given(st.floats(70, 1500), st.sampled_from([(1.0,), (1.0, 0.5, 0.3), (0.2, 1.0, 0.8, 0.5), (1.0, 0.0, 0.6)]))
def test_a_steady_tone_is_heard_at_its_pitch_whatever_its_overtones(f0_hz, harmonics):
    track = estimate_f0(tone(f0_hz, harmonics=harmonics), SR)
    inside = track.pitch[10:-10]
    assert track.voiced_flag[10:-10].all()
    assert np.abs(inside - (69 + 12 * np.log2(f0_hz / 440))).max() < 0.1


@pytest.mark.parametrize("sr", [8000, 16_000, 22_050, 44_100, 48_000])
def test_the_sample_rate_changes_nothing(sr):
    track = estimate_f0(tone(330.0, sr=sr), sr)
    assert np.nanmedian(track.f0_hz) == pytest.approx(330.0, rel=0.002)
    assert track.times_sec[-1] == pytest.approx(0.5, abs=0.02)


def test_silence_and_noise_have_no_pitch():
    assert not estimate_f0(np.zeros(8000, np.float32), SR).voiced_flag.any()
    noise = np.random.default_rng(0).normal(0, 0.1, 2 * SR).astype(np.float32)
    assert estimate_f0(noise, SR).voiced_flag.mean() < 0.05


def test_a_track_says_no_pitch_as_nan():
    y = np.concatenate([tone(440.0), np.zeros(SR // 2, np.float32)])
    track = estimate_f0(y, SR)
    assert np.array_equal(np.isnan(track.f0_hz), ~track.voiced_flag)
    assert track.voiced_flag[:38].all()
    assert not track.voiced_flag[50:].any()
    assert ((track.voiced_prob >= 0) & (track.voiced_prob <= 1)).all()


@pytest.mark.parametrize("n_samples", [1, 10, 255, 257, 1000])
def test_a_very_short_sound_gives_a_short_track(n_samples):
    track = estimate_f0(np.full(n_samples, 0.1, np.float32), SR)
    assert len(track.f0_hz) == len(track.times_sec) == 1 + n_samples // 256


@pytest.mark.parametrize("y", [np.zeros(0), np.zeros((2, 100)), np.array([0.0, np.nan, 0.0])])
def test_what_is_no_row_of_samples_is_refused(y):
    with pytest.raises(ValueError, match="one row of finite samples"):
        estimate_f0(y, SR)


@pytest.mark.parametrize(("fmin_hz", "fmax_hz"), [(500, 200), (5, 200), (100, 9000)])
def test_an_empty_compass_is_refused(fmin_hz, fmax_hz):
    with pytest.raises(ValueError, match="must rise from 20 to 4000"):
        estimate_f0(tone(440.0), SR, fmin_hz=fmin_hz, fmax_hz=fmax_hz)


def test_the_difference_function_is_the_one_of_the_paper():
    frames = np.random.default_rng(1).normal(size=(3, 96))
    normal = normalised_difference(frames, 64)
    for frame, row in zip(frames, normal, strict=True):
        different = [sum((frame[j] - frame[j + lag]) ** 2 for j in range(64)) for lag in range(32)]
        assert row[0] == 1
        for lag in range(1, 32):
            assert row[lag] == pytest.approx(different[lag] / (sum(different[1 : lag + 1]) / lag))


def test_the_votes_of_the_thresholds_are_those_of_many_thresholds():
    """The closed form against pYIN's own way: each threshold votes for the first trough that is deep enough."""
    frame = tone(200.0)[None, :1400].astype(float) + np.random.default_rng(2).normal(0, 0.05, (1, 1400))
    normal = normalised_difference(frame, 1024)
    lags, prob = likeliest_troughs(normal, 10)
    thresholds = np.random.default_rng(3).beta(2, 5, 20_000)
    troughs = [k for k in range(10, 375) if normal[0, k] < normal[0, k - 1] and normal[0, k] <= normal[0, k + 1]]
    first = [next((k for k in troughs if normal[0, k] < threshold), None) for threshold in thresholds]
    for lag, share in zip(lags[0], prob[0], strict=True):
        if share > 0.02:
            assert first.count(round(lag)) / len(first) == pytest.approx(share, abs=0.02)


def test_probabilities_of_a_frame_add_up_to_one_at_most():
    candidates = extract_candidates(tone(150.0) + np.random.default_rng(0).normal(0, 0.05, SR // 2), SR)
    assert (candidates.prob >= 0).all()
    assert (candidates.prob.sum(axis=1) <= 1 + 1e-9).all()
    assert (np.diff(candidates.prob, axis=1) <= 1e-12).all()


def test_the_path_is_of_the_candidates():
    candidates = extract_candidates(tone(150.0), SR)
    track = best_pitch_path(candidates)
    for f0_hz, row in zip(track.f0_hz, candidates.f0_hz, strict=True):
        assert np.isnan(f0_hz) or f0_hz in row


@pytest.mark.parametrize("program", [40, 42, 65, 71])
def test_an_instrument_is_heard_in_its_octave(program):
    take = record_take(Melody.from_text("D3:1 A3:1 D4:1 F#4:1"), program=program)
    track = estimate_f0(take.y, take.sr)
    for note in take.notes:
        middle = (track.times_sec > note.onset_sec + 0.15) & (track.times_sec < note.onset_sec + 0.4)
        assert np.abs(np.nanmedian(track.pitch[middle]) - note.pitch) < 0.3
