"""Onsets are found where notes begin: not in silence, not in noise, not in a vibrato."""

import mir_eval
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.audio.rhythm.onsets import (
    HOP_LENGTH,
    estimate_onsets,
    onset_envelope,
    pick_peaks,
    spectral_flux,
)
from musicedu.audio.takes import record_take
from musicedu.melody import Melody

SR = 22_050
SCALE = Melody.from_text("D4:1 E4:1/2 F#4:1/2 G4:1 A4:1 B4:1/2 C#5:1/2 D5:1 A4:1 F#4:1 D4:2")


def f_measure(take, **options):
    reference = np.array([note.onset_sec for note in take.notes])
    return mir_eval.onset.f_measure(reference, estimate_onsets(take.y, take.sr, **options))[0]


@pytest.mark.parametrize("program", [0, 24, 40, 42, 56, 71])
def test_every_note_of_a_clean_take_is_found(program):
    assert f_measure(record_take(SCALE, program=program)) > 0.9


@pytest.mark.parametrize("room", ["room", "hall"])
def test_an_echo_is_no_onset(room):
    assert f_measure(record_take(SCALE, program=24, room=room)) > 0.9


def test_noise_ten_decibels_below_hides_little():
    assert f_measure(record_take(SCALE, program=0, snr_db=10)) > 0.85


def test_the_plain_flux_is_the_one_of_the_lesson():
    import librosa

    y = record_take(SCALE, program=40).y
    magnitude = np.abs(librosa.stft(y, n_fft=1024, hop_length=220))
    loudness = np.log1p(100 * magnitude)
    change = np.diff(loudness, axis=1)
    rise = np.maximum(change, 0)
    flux = rise.sum(axis=0)
    assert np.allclose(spectral_flux(y)[1:], flux / flux.max(), atol=1e-4)


def test_long_sound_gives_what_its_parts_give():
    rng = np.random.default_rng(0)
    y = rng.standard_normal(30 * SR)
    whole, part = spectral_flux(y), spectral_flux(y[: 10 * SR])
    inside = slice(10, 900)
    assert np.allclose(whole[inside] / whole[500], part[inside] / part[500], rtol=1e-4)


def test_frames_count_the_same_in_both_envelopes():
    y = record_take(SCALE).y
    assert len(spectral_flux(y)) == len(onset_envelope(y, SR)) == 1 + len(y) // HOP_LENGTH


@pytest.mark.parametrize("n_samples", [0, 1, 100, SR])
def test_silence_has_no_onset(n_samples):
    silence = np.zeros(n_samples, dtype=np.float32)
    assert not np.any(spectral_flux(silence))
    assert len(estimate_onsets(silence, SR)) == 0


def test_a_vibrato_is_no_onset():
    times_sec = np.arange(3 * SR) / SR
    y = np.sin(2 * np.pi * 440 * times_sec + 1.0 * np.sin(2 * np.pi * 6 * times_sec))
    y *= np.clip(np.minimum(times_sec, 3 - times_sec) / 0.1, 0, 1)
    assert len(estimate_onsets(y, SR)) == 1


@settings(max_examples=10)
@given(gain=st.floats(0.01, 0.9))
def test_loudness_does_not_matter(gain):
    y = record_take(Melody.from_text("C4:1 E4:1 G4:2"), program=0).y
    assert np.allclose(estimate_onsets(y, SR), estimate_onsets(y * np.float32(gain), SR))


@given(
    envelope=st.lists(st.floats(0, 1), min_size=3, max_size=60),
    threshold=st.floats(0.05, 0.95),
    distance=st.integers(1, 8),
)
def test_peaks_are_high_enough_far_enough_apart_and_no_neighbour_is_higher(envelope, threshold, distance):
    values = np.array(envelope)
    peaks = pick_peaks(values, threshold, distance)
    assert np.all(values[peaks] >= threshold)
    assert np.all(np.diff(peaks) >= distance)
    assert all(values[k] >= values[k - 1] and values[k] >= values[k + 1] for k in peaks)


def test_a_higher_threshold_never_finds_more():
    envelope = onset_envelope(record_take(SCALE).y, SR)
    counts = [len(pick_peaks(envelope, threshold)) for threshold in np.linspace(0.05, 1, 20)]
    assert counts == sorted(counts, reverse=True)


def test_sound_that_is_not_mono_is_refused():
    with pytest.raises(ValueError, match="one row"):
        estimate_onsets(np.ones((2, SR)), SR)
