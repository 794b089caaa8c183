"""Cleaning a recording: a steady noise taken out of it, and the silence before and after cut off."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, rfft
from scipy.ndimage import median_filter, uniform_filter1d
from scipy.signal import get_window

from musicedu.audio.mixing import Sound
from musicedu.audio.spectrum import extract_rms, framed

N_FFT, HOP_LENGTH = 2048, 512
_QUIET_SHARE = 0.2  # of the frames: those in which a frequency is assumed to hold noise alone
_NEIGHBOURS, _ABOVE_NEIGHBOURS, _RUMBLE = 31, 4.0, 2
_TINY = 1e-14

Floats = npt.NDArray[np.floating]


def denoise(y: Sound, *, noise: Sound | None = None, reduction_db: float = 20.0, smoothing: float = 0.98) -> Sound:
    """Take a steady noise (hiss, hum, a fan) out of a sound: float32, as long as before.

    y: mono; noise: a stretch of the noise alone, at least 2,048 samples, None to estimate it from `y` itself;
    reduction_db: how far noise is turned down at most, 0 changes nothing; smoothing: 0 judges each frame alone, which
    leaves single tones twittering ("musical noise"), near 1 trusts the frame before.

    Spectral gating: each frequency of each frame (2,048 samples, a new one every 512) is turned down by the share of
    its power that is noise (a Wiener gain), with the decision-directed estimate of Ephraim and Malah (1984). What is
    too low to be heard always goes. What changes with the music, such as a cough or applause, stays; and an orchestra
    that never pauses hides its noise, so that some of the music is taken for it: give `noise` there.

    `ValueError` for sound that is no row of finite samples, and for noise that is too short. A minute at 22,050 Hz
    takes about 0.1 GB while it is worked on.
    """
    if not 0 <= smoothing < 1 or reduction_db < 0:
        raise ValueError(f"smoothing must lie in [0, 1) and reduction_db be 0 or more: {smoothing}, {reduction_db}")
    spectrum = _transform(y)
    power = np.abs(spectrum) ** 2
    noise_power = (estimate_noise(power) if noise is None else _mean_power(noise)).astype(np.float32)
    floor = 10 ** (-reduction_db / 20)
    gains = gate(power, noise_power, floor=floor, smoothing=smoothing)
    gains[:, :_RUMBLE] = floor
    return _inverse(spectrum * gains, len(y))


def estimate_noise(power: Floats) -> Floats:
    """The power of a steady noise in every frequency, from the power (n_frames, n_rows) of noise and music together.

    In a fifth of the frames a frequency is assumed to hold noise alone: the 20 % quantile over time, divided by what
    it is for noise of power 1. A tone that never stops would pass for noise: a row more than 6 dB above its
    neighbours, after a slope of 3 dB an octave is taken out, is brought down to that.
    """
    quantile = np.quantile(power, _QUIET_SHARE, axis=0) / -np.log(1 - _QUIET_SHARE) + _TINY
    slope = np.arange(len(quantile)) + 2.0
    around = median_filter(quantile * slope, _NEIGHBOURS) / slope
    smooth: Floats = uniform_filter1d(np.minimum(quantile, _ABOVE_NEIGHBOURS * around), 5)
    return smooth


def gate(power: Floats, noise_power: Floats, *, floor: float, smoothing: float) -> Floats:
    """What each frequency of each frame is multiplied with, from `floor` (all noise) to 1: shape of `power`.

    power: (n_frames, n_rows); noise_power: (n_rows,). With `smoothing` 0 it is `max(1 - noise / power, floor)`.
    """
    ratio = power / np.maximum(noise_power, _TINY)
    gains = np.empty_like(ratio)
    before = np.maximum(ratio[0] - 1, 0)
    for k, now in enumerate(ratio):
        music = smoothing * before + (1 - smoothing) * np.maximum(now - 1, 0)
        gains[k] = np.maximum(music / (1 + music), floor)
        before = gains[k] ** 2 * now
    return gains


def sounding_span(y: Sound, sr: int, *, below_peak_db: float = 40.0) -> tuple[float, float]:
    """Where a sound begins and ends, in seconds: the first and last frame less than `below_peak_db` under the loudest.

    Silence, and an empty sound, have the span (0, 0).
    """
    strength = extract_rms(y, sr, frame_length=512, hop_length=128)
    loud = np.flatnonzero(strength.values > strength.values.max(initial=0.0) * 10 ** (-below_peak_db / 20))
    if not len(loud):
        return 0.0, 0.0
    half_sec = 256 / sr
    first_sec, last_sec = strength.times_sec[loud[0]], strength.times_sec[loud[-1]]
    return max(0.0, float(first_sec) - half_sec), min(len(y) / sr, float(last_sec) + half_sec)


def trim(y: Sound, sr: int, *, below_peak_db: float = 40.0, margin_sec: float = 0.05) -> Sound:
    """The sound without what is quiet before and after it, but for a margin; silence gives no samples."""
    start_sec, end_sec = sounding_span(y, sr, below_peak_db=below_peak_db)
    if end_sec == 0:
        return y[:0]
    return y[max(0, round((start_sec - margin_sec) * sr)) : round((end_sec + margin_sec) * sr)]


def _taps() -> Sound:
    taps: Sound = np.sqrt(get_window("hann", N_FFT)).astype(np.float32)
    return taps


def _transform(y: Sound) -> npt.NDArray[np.complex64]:
    """Shape (n_frames, n_rows); frames reach beyond both ends, so that every sample is seen four times."""
    spectrum: npt.NDArray[np.complex64] = rfft(framed(np.pad(y, N_FFT // 2), N_FFT, HOP_LENGTH) * _taps(), axis=1)
    return spectrum


def _mean_power(noise: Sound) -> Floats:
    if len(noise) < N_FFT:
        raise ValueError(f"the noise must last at least {N_FFT} samples, not {len(noise)}")
    frames = np.lib.stride_tricks.sliding_window_view(np.asarray(noise, dtype=np.float32), N_FFT)[::HOP_LENGTH]
    power: Floats = np.mean(np.abs(rfft(frames * _taps(), axis=1)) ** 2, axis=0)
    smooth: Floats = uniform_filter1d(power, 5)
    return smooth


def _inverse(spectrum: npt.NDArray[np.complexfloating], n_samples: int) -> Sound:
    frames, taps = irfft(spectrum, N_FFT, axis=1) * _taps(), _taps() ** 2
    total = np.zeros(((len(frames) - 1) * HOP_LENGTH + N_FFT, 2), dtype=np.float32)
    for k, frame in enumerate(frames):
        at = slice(k * HOP_LENGTH, k * HOP_LENGTH + N_FFT)
        total[at, 0] += frame
        total[at, 1] += taps
    y = total[:, 0] / np.maximum(total[:, 1], 1e-6)
    return np.ascontiguousarray(y[N_FFT : N_FFT + n_samples], dtype=np.float32)
