"""The numbers that describe a recording are librosa's where librosa has them, and finite for any sound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.audio.passing import PassingSound
from musicedu.audio.summary import FEATURES, describe_passing_frames, summarise_passing
from musicedu.audio.takes import record_take
from musicedu.melody import Melody

SR = 22_050
TUNE = "C5:1/2 D5:1/2 E5:1/2 F5:1/2 G5:1 G5:1 A5:1/2 A5:1/2 A5:1/2 A5:1/2 G5:2"


def described(y):
    return describe_passing_frames(PassingSound([y]), SR)


@pytest.fixture(scope="module")
def take():
    return record_take(Melody.from_text(TUNE), program=71, room="room", snr_db=30)


@pytest.fixture(scope="module")
def reference(take):
    """The same descriptors by librosa."""
    import librosa

    feature, y = librosa.feature, take.y
    mel_db = librosa.power_to_db(feature.melspectrogram(y=y, sr=SR), top_db=None)
    return {
        "mfcc": feature.mfcc(S=mel_db, n_mfcc=13),
        "spectral_centroid_hz": feature.spectral_centroid(y=y, sr=SR)[0],
        "spectral_bandwidth_hz": feature.spectral_bandwidth(y=y, sr=SR)[0],
        "spectral_rolloff_hz": feature.spectral_rolloff(y=y, sr=SR)[0],
        "spectral_flatness": feature.spectral_flatness(y=y)[0],
        "zero_crossing_rate": feature.zero_crossing_rate(y)[0],
        "level_db": librosa.amplitude_to_db(feature.rms(y=y)[0], amin=1e-5, top_db=None),
    }


@pytest.mark.parametrize(
    "name",
    ["mfcc", "spectral_centroid_hz", "spectral_bandwidth_hz", "spectral_rolloff_hz", "spectral_flatness", "level_db"],
)
def test_a_descriptor_is_librosas(take, reference, name):
    ours = described(take.y)[name]
    np.testing.assert_allclose(ours, reference[name], rtol=1e-4, atol=1e-3)


def test_zero_crossings_are_librosas_but_for_padding(take, reference):
    ours = described(take.y)["zero_crossing_rate"]
    np.testing.assert_allclose(ours[2:-2], reference["zero_crossing_rate"][2:-2], atol=1e-4)


def test_long_sound_is_described_in_blocks_as_if_in_one(take, monkeypatch):
    whole = described(take.y)
    monkeypatch.setattr("musicedu.audio.summary._BLOCK", 7)
    for name, values in described(take.y).items():
        np.testing.assert_allclose(values, whole[name], rtol=1e-5, atol=1e-5)


def test_chroma_hears_the_pitch_class():
    y = np.sin(2 * np.pi * 440 * np.arange(SR) / SR).astype(np.float32)
    numbers = summarise_passing(lambda: [y], SR)
    assert numbers["chroma_a_mean"] > 0.95
    assert numbers["spectral_centroid_hz_mean"] == pytest.approx(440, abs=30)


def test_tempo_and_onsets_of_a_click_are_the_clicks():
    y = np.zeros(10 * SR, dtype=np.float32)
    rng = np.random.default_rng(0)
    for beat in range(20):  # 120 a minute
        y[beat * SR // 2 : beat * SR // 2 + 400] = 0.5 * rng.standard_normal(400)
    numbers = summarise_passing(lambda: [y], SR)
    assert numbers["tempo_bpm"] == pytest.approx(120, rel=0.03)
    assert numbers["onset_rate"] == pytest.approx(2, abs=0.15)


def test_every_feature_has_a_unit_and_words():
    assert all(feature.unit and feature.words and str(feature) for feature in FEATURES.values())
    assert len(FEATURES) == 67


@settings(max_examples=30)
@given(
    n_samples=st.integers(1, 6000),
    gain=st.sampled_from([0.0, 1e-12, 1e-4, 1.0]),
    sr=st.sampled_from([8000, 22_050, 48_000]),
    seed=st.integers(0, 99),
)
def test_any_sound_gives_every_number_and_all_are_finite(n_samples, gain, sr, seed):
    y = (gain * np.random.default_rng(seed).uniform(-1, 1, n_samples)).astype(np.float32)
    numbers = summarise_passing(lambda: [y], sr)
    assert list(numbers) == list(FEATURES)
    assert np.isfinite(list(numbers.values())).all()
