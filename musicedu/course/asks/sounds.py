"""What a task may ask of sound: samples, levels, spectra, and functions that a student writes about them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from musicedu.audio.clean import sounding_span
from musicedu.audio.level import loudness_lufs, peak_db, rms_db
from musicedu.audio.spectrum import extract_rms
from musicedu.course.asks.functions import outcome
from musicedu.course.checks import Requirement, asked_first
from musicedu.course.slips import kind_of

_SR = 8000
_LEAST_CLEANING_DB = 6.0


@asked_first
def is_sound(answer: Any) -> str | None:
    """The answer is one row of finite samples."""
    if not isinstance(answer, np.ndarray) or answer.ndim != 1:
        return f"This is {kind_of(answer)}, not a row of samples."
    if not len(answer):
        return "There is no sample left in it."
    return None if np.all(np.isfinite(answer)) else "Some samples are no numbers any more (nan or inf)."


def fits_into_a_file(answer: Any) -> str | None:
    """No sample lies beyond full scale."""
    beyond = np.count_nonzero(np.abs(answer) > 1.0)
    return f"{beyond} samples lie beyond 1 and would be cut off in a file." if beyond else None


def starts_and_ends_soon(sr: int, within_sec: float = 0.5) -> Requirement:
    """No long wait before the sound, and none after it."""

    def has_no_waits(answer: Any) -> str | None:
        start_sec, end_sec = sounding_span(answer, sr, below_peak_db=30.0)
        before_sec, after_sec = start_sec, len(answer) / sr - end_sec
        if before_sec > within_sec or after_sec > within_sec:
            return f"One waits {before_sec:.1f} s for the first note, and {after_sec:.1f} s after the last."
        return None if end_sec - start_sec > within_sec else "Hardly any music is left."

    return has_no_waits


def loudness_near(level_lufs: float, sr: int, within_db: float = 0.5) -> Requirement:
    """The loudness is what was asked for."""

    def has_its_loudness(answer: Any) -> str | None:
        measured = loudness_lufs(answer, sr)
        if abs(measured - level_lufs) <= within_db:
            return None
        return f"Its loudness is {measured:.1f} LUFS; {level_lufs:g} is asked for."

    return has_its_loudness


def has_less_noise(raw: Any, sr: int) -> Requirement:
    """The quiet moments lie further below the loud ones than they did."""

    def gained_contrast(answer: Any) -> str | None:
        gained = _contrast_db(answer, sr) - _contrast_db(raw, sr)
        if gained >= _LEAST_CLEANING_DB:
            return None
        return (
            f"The rests are only {max(gained, 0):.0f} dB quieter beside the notes than before: the hiss is still there."
        )

    return gained_contrast


def keeps_low_tones(answer: Any) -> str | None:
    """A function of (frequency_hz, sr): a tone below half the rate keeps its frequency."""
    for frequency_hz in (440, 3000):
        heard, fault = outcome(answer, frequency_hz, _SR)
        if fault:
            return fault
        if heard != frequency_hz:
            tone = f"A tone of {frequency_hz} Hz at {_SR} samples a second"
            return f"{tone}: you say {_said(heard)}. Twice a round is enough."
    return None


def folds_high_tones(answer: Any) -> str | None:
    """A function of (frequency_hz, sr): a tone above half the rate comes back mirrored, as the samples say."""
    for frequency_hz, sr in ((5000, 8000), (7900, 8000), (9000, 8000), (13_000, 8000), (30_000, 44_100)):
        heard, fault = outcome(answer, frequency_hz, sr)
        if fault:
            return fault
        if abs(heard - _loudest_hz(frequency_hz, sr)) > 1:
            return f"A tone of {frequency_hz} Hz at {sr} samples a second: you say {_said(heard)}. {_why(heard, sr)}"
    return None


def keeps_the_length(answer: Any) -> str | None:
    """A function of (y, level_db): as many samples come out as went in."""
    changed, fault = outcome(answer, _tone(440.0), -20)
    if fault:
        return fault
    if np.shape(changed) != (_SR,):
        return f"A second of sound, {_SR} samples, comes back in the shape {np.shape(changed)}."
    return None


def reaches_rms(answer: Any) -> str | None:
    """A function of (y, level_db): the root mean square of what comes back is at the level."""
    for y, level_db in ((0.3 * _tone(440.0), -20), (0.01 * _tone(300.0), -30), (_tone(440.0) ** 3, -20)):
        changed, fault = outcome(answer, y, level_db)
        if fault:
            return fault
        if not abs(rms_db(changed) - level_db) < 0.1:
            found = f"For {level_db} dB the root mean square comes out at {rms_db(changed):.1f} dB"
            return f"{found}, {_by_peak(changed, level_db)}"
    return None


def leaves_silence(answer: Any) -> str | None:
    """A function of (y, level_db): silence comes back as silence."""
    with np.errstate(all="ignore"):
        changed, fault = outcome(answer, np.zeros(_SR), -20)
    if fault:
        return fault
    return (
        None if np.array_equal(changed, np.zeros(_SR)) else "Silence comes back as something else (a division by 0?)."
    )


def hears_every_phase(answer: Any) -> str | None:
    """A function of (y, sr, frequency_hz): the amplitude of that tone in the sound, wherever its round begins."""
    for phase, name in ((0.0, "a sine"), (0.25, "a cosine"), (0.125, "a tone between sine and cosine")):
        strength, fault = _strength(answer, 0.5 * _tone(440.0, phase), 440.0)
        if fault:
            return fault
        if not abs(strength - 0.5) < 0.02:
            return f"In {name} of 440 Hz with the amplitude 0.5 you find {strength:.2f} of it."
    return None


def finds_only_what_is_there(answer: Any) -> str | None:
    """A function of (y, sr, frequency_hz): of a tone that is not in the sound it finds nothing."""
    strength, fault = _strength(answer, 0.5 * _tone(440.0), 600.0)
    if fault:
        return fault
    return None if abs(strength) < 0.02 else f"In a tone of 440 Hz you find {strength:.2f} of 600 Hz."


@asked_first
def is_n_fft(answer: Any) -> str | None:
    """The answer is a length of a window: a power of two."""
    if isinstance(answer, bool) or not isinstance(answer, int):
        return f"This is {kind_of(answer)}; a window has a whole number of samples."
    if answer < 16 or answer > 1 << 17 or answer & (answer - 1):
        return f"{answer} is no power of two from 16 on, and those are the lengths that are fast to transform."
    return None


def tells_apart(low_hz: float, high_hz: float, sr: int) -> Requirement:
    """A window of that length shows two tones as two peaks."""

    def shows_two_peaks(answer: Any) -> str | None:
        if n_peaks(low_hz, high_hz, sr, answer) >= 2:
            return None
        return (
            f"In {answer} samples the tones of {low_hz:g} and {high_hz:g} Hz melt into one: the rows lie "
            f"{sr / answer:.1f} Hz apart."
        )

    return shows_two_peaks


def lasts_under(seconds: float, sr: int) -> Requirement:
    """A window of that length is short enough to follow the music."""

    def follows_the_music(answer: Any) -> str | None:
        if answer / sr < seconds:
            return None
        return f"{answer} samples last {1000 * answer / sr:.0f} ms; at {1000 * seconds:.0f} ms a fast note is over."

    return follows_the_music


def n_peaks(low_hz: float, high_hz: float, sr: int, n_fft: int) -> int:
    """How many peaks a window of `n_fft` samples (Hann) shows for two equal tones: 2 if it tells them apart.

    A valley between them must lie 6 dB below the lower peak.
    """
    times_sec = np.arange(n_fft) / sr
    y = np.sin(2 * np.pi * low_hz * times_sec) + np.cos(2 * np.pi * high_hz * times_sec)
    values = np.abs(np.fft.rfft(y * np.hanning(n_fft + 1)[:-1]))
    low, high = round(low_hz * n_fft / sr), round(high_hz * n_fft / sr)
    if high - low < 2:
        return 1
    peaks = min(values[low], values[high])
    return 2 if values[low + 1 : high].min() < peaks / 2 else 1


@asked_first
def is_list_of_partials(answer: Any) -> str | None:
    """The answer is a list of amplitudes, of the fundamental and the partials above it."""
    if not isinstance(answer, list | tuple) or not all(isinstance(part, int | float) for part in answer):
        return "This is not a list of numbers: the amplitude of the fundamental, then of each partial above it."
    if len(answer) < 5:
        return f"There are {len(answer)} amplitudes; five or more make a tone with a character."
    return None if max(map(abs, answer)) > 0 else "All amplitudes are 0: nothing sounds."


def sounds_hollow(answer: Any) -> str | None:
    """Even partials are weak beside the odd ones, as in a clarinet's low notes."""
    odd, even = np.asarray(answer[0::2], dtype=float), np.asarray(answer[1::2], dtype=float)
    if np.max(np.abs(even)) <= 0.1 * np.max(np.abs(odd)):
        return None if np.count_nonzero(odd) >= 3 else "With fewer than three odd partials it is nearly a whistle."
    number = 2 * int(np.argmax(np.abs(even))) + 2
    return f"Partial {number} is too strong: a tube that is closed at one end hardly answers to even partials."


