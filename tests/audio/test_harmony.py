"""Chroma shows what is struck, whatever the tuning, the sample rate and the overtones; chords are found in it."""

import os
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.audio.harmony import (
    CHORDS,
    best_chord_path,
    estimate_chords,
    estimate_tuning,
    extract_harmony,
    sounding_chords,
    templates,
)
from musicedu.audio.load import load_audio
from musicedu.audio.spectrum import extract_chroma, extract_spectrum
from musicedu.audio.takes import record_take
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.harmony.harmonising import harmonise
from musicedu.harmony.tonality import estimate_key
from musicedu.melody import Melody
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


fits = st.integers(1, 6).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=3, max_size=3)
)


def worth(path, values, cost):
    return sum(values[state][frame] for frame, state in enumerate(path)) - cost * sum(a != b for a, b in pairwise(path))


@settings(max_examples=60)
@given(fits, st.integers(0, 12))
def test_no_row_is_better_than_the_best(values, cost):
    n_frames = len(values[0])
    best = max(worth(path, values, cost) for path in product(range(3), repeat=n_frames))
    assert worth(best_chord_path(np.array(values, float), cost).tolist(), values, cost) == pytest.approx(best)


@given(fits)
def test_without_a_cost_each_frame_has_its_best_and_with_a_great_one_nothing_changes(values):
    array = np.array(values, float)
    path = best_chord_path(array, 0.0)
    assert array[path, np.arange(len(path))].tolist() == array.max(axis=0).tolist()
    assert len(set(best_chord_path(array, 1000.0).tolist())) == 1


def test_every_template_has_the_notes_of_its_chord():
    for chord, row in zip(CHORDS, templates(), strict=True):
        assert set(np.flatnonzero(row)) == set(chord.pitch_classes)
    shared = [len({0, 4, 7} & set(chord.pitch_classes)) for chord in CHORDS]
    assert templates() @ templates()[CHORDS.index(Chord(0))] == pytest.approx(np.array(shared) / 3)


@pytest.mark.parametrize("chord", CHORDS, ids=lambda chord: chord.name)
def test_a_chord_that_is_struck_is_heard(chord):
    pitches = [48 + chord.root - 12, *(60 + at for at in chord.pitch_classes)]
    heard = estimate_chords(tones(pitches, seconds=1.5), SR)
    assert [one.chord for one in heard] == [chord]


def test_a_row_of_chords_under_a_tune_is_heard_with_its_times():
    tune = Melody.from_text("E5:2 G5:2 A5:2 F5:2 D5:2 B4:2 C5:4")
    chords = [ChordAt(Fraction(4 * index), Chord(root)) for index, root in enumerate((0, 5, 7, 0))]
    take = record_take(tune, program=73, chords=chords)
    heard = estimate_chords(take.y, take.sr)
    assert [one.chord.name for one in heard] == [one.chord.name for one in take.chords]
    for one, other in zip(heard[1:], take.chords[1:], strict=True):
        assert one.onset_sec == pytest.approx(other.onset_sec, abs=0.15)


def test_silence_has_no_chord_and_ends_one():
    assert estimate_chords(np.zeros(SR), SR) == ()
    assert estimate_chords(np.zeros(0), SR) == ()
    y = np.concatenate([tones([48, 60, 64, 67], seconds=1.0), np.zeros(SR), tones([53, 60, 65, 69], seconds=1.0)])
    heard = estimate_chords(y, SR)
    assert [one.chord.name for one in heard] == ["C", "F"]
    assert heard[1].onset_sec - heard[0].offset_sec > 0.5


def test_chords_come_in_order_and_last():
    heard = sounding_chords(np.array([0, 0, 24, 5, 5, 5]), 0.1 * np.arange(6))
    assert [(one.chord.name, round(one.onset_sec, 2), round(one.offset_sec, 2)) for one in heard] == [
        ("C", 0.0, 0.15),
        ("F", 0.25, 0.55),
    ]
