"""Spectral features: what they are for sounds whose spectrum is known, and that librosa says the same."""

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.audio.spectrum import (
    amplitude_to_db,
    extract_bandwidth,
    extract_centroid,
    extract_chroma,
    extract_flatness,
    extract_mel,
    extract_mfcc,
    extract_rms,
    extract_rolloff,
    extract_spectrum,
    extract_zero_crossings,
    hz_to_mel,
    mel_filters,
    mel_to_hz,
)
from musicedu.audio.takes import record_take
from musicedu.melody import Melody

SR = 22_050
EXTRACTORS = (
    *(extract_centroid, extract_bandwidth, extract_rolloff, extract_flatness),
    *(extract_mfcc, extract_chroma),
)


def sine(frequency_hz, duration_sec=1.0, amplitude=0.5, sr=SR):
    return (amplitude * np.sin(2 * np.pi * frequency_hz * np.arange(round(duration_sec * sr)) / sr)).astype(np.float32)


@pytest.fixture(scope="module")
def y():
    return record_take(Melody.from_text("D4:1 F#4:1 A4:1 D5:1"), program=42, snr_db=30).y


@pytest.fixture(scope="module")
def spectrum(y):
    return extract_spectrum(y, SR)


def test_a_sine_stands_on_its_row_with_half_the_windows_sum():
    frequency_hz = 100 * SR / 2048
    spectrum = extract_spectrum(sine(frequency_hz, amplitude=0.5), SR)
    middle = spectrum.values[:, spectrum.n_frames // 2]
    assert np.argmax(middle) == 100
    assert spectrum.rows[100] == pytest.approx(frequency_hz)
    assert middle[100] == pytest.approx(0.5 * 1024 / 2, rel=1e-3)


def test_frames_know_their_times():
    spectrum = extract_spectrum(sine(440), SR, hop_length=441)
    assert spectrum.times_sec[:3] == pytest.approx([0, 0.02, 0.04])
    assert spectrum.times_sec[-1] == pytest.approx(1.0)
    assert spectrum.values.shape == (len(spectrum.rows), spectrum.n_frames)


def test_a_click_is_seen_at_its_time():
    y = np.zeros(SR, dtype=np.float32)
    y[SR // 2] = 1
    strength = extract_rms(y, SR, frame_length=512, hop_length=128)
    assert strength.times_sec[np.argmax(strength.values)] == pytest.approx(0.5, abs=0.012)


@settings(max_examples=25)
@given(st.floats(200, 9000))
def test_a_sine_has_its_centroid_roll_off_and_crossings_at_its_frequency_and_no_width(frequency_hz):
    y = sine(frequency_hz, 0.5)
    spectrum = extract_spectrum(y, SR)
    inner = slice(3, -3)
    assert extract_centroid(spectrum).values[inner] == pytest.approx(frequency_hz, rel=0.02)
    assert extract_rolloff(spectrum).values[inner] == pytest.approx(frequency_hz, abs=2 * SR / 2048)
    assert extract_bandwidth(spectrum).values[inner].max() < 400
    assert extract_flatness(spectrum).values[inner].max() < 0.01
    assert extract_zero_crossings(y, SR).values[inner] == pytest.approx(2 * frequency_hz / SR, abs=0.002)


def test_noise_is_flatter_than_a_tone(y, spectrum):
    noise = np.random.default_rng(0).standard_normal(SR).astype(np.float32)
    assert extract_flatness(extract_spectrum(noise, SR)).mean > 0.4
    assert extract_flatness(spectrum).mean < 0.1


@settings(max_examples=20)
@given(st.floats(0.01, 10))
def test_loudness_leaves_the_shape_of_a_spectrum_alone(gain):
    y = record_take(Melody.from_text("C4:1")).y
    quiet, loud = (extract_spectrum(sound, SR) for sound in (y, np.float32(gain) * y))
    for extract in (extract_centroid, extract_bandwidth, extract_rolloff):
        assert extract(loud).mean == pytest.approx(extract(quiet).mean, rel=0.01), extract


@pytest.mark.parametrize("n_samples", [0, 1, 100, 3000])
def test_silence_and_very_short_sounds_have_features_too(n_samples):
    y = np.zeros(n_samples, dtype=np.float32)
    spectrum = extract_spectrum(y, SR)
    features = [extract(spectrum) for extract in EXTRACTORS]
    assert all(np.all(np.isfinite(one.values)) and one.n_frames == 1 + n_samples // 512 for one in features)
    assert extract_centroid(spectrum).mean == 0
    assert extract_chroma(spectrum).values.max() == 0


@pytest.mark.parametrize("wrong", [np.zeros((2, 100)), np.array([0.0, np.nan])])
def test_sound_must_be_one_row_of_numbers(wrong):
    with pytest.raises(ValueError, match="one row of finite samples"):
        extract_spectrum(wrong, SR)


def test_librosa_says_the_same_of_every_feature(y, spectrum):
    zeros = {"pad_mode": "constant"}
    magnitudes = np.abs(librosa.stft(y))
    np.testing.assert_allclose(spectrum.values, magnitudes, atol=1e-3)
    np.testing.assert_allclose(spectrum.times_sec, librosa.times_like(magnitudes, sr=SR))
    for extract, theirs, tolerance in [
        (extract_centroid, librosa.feature.spectral_centroid(S=magnitudes, sr=SR), 0.1),
        (extract_bandwidth, librosa.feature.spectral_bandwidth(S=magnitudes, sr=SR), 0.1),
        (extract_rolloff, librosa.feature.spectral_rolloff(S=magnitudes, sr=SR), 11),
        (extract_flatness, librosa.feature.spectral_flatness(S=magnitudes), 1e-4),
        (extract_mel, librosa.feature.melspectrogram(y=y, sr=SR), 1e-2),
        (extract_mfcc, librosa.feature.mfcc(y=y, sr=SR), 0.02),
    ]:
        np.testing.assert_allclose(np.atleast_2d(extract(spectrum).values), theirs, atol=tolerance, rtol=1e-3)
    np.testing.assert_allclose(extract_rms(y, SR).values, librosa.feature.rms(y=y, **zeros)[0], atol=1e-4)
    np.testing.assert_allclose(
        extract_zero_crossings(y, SR).values[2:-2], librosa.feature.zero_crossing_rate(y)[0, 2:-2], atol=2 / 2048
    )


def test_librosa_has_the_same_mel_scale_and_filters():
    hz = np.array([0, 100, 999, 1000, 1001, 4000, 11_025])
    np.testing.assert_allclose(hz_to_mel(hz), librosa.hz_to_mel(hz))
    np.testing.assert_allclose(mel_to_hz(hz_to_mel(hz)), hz, atol=1e-9)
    np.testing.assert_allclose(mel_filters(SR, 2048, 64), librosa.filters.mel(sr=SR, n_fft=2048, n_mels=64), atol=1e-7)


@pytest.mark.parametrize(("pitch", "pitch_class"), [(60, 0), (61, 1), (69, 9), (71, 11), (84, 0)])
def test_a_tone_lights_its_pitch_class(pitch, pitch_class):
    y = sine(440 * 2 ** ((pitch - 69) / 12))
    chroma = extract_chroma(extract_spectrum(y, SR, n_fft=4096))
    assert np.argmax(chroma.mean) == pitch_class
    assert np.sort(chroma.mean)[-2] < 0.05


def test_chroma_follows_the_tuning():
    y = sine(440 * 2 ** (60 / 1200))  # A4, played 60 cents sharp, is nearer to B flat
    spectrum = extract_spectrum(y, SR, n_fft=4096)
    assert np.argmax(extract_chroma(spectrum).mean) == 10
    assert np.argmax(extract_chroma(spectrum, tuning_cents=60).mean) == 9


def test_chroma_agrees_with_librosas_on_a_melody(y):
    ours = extract_chroma(extract_spectrum(y, SR, n_fft=4096)).values
    theirs = librosa.feature.chroma_stft(y=y, sr=SR, n_fft=4096, tuning=0)
    loud = extract_rms(y, SR).values > 0.02
    assert np.mean(np.argmax(ours, axis=0)[loud] == np.argmax(theirs, axis=0)[loud]) > 0.9


def test_decibels_count_down_from_the_loudest():
    assert amplitude_to_db(np.array([1.0, 0.1, 0.0])) == pytest.approx([0, -20, -80])
    assert amplitude_to_db(np.zeros(3)) == pytest.approx([-80, -80, -80])


def test_asking_with_sines_and_cosines_is_the_spectrum(y):
    """What lesson 02 writes by hand: products with a sine and a cosine of every row."""
    piece = y[5000 : 5000 + 256]
    spectrum = extract_spectrum(np.pad(piece, 128), SR, n_fft=256, hop_length=256, window="boxcar")
    rounds = 2 * np.pi * np.outer(np.arange(129), np.arange(256)) / 256
    by_hand = np.hypot(np.sin(rounds) @ piece, np.cos(rounds) @ piece)
    np.testing.assert_allclose(spectrum.values[:, 1], by_hand, atol=1e-3)


def test_cutting_windowing_and_transforming_is_the_spectrum(y, spectrum):
    """The short-time transform of lesson 02, in three lines."""
    window, padded = np.hanning(2049)[:-1], np.pad(y, 1024)
    frames = [np.abs(np.fft.rfft(window * padded[at : at + 2048])) for at in range(0, len(padded) - 2047, 512)]
    np.testing.assert_allclose(np.array(frames).T, spectrum.values, atol=1e-3)


def test_the_mean_frequency_and_the_mel_of_lesson_02_are_the_packages(spectrum):
    column = spectrum.values[:, 20]
    by_hand = np.sum(spectrum.rows * column) / np.sum(column)
    assert extract_centroid(spectrum).values[20] == pytest.approx(by_hand, rel=1e-5)
    for hz in (200, 5000):
        by_hand = 15 * hz / 1000 if hz < 1000 else 15 + 27 * np.log(hz / 1000) / np.log(6.4)
        assert float(hz_to_mel(hz)) == pytest.approx(by_hand)