def grows_softer_upwards(answer: Any) -> str | None:
    """Among the partials that sound, higher ones are softer."""
    sounding = [abs(part) for part in answer if abs(part) > 0.1 * max(map(abs, answer))]
    if all(lower > higher for lower, higher in pairwise(sounding)):
        return None
    return "A higher partial is as strong as a lower one, which sounds shrill: let them fade upwards."


def _tone(frequency_hz: float, phase: float = 0.0) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A second of a sine; `phase` is the part of a round at which it begins."""
    return np.sin(2 * np.pi * (frequency_hz * np.arange(_SR) / _SR + phase))


def _loudest_hz(frequency_hz: float, sr: int) -> float:
    y = np.cos(2 * np.pi * frequency_hz * np.arange(sr) / sr)
    return float(np.argmax(np.abs(np.fft.rfft(y))))


def _contrast_db(y: Any, sr: int) -> float:
    """How far the quiet moments, while there is music, lie below the loud ones."""
    start_sec, end_sec = sounding_span(y, sr, below_peak_db=10.0)
    strength = extract_rms(y[round(start_sec * sr) : round(end_sec * sr)], sr, frame_length=1024)
    quiet, loud = np.quantile(strength.values[2:-2], [0.1, 0.9])
    return float(20 * np.log10(max(loud, 1e-9) / max(quiet, 1e-9)))


def _strength(answer: Any, y: Any, frequency_hz: float) -> tuple[Any, str | None]:
    found, fault = outcome(answer, y, _SR, frequency_hz)
    if fault is None and np.size(found) != 1:
        return None, f"Your function gives back {np.size(found)} numbers; how strong one tone is, is one."
    return found, fault


def _said(value: Any) -> str:
    return f"{value:g} Hz" if isinstance(value, int | float) else repr(value)


def _why(heard: float, sr: int) -> str:
    if heard > sr / 2:
        return f"That is above half the rate, {sr / 2:g} Hz, where no sampled tone can be."
    if heard < 0:
        return "A frequency is never negative."
    return "Count the samples in a round: they tell of another."


def _by_peak(y: Any, level_db: float) -> str:
    return "and the peak at that level." if abs(peak_db(y) - level_db) < 0.1 else "not there."
