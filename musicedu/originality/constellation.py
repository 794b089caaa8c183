"""Constellations: where in a sound new energy begins, and the hashes of three such stars.

A star is a moment and a semitone at which the sound grows most. Three stars make a hash of their semitones and of where
the second lies between the first and the third, so that neither loudness nor tempo changes it. Stars and pairs of them
are those of Wang (2003); that a third makes the time relative is taken from quad-based fingerprints (Sonnleitner and
Widmer 2016). Unlike both, stars stand where the energy rises, not where it is greatest: a held note has no one loudest
moment, but it has a beginning.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter
from scipy.signal import resample_poly, stft

SR = 11_025
N_FFT, HOP_LENGTH = 2048, 256
LOWEST_PITCH, N_BANDS = 45, 60
STARS_PER_SEC = 10
TARGETS = 6
"""How many later stars each star is joined with, in all pairs."""
NEAREST, FARTHEST = 3, 95
"""Frames between the first star of a hash and the others, least and most."""
RATIO_STEPS = 16
N_HASHES = RATIO_STEPS * 64**3

_COMPRESSION = 1.0
_RISE_FRAMES = 4
_NEIGHBOUR_BANDS, _NEIGHBOUR_FRAMES = 3, 5

Ints = NDArray[np.int64]
Floats = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Stars:
    """frames, bands: (n,) when (in hops) and which semitone, in order of time; strengths: (n,) how much it grew."""

    frames: Ints
    bands: Ints
    strengths: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Hashes:
    """values: (n,) from 0 to `N_HASHES`; frames: (n,) of the first star; spans: (n,) frames from first to third."""

    values: Ints
    frames: Ints
    spans: Ints


def frames_to_sec(frames: float) -> float:
    """How many seconds so many frames last."""
    return frames * HOP_LENGTH / SR


def find_stars(y: Floats, sr: int) -> Stars:
    """The stars of a mono sound, at most `STARS_PER_SEC` a second; none for silence.

    y: (n_samples,); sr: hertz, a whole number; `ValueError` if the sound is not one row of finite samples.
    """
    rise = _rise(semitone_spectrogram(y, sr))
    if not rise.size or not rise.any():
        return Stars(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    around = maximum_filter(rise, size=(_NEIGHBOUR_BANDS, _NEIGHBOUR_FRAMES), mode="constant")
    bands, frames = np.nonzero((rise == around) & (rise > 0))
    strengths = rise[bands, frames]
    n_kept = max(1, round(STARS_PER_SEC * frames_to_sec(rise.shape[1])))
    kept = np.argsort(-strengths, kind="stable")[:n_kept]
    kept = kept[np.lexsort((bands[kept], frames[kept]))]
    return Stars(frames[kept], bands[kept], strengths[kept])


def semitone_spectrogram(y: Floats, sr: int) -> NDArray[np.float64]:
    """The loudness of every semitone from A2 up over time, compressed: (N_BANDS, n_frames), `HOP_LENGTH` at `SR` apart.

    It is log(1 + x), x being the magnitude beside the sound's own: how loud the recording is changes nothing.
    """
    if y.ndim != 1 or not np.all(np.isfinite(y)):
        raise ValueError("y must be one row of finite samples")
    if sr != SR:
        y = resample_poly(y, SR, sr)
    loudness = float(np.sqrt(np.mean(np.square(y)))) if len(y) else 0.0
    if len(y) < N_FFT or loudness == 0:
        return np.zeros((N_BANDS, 0))
    _, _, spectrum = stft(y, SR, nperseg=N_FFT, noverlap=N_FFT - HOP_LENGTH, boundary=None, padded=False)
    magnitude = np.sqrt(_bands() @ np.abs(spectrum) ** 2)
    return np.asarray(np.log1p(_COMPRESSION * magnitude / loudness))


@lru_cache(maxsize=1)
def _bands() -> NDArray[np.float64]:
    """What every FFT bin gives to every semitone: all at its centre, nothing a semitone away."""
    hertz = np.arange(N_FFT // 2 + 1) * SR / N_FFT
    pitch = 69 + 12 * np.log2(np.maximum(hertz, 1) / 440)
    width = np.maximum(1.0, 12 * np.log2(1 + 0.75 * SR / N_FFT / np.maximum(hertz, 1)))  # a bin at least
    bands = LOWEST_PITCH + np.arange(N_BANDS)
    return np.asarray(np.maximum(0, 1 - np.abs(pitch[None] - bands[:, None]) / width[None]))


def _rise(spectrogram: NDArray[np.float64]) -> NDArray[np.float64]:
    """By how much each semitone is louder than it or its neighbours were a moment before; 0 where it is not."""
    if spectrogram.shape[1] <= _RISE_FRAMES:
        return np.zeros((N_BANDS, 0))
    before = maximum_filter(spectrogram[:, :-_RISE_FRAMES], size=(3, 1), mode="nearest")
    rise = np.zeros_like(spectrogram)
    rise[:, _RISE_FRAMES:] = np.maximum(0, spectrogram[:, _RISE_FRAMES:] - before)
    return rise


def hash_stars(stars: Stars) -> Hashes:
    """The hashes of all triples in which a star is joined with the strongest of those that follow it."""
    values, frames, spans = [], [], []
    for index in range(len(stars.frames)):
        low, high = np.searchsorted(stars.frames, stars.frames[index] + np.array([NEAREST, FARTHEST]))
        targets = low + np.argsort(-stars.strengths[low:high], kind="stable")[:TARGETS]
        second, third = (ends.ravel() for ends in np.meshgrid(targets, targets, indexing="ij"))
        ordered = stars.frames[third] - stars.frames[second] >= NEAREST
        second, third = second[ordered], third[ordered]
        span = stars.frames[third] - stars.frames[index]
        ratio = np.rint((stars.frames[second] - stars.frames[index]) / np.maximum(span, 1) * RATIO_STEPS)
        values.append(hash_value(stars.bands[index], stars.bands[second], stars.bands[third], ratio.astype(np.int64)))
        frames.append(np.full(len(span), stars.frames[index]))
        spans.append(span)
    empty = [np.empty(0, np.int64)]
    return Hashes(np.concatenate(empty + values), np.concatenate(empty + frames), np.concatenate(empty + spans))


def hash_of_stars(first: tuple[int, int], second: tuple[int, int], third: tuple[int, int]) -> int:
    """The hash of three stars, each as (frame, semitone) and in order of time."""
    ratio = round(RATIO_STEPS * (second[0] - first[0]) / max(third[0] - first[0], 1))
    return int(hash_value(first[1], second[1], third[1], ratio))


def hash_value(first: Ints | int, second: Ints | int, third: Ints | int, ratio: Ints | int) -> Ints:
    """Three semitones and a ratio in sixteenths (0 to 15) as one number."""
    return np.asarray(((ratio * 64 + first) * 64 + second) * 64 + third)
