"""Checks of sounds and spectra: a right answer passes, and typical wrong ones hear what is wrong."""

import numpy as np
import pytest

from musicedu.audio.clean import denoise, trim
from musicedu.audio.level import normalise
from musicedu.audio.takes import record_take, with_noise
from musicedu.course.asks import functions, sounds
from musicedu.course.checks import Unsolved, check
from musicedu.melody import Melody

SR = 22_050


def said(answer, *asked):
    return repr(check("Task 1", answer, *asked))


FOLDING = (functions.is_function, sounds.keeps_low_tones, sounds.folds_high_tones)


def heard_hz(frequency_hz, sr):
    rest = frequency_hz % sr
    return min(rest, sr - rest)


def test_the_rule_of_aliasing_passes():
    assert check("Task 1", heard_hz, *FOLDING).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (heard_hz(5000, 8000), "not a function"),
        (lambda hz, sr: hz, "5000 Hz at 8000 samples a second: you say 5000 Hz. That is above half the rate, 4000 Hz"),
        (lambda hz, sr: hz % sr, "5000 Hz at 8000 samples a second: you say 5000 Hz"),
        (lambda hz, sr: min(hz, sr - hz), "9000 Hz at 8000 samples a second: you say -1000 Hz. A frequency is never"),
        (lambda hz, sr: sr - hz, "440 Hz at 8000 samples a second: you say 7560 Hz. Twice a round is enough"),
        (lambda hz, sr: hz % (sr // 2), "5000 Hz at 8000 samples a second: you say 1000 Hz. Count the samples"),
        (lambda hz, sr: min(hz, sr / 2), "you say 4000 Hz. Count the samples in a round"),
    ],
)
def test_other_rules_are_held_against_the_samples(answer, fault):
    assert fault in said(answer, *FOLDING)


RMS = (functions.is_function, sounds.keeps_the_length, sounds.reaches_rms, sounds.leaves_silence)


def to_rms(y, level_db):
    rms = np.sqrt(np.mean(y**2))
    return y if rms == 0 else y * 10 ** (level_db / 20) / rms


def test_normalising_by_rms_passes_and_agrees_with_the_package():
    assert check("Task 1", to_rms, *RMS).passed
    y = record_take(Melody.from_text("C4:1 E4:1")).y
    np.testing.assert_allclose(to_rms(y, -20), normalise(y, by="rms", level_db=-20), atol=1e-6)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda y, db: y / np.max(np.abs(y)) * 10 ** (db / 20), "and the peak at that level"),
        (lambda y, db: y * 10 ** (db / 20) / np.sqrt(np.mean(y**2)), "Silence comes back as something else"),
        (lambda y, db: y * 10 ** (db / 10) / np.sqrt(np.mean(y**2)), "comes out at -40.0 dB"),
        (lambda y, db: np.sqrt(np.mean(y**2)), "comes back in the shape ()"),
        (lambda y, db: y, "For -20 dB the root mean square comes out at"),
    ],
)
def test_other_ways_to_normalise_are_told_apart(answer, fault):
    assert fault in said(answer, *RMS)


@pytest.fixture(scope="module")
def raw():
    cello = record_take(Melody.from_text("D3:1/2 E3:1/2 F#3:1 r:1 E3:1/2 D3:1/2 D3:1"), program=42).y
    return 0.1 * with_noise(np.pad(cello, 2 * SR), 12, np.random.default_rng(4))


def test_a_cleaned_take_passes_and_half_cleaned_ones_hear_why(raw):
    asked = [sounds.is_sound, sounds.starts_and_ends_soon(SR), sounds.has_less_noise(raw, SR)]
    asked += [sounds.loudness_near(-16, SR), sounds.fits_into_a_file]

    def loud(y):
        return normalise(y, SR, by="loudness", level_db=-16)

    assert check("Task 3", loud(trim(denoise(raw), SR, below_peak_db=30)), *asked).passed
    assert "One waits 2.0 s for the first note" in said(loud(trim(denoise(raw), SR)), *asked)
    assert "the hiss is still there" in said(loud(raw[2 * SR : -2 * SR]), *asked)
    assert "LUFS; -16 is asked for" in said(trim(denoise(raw), SR, below_peak_db=30), *asked)
    assert "beyond 1 and would be cut off" in said(100 * loud(raw), *asked)
    assert "This is a list" in said([0.0], *asked)
    assert "no sample left" in said(raw[:0], *asked)
    assert "no numbers any more" in said(np.full(5, np.nan), *asked)
    with pytest.raises(Unsolved):
        check("Task 3", ..., *asked)


STRENGTH = (functions.is_function, sounds.finds_only_what_is_there, sounds.hears_every_phase)


def strength(y, sr, hz):
    angle = 2 * np.pi * hz * np.arange(len(y)) / sr
    return np.hypot(np.sum(y * np.sin(angle)), np.sum(y * np.cos(angle))) * 2 / len(y)


def test_asking_with_sine_and_cosine_passes():
    assert check("Task 1", strength, *STRENGTH).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda y, sr, hz: 2 * np.mean(y * np.sin(2 * np.pi * hz * np.arange(len(y)) / sr)), "In a cosine of 440 Hz"),
        (lambda y, sr, hz: strength(y, sr, hz) * len(y), "In a sine of 440 Hz with the amplitude 0.5 you find 4000.00"),
        (lambda y, sr, hz: np.max(np.abs(y)), "In a tone of 440 Hz you find 0.50 of 600 Hz"),
        (lambda y, sr, hz: np.ones(3), "gives back 3 numbers"),
    ],
)
def test_other_questions_miss_a_phase_or_a_scale(answer, fault):
    assert fault in said(answer, *STRENGTH)


def test_a_window_must_be_long_enough_and_short_enough():
    asked = (sounds.is_n_fft, sounds.tells_apart(220.0, 233.1, SR), sounds.lasts_under(0.3, SR))
    assert check("Task 2", 4096, *asked).passed
    assert "melt into one: the rows lie 21.5 Hz apart" in said(1024, *asked)
    assert "a fast note is over" in said(8192, *asked)
    assert "is no power of two" in said(3000, *asked)
    assert "a window has a whole number of samples" in said(0.2, *asked)


def test_hollow_partials_pass_and_others_hear_why():
    asked = (sounds.is_list_of_partials, sounds.sounds_hollow, sounds.grows_softer_upwards)
    assert check("Task 3", [1, 0, 0.6, 0, 0.4], *asked).passed
    assert "Partial 2 is too strong" in said([1, 0.8, 0.6, 0.4, 0.2], *asked)
    assert "Partial 4 is too strong" in said([1, 0, 0.6, 0.5, 0.4], *asked)
    assert "nearly a whistle" in said([1, 0, 0, 0, 0], *asked)
    assert "which sounds shrill" in said([0.5, 0, 1, 0, 0.4], *asked)
    assert "There are 3 amplitudes" in said([1, 0, 0.5], *asked)
    assert "not a list of numbers" in said("1, 0", *asked)
    assert "nothing sounds" in said([0, 0, 0, 0, 0], *asked)
