"""A recording as a row of short frames, each described by a few numbers: what `musicedu.audio.summary` averages.

All descriptors of a frame come from one Fourier transform of it, which is most of the work; long recordings are taken
in blocks of frames, so that memory stays small. Frames are centred on multiples of the hop, as librosa's are.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import fft

from musicedu.audio.mixing import Sound

N_FFT, HOP_LENGTH = 2048, 512
N_MFCC, N_MELS = 13, 128
_BLOCK = 512  # frames at a time
_SILENT_POWER = 1e-10  # 100 dB below full scale
_ROLLOFF = 0.85
_LOWEST_HZ, _HIGHEST_HZ = 55.0, 5000.0  # between which harmonics tell the pitch class
_MEL_BREAK_HZ, _MEL_STEP_HZ, _MEL_OCTAVE = 1000.0, 200 / 3, np.log(6.4) / 27

Floats = npt.NDArray[np.floating]


def describe_frames(y: Sound, sr: int) -> dict[str, Floats]:
    """Descriptors of every frame by name: (n_frames,), or (n_frames, n_columns) for `mfcc` and `chroma`.

    y: mono, at least one sample; sr: hertz. `level_db` is the root mean square in decibels below full scale, `mfcc`
    (13 columns; Davis and Mermelstein 1980) the cosine transform of the mel spectrum in decibels, `chroma` (12 columns,
    C first) the share of each pitch class in the power between 55 and 5,000 Hz, `spectral_flux` the mean rise of the
    mel bands in decibels since the frame before. Centroid, bandwidth and 85 % rolloff are hertz, from magnitudes.
    """
    if y.ndim != 1 or not len(y):
        raise ValueError(f"y must be mono and hold a sample, not of shape {y.shape}")
    blocks: list[dict[str, Floats]] = []
    before: Floats | None = None
    for frames in _framed(y):
        described, before = _describe_block(frames, sr, before)
        blocks.append(described)
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _framed(y: Sound) -> Iterator[Sound]:
    padded = np.pad(y, N_FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP_LENGTH]
    for first in range(0, len(frames), _BLOCK):
        yield frames[first : first + _BLOCK]


def _describe_block(frames: Sound, sr: int, before: Floats | None) -> tuple[dict[str, Floats], Floats]:
    window = _window()
    magnitude = np.abs(fft.rfft(frames * window, axis=1))
    power = magnitude**2
    mel_db = 10 * np.log10(np.maximum(power @ _mel_bands(sr).T, _SILENT_POWER))
    earlier = np.vstack([mel_db[:1] if before is None else before, mel_db[:-1]])
    rms = np.sqrt(np.mean(np.square(frames), axis=1))
    described = {
        "mfcc": fft.dct(mel_db, axis=1, norm="ortho")[:, :N_MFCC],
        "chroma": _shares(power @ _pitch_class_bands(sr).T),
        "level_db": 20 * np.log10(np.maximum(rms, _SILENT_POWER**0.5)),
        "zero_crossing_rate": _zero_crossing_rate(frames),
        "spectral_flux": np.maximum(mel_db - earlier, 0).mean(axis=1),
        "spectral_flatness": _flatness(power),
        **_shape(magnitude, np.linspace(0, sr / 2, N_FFT // 2 + 1, dtype=np.float32)),
    }
    return described, mel_db[-1:]


def _shape(magnitude: Floats, bins_hz: Floats) -> dict[str, Floats]:
    share = _shares(magnitude)
    centroid = share @ bins_hz
    spread = share @ bins_hz**2 - centroid**2
    reached = np.cumsum(share, axis=1) >= _ROLLOFF * share.sum(axis=1, keepdims=True)
    return {
        "spectral_centroid_hz": centroid,
        "spectral_bandwidth_hz": np.sqrt(np.maximum(spread, 0)),
        "spectral_rolloff_hz": bins_hz[np.argmax(reached, axis=1)],
    }


def _shares(rows: Floats) -> Floats:
    """Each row divided by its sum; a silent row is all 0."""
    total = rows.sum(axis=1, keepdims=True)
    shares: Floats = rows / np.where(total > _SILENT_POWER, total, 1)
    return np.where(total > _SILENT_POWER, shares, 0)


def _flatness(power: Floats) -> Floats:
    floored = np.maximum(power, _SILENT_POWER)
    flatness: Floats = np.exp(np.log(floored).mean(axis=1)) / floored.mean(axis=1)
    return flatness


def _zero_crossing_rate(frames: Sound) -> Floats:
    negative = np.signbit(frames)
    rate: Floats = np.count_nonzero(negative[:, 1:] != negative[:, :-1], axis=1) / N_FFT
    return rate


@lru_cache(maxsize=1)
def _window() -> Sound:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)).astype(np.float32)


@lru_cache(maxsize=8)
def _mel_bands(sr: int) -> Floats:
    """Triangles of equal area, evenly spaced in mel (Slaney 1998, Auditory Toolbox): (N_MELS, n_bins)."""
    top_hz = sr / 2
    top = _MEL_BREAK_HZ / _MEL_STEP_HZ + np.log(top_hz / _MEL_BREAK_HZ) / _MEL_OCTAVE
    top = top if top_hz > _MEL_BREAK_HZ else top_hz / _MEL_STEP_HZ
    mels = np.linspace(0, top, N_MELS + 2)
    above = mels - _MEL_BREAK_HZ / _MEL_STEP_HZ
    corners = np.where(above > 0, _MEL_BREAK_HZ * np.exp(above * _MEL_OCTAVE), mels * _MEL_STEP_HZ)
    bins = np.linspace(0, top_hz, N_FFT // 2 + 1)
    rising = (bins - corners[:-2, None]) / np.diff(corners)[:-1, None]
    falling = (corners[2:, None] - bins) / np.diff(corners)[1:, None]
    bands = np.maximum(0, np.minimum(rising, falling)) * (2 / (corners[2:] - corners[:-2]))[:, None]
    return bands.astype(np.float32)


@lru_cache(maxsize=8)
def _pitch_class_bands(sr: int) -> Floats:
    """Which Fourier bin counts for which pitch class, the nearest of A4 = 440 Hz: (12, n_bins)."""
    bins = np.linspace(0, sr / 2, N_FFT // 2 + 1)
    heard = (bins >= _LOWEST_HZ) & (bins <= _HIGHEST_HZ)
    pitch = np.round(69 + 12 * np.log2(np.maximum(bins, 1) / 440)).astype(int)
    return ((pitch % 12 == np.arange(12)[:, None]) & heard).astype(np.float32)
