"""Chroma shows what is struck, whatever the tuning, the sample rate and the overtones."""

import os

import numpy as np
import pytest

from musicedu.audio.harmony import estimate_tuning, extract_harmony
from musicedu.audio.load import load_audio
from musicedu.audio.spectrum import extract_chroma, extract_spectrum
from musicedu.audio.takes import record_take
from musicedu.harmony.harmonising import harmonise
from musicedu.harmony.tonality import estimate_key
from tests.audio.test_takes import TUNE

SR = 22_050


def tones(pitches, sr=SR, *, seconds=2.0, cents=0.0, n_partials=6, fall=0.6):
    times = np.arange(round(seconds * sr)) / sr
    y = np.zeros(len(times))
    for pitch in pitches:
        f0 = 440 * 2 ** ((pitch - 69 + cents / 100) / 12)
        y += sum(fall**k * np.sin(2 * np.pi * (k + 1) * f0 * times) for k in range(n_partials))
    return 0.1 * y


@pytest.mark.parametrize("pitch", range(36, 90, 5))
def test_a_tone_with_overtones_is_one_pitch_class(pitch):
    harmony = extract_harmony(tones([pitch]), SR)
    heard = harmony.pitch_class_weights
    assert heard.argmax() == pitch % 12
    assert np.sort(heard)[-2] < 0.35 * heard.max()


def test_overtones_weigh_less_than_where_the_spectrum_is_merely_folded():
    y = tones([48], n_partials=10, fall=0.9)
    fifth_and_third = [(48 + 7) % 12, (48 + 4) % 12]
    folded = extract_chroma(extract_spectrum(y, SR, n_fft=8192)).mean
    heard = extract_harmony(y, SR).pitch_class_weights
    assert (heard / heard.max())[fifth_and_third].sum() < 0.5 * (folded / folded.max())[fifth_and_third].sum()


@pytest.mark.parametrize("cents", [-45, -20, 0, 15, 40])
def test_the_tuning_is_found_and_does_not_smear(cents):
    y = tones([60, 64, 67], cents=cents)
    assert estimate_tuning(extract_spectrum(y, SR, n_fft=8192)) == pytest.approx(cents, abs=3)
    assert set(np.argsort(extract_harmony(y, SR).pitch_class_weights)[-3:]) == {0, 4, 7}


@pytest.mark.parametrize("sr", [8000, 16_000, 44_100, 48_000])
def test_the_sample_rate_does_not_matter(sr):
    harmony = extract_harmony(tones([57, 60, 64], sr), sr)
    assert set(np.argsort(harmony.pitch_class_weights)[-3:]) == {9, 0, 4}


def test_the_bass_is_kept_apart():
    harmony = extract_harmony(tones([40, 67, 71]), SR)
    middle = len(harmony.times_sec) // 2
    assert harmony.bass[:, middle].argmax() == 4
    assert set(np.argsort(harmony.chroma[:, middle])[-2:]) == {7, 11}


def test_silence_and_nothing_weigh_nothing():
    for y in (np.zeros(SR), np.zeros(0)):
        harmony = extract_harmony(y, SR)
        assert harmony.is_silent.all()
        assert not harmony.pitch_class_weights.any()
        assert harmony.tuning_cents == 0


def test_frames_lie_where_their_times_say():
    y = np.concatenate([np.zeros(SR), tones([69], seconds=1.0)])
    harmony = extract_harmony(y, SR)
    assert harmony.hop_sec == pytest.approx(0.1)
    assert harmony.is_silent[harmony.times_sec < 0.7].all()
    assert not harmony.is_silent[(harmony.times_sec > 1.1) & (harmony.times_sec < 1.9)].any()


@pytest.mark.parametrize("room", ["dry", "hall"])
def test_the_key_of_a_take_is_that_of_its_tune(room):
    take = record_take(TUNE, room=room, chords=harmonise(TUNE))
    assert estimate_key(extract_harmony(take.y, take.sr).pitch_class_weights)[0].key == TUNE.key


def test_faults_are_named():
    with pytest.raises(ValueError, match="8000 Hz or more"):
        extract_harmony(np.zeros(100), 4000)
    with pytest.raises(ValueError, match="one row"):
        extract_harmony(np.zeros((2, 100)), SR)


@pytest.mark.skipif("LIBROSA_DATA_DIR" not in os.environ, reason="there are no recordings on this computer")
@pytest.mark.parametrize(("name", "key"), [("brahms", "G minor"), ("nutcracker", "E minor")])
def test_the_key_of_an_orchestra_is_heard(name, key):
    import librosa

    recording = load_audio(librosa.ex(name), sr=SR, duration_sec=30)
    assert estimate_key(extract_harmony(recording.y, recording.sr).pitch_class_weights)[0].key.name == key
