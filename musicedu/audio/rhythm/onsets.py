"""Onsets: the moments at which notes begin, read from how fast the spectrum grows.

An onset envelope has one value a frame; frame k stands at `k * HOP_LENGTH / sr` seconds. Two are made here:
`spectral_flux` in its plainest form, as lesson 04 builds it, and `onset_envelope`, which listens past noise, vibrato
and echoes and is what the estimates use. Accents are onsets weighed by how long the note lasts, since long notes tend
to fall on beats.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, median_filter
from scipy.signal import find_peaks

from musicedu.audio.passing import PassingSound

HOP_LENGTH = 220  # samples from frame to frame: 10 ms at 22,050 Hz
THRESHOLD, DISTANCE_SEC = 0.35, 0.05
_FLUX_N_FFT, _FLUX_COMPRESSION = 1024, 100.0
_N_FFT, _COMPRESSION = 2048, 100.0
_BANDS_PER_OCTAVE, _LOWEST_HZ, _HIGHEST_HZ = 24, 60.0, 10_000.0
_LAG, _BANDS_ASIDE = 3, 3
_AROUND_SEC, _STRONG_PERCENTILE = 0.3, 98.0
_LEAST_RISE = 5.0  # of all bands together: less is no onset, however still it is around
_FRAMES_AT_ONCE = 800
SILENT = 1e-6  # what is nowhere louder has no onset
_ACCENT_THRESHOLD, _LOUDEST_ACCENT = 0.3, 1.5
_ACCENT_DISTANCE_SEC, _ACCENT_WIDTH_SEC = 0.05, 0.03
_LONGEST_ACCENT = 2.0  # a note counts at most as twice the usual

Array = npt.NDArray[np.floating]


def spectral_flux(
    y: Array, *, n_fft: int = _FLUX_N_FFT, hop_length: int = HOP_LENGTH, compression: float = _FLUX_COMPRESSION
) -> Array:
    """How much louder each frame is than the one before it, summed over frequencies, the largest value 1.

    y: mono samples; compression: how far soft rises are lifted beside loud ones, log(1 + compression * magnitude).
    Shape (1 + len(y) // hop_length,); silence gives zeros. After Müller (2015), Fundamentals of Music Processing, 6.1.
    """
    rises = []
    for magnitude in _magnitudes(PassingSound([y]), n_fft, hop_length, overlap=1):
        loudness = np.log1p(compression * magnitude)
        rises.append(np.maximum(np.diff(loudness, axis=0), 0).sum(axis=1))
    flux: Array = np.concatenate(rises)
    flux[0] = 0.0
    flux /= max(float(flux.max()), 1e-12)
    return flux


def onset_envelope(y: Array, sr: int, *, hop_length: int = HOP_LENGTH) -> Array:
    """An onset envelope for sound as it is met: a clear onset is about 1, what goes on around it is 0.

    Differs from `spectral_flux` in four ways. Frequencies are gathered in bands of half a semitone. A rise is counted
    over three frames, and only if it exceeds what sounded in the neighbouring bands too, so that a vibrato is no onset
    (Böck and Widmer 2013). The median of the 0.3 s around is taken away, so that steady noise is none. And the
    scale is set by the 98th percentile, not by one bang, and has a floor: in silence a whisper is none either.
    """
    loudest = float(np.max(np.abs(y), initial=0.0))
    if loudest < SILENT:
        return np.zeros(1 + len(y) // hop_length)
    return passing_onset_envelope(PassingSound([y / loudest]), sr, hop_length=hop_length)


def passing_onset_envelope(sound: PassingSound, sr: int, *, hop_length: int = HOP_LENGTH) -> Array:
    """The same of sound that is not held in memory, and whose loudest sample is 1."""
    bands = _bands(sr, _N_FFT)
    rises = []
    for magnitude in _magnitudes(sound, _N_FFT, hop_length, overlap=_LAG):
        loudness = np.log1p(_COMPRESSION * (magnitude @ bands) * (2 / _N_FFT))
        before = maximum_filter1d(loudness[:-_LAG], _BANDS_ASIDE, axis=1)
        rises.append(np.maximum(loudness[_LAG:] - before, 0).sum(axis=1))
    flux = np.concatenate(rises)
    above = np.maximum(flux - median_filter(flux, size=round(_AROUND_SEC * sr / hop_length) | 1), 0)
    strong = max(float(np.percentile(above, _STRONG_PERCENTILE)), _LEAST_RISE)
    envelope: Array = above / strong
    return envelope


def pick_peaks(envelope: Array, threshold: float, distance: int = 1) -> npt.NDArray[np.int64]:
    """The frames at which an envelope has a peak of at least `threshold`.

    distance: how many frames two peaks are apart at least; of two that are closer, the higher stays. Increasing;
    empty if nothing reaches the threshold.
    """
    peaks, _ = find_peaks(np.asarray(envelope), height=threshold, distance=max(1, distance))
    return np.asarray(peaks, dtype=np.int64)


def estimate_onsets(
    y: Array, sr: int, *, threshold: float = THRESHOLD, distance_sec: float = DISTANCE_SEC
) -> npt.NDArray[np.float64]:
    """When notes begin, in seconds, increasing.

    y: mono samples; threshold: 1 is a clear onset, lower finds more and invents more; distance_sec: two onsets are at
    least so far apart. Empty for silence.
    """
    envelope = onset_envelope(y, sr)
    peaks = pick_peaks(np.pad(envelope, 1), threshold, round(distance_sec * sr / HOP_LENGTH)) - 1
    return peaks.astype(np.float64) * (HOP_LENGTH / sr)


def _magnitudes(sound: PassingSound, n_fft: int, hop_length: int, *, overlap: int) -> Iterator[Array]:
    """Magnitudes of centred Hann frames, shape (n_frames, 1 + n_fft // 2), a bounded number of frames at a time.

    Each block begins with the last `overlap` frames of the one before it, the first with as many of silence.
    """
    window = np.hanning(n_fft + 1)[:-1].astype(np.float32)
    first, is_last = -overlap, False
    while not is_last:
        last = first + overlap + _FRAMES_AT_ONCE
        part = sound.stretch(first * hop_length - n_fft // 2, (last - 1) * hop_length + n_fft // 2)
        if sound.has_ended:
            n_frames = 1 + sound.n_samples // hop_length
            is_last, last = last >= n_frames, min(last, n_frames)
        part = np.pad(part, (0, max(0, (last - first - 1) * hop_length + n_fft - len(part))))
        frames = np.lib.stride_tricks.sliding_window_view(part, n_fft)[::hop_length][: last - first]
        yield np.abs(np.fft.rfft(frames * window, axis=1))
        first = last - overlap


def _bands(sr: int, n_fft: int) -> Array:
    """Triangular bands, evenly spaced on a logarithmic scale: shape (1 + n_fft // 2, n_bands)."""
    highest_hz = min(_HIGHEST_HZ, 0.45 * sr)
    n_centres = int(_BANDS_PER_OCTAVE * np.log2(highest_hz / _LOWEST_HZ))
    centres_hz = _LOWEST_HZ * 2 ** (np.arange(n_centres) / _BANDS_PER_OCTAVE)
    bins = np.unique(np.round(centres_hz * n_fft / sr)).astype(float)
    at = np.arange(1 + n_fft // 2)[:, np.newaxis]
    left, middle, right = bins[:-2], bins[1:-1], bins[2:]
    bands: Array = np.clip(np.minimum((at - left) / (middle - left), (right - at) / (right - middle)), 0, None)
    return bands


def accent_envelope(envelope: Array, frames_per_sec: float) -> Array:
    """Every onset as a small bump: its height is its strength times its length, in usual lengths (the median).

    The length of a note is the time to the next onset. Without two onsets the envelope comes back as it is.
    """
    peaks = pick_peaks(envelope, _ACCENT_THRESHOLD, round(_ACCENT_DISTANCE_SEC * frames_per_sec))
    if len(peaks) < 2:
        return envelope
    lengths = np.diff(peaks).astype(float)
    usual = float(np.median(lengths))
    lengths = np.append(lengths, usual) / usual
    accents = np.zeros(len(envelope))
    accents[peaks] = np.minimum(envelope[peaks], _LOUDEST_ACCENT) * np.minimum(lengths, _LONGEST_ACCENT)
    width = _ACCENT_WIDTH_SEC * frames_per_sec
    return np.asarray(gaussian_filter1d(accents, width) * width * np.sqrt(2 * np.pi))
