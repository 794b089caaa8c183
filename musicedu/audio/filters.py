"""Letting some frequencies through and holding others back; another sample rate for the same sound.

A new rate takes everything above its Nyquist frequency away first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import soxr
from scipy.signal import butter, sosfiltfilt

from musicedu.audio.mixing import Sound

_ORDER = 4
_EDGE_SEC = 0.05


def low_pass(y: Sound, sr: int, cutoff_hz: float) -> Sound:
    """The sound without what lies above `cutoff_hz`: 6 dB less there, and 48 dB less an octave higher.

    y: mono; the filter is a Butterworth of order 4, run forwards and backwards, so that nothing is delayed.
    `ValueError` for a cut-off that is not between 0 and `sr / 2`.
    """
    return _filtered(y, sr, cutoff_hz, "lowpass")


def high_pass(y: Sound, sr: int, cutoff_hz: float) -> Sound:
    """The sound without what lies below `cutoff_hz`, as `low_pass` does above."""
    return _filtered(y, sr, cutoff_hz, "highpass")


def _filtered(y: Sound, sr: int, cutoff_hz: float, kind: str) -> Sound:
    if not 0 < cutoff_hz < sr / 2:
        raise ValueError(f"cutoff_hz must lie between 0 and {sr / 2:g}, not {cutoff_hz:g}")
    if not len(y):
        return np.asarray(y, dtype=np.float32)
    sections = butter(_ORDER, cutoff_hz, kind, fs=sr, output="sos")
    filtered = sosfiltfilt(sections, y, padlen=min(len(y) - 1, round(_EDGE_SEC * sr)))
    return np.ascontiguousarray(filtered, dtype=np.float32)


def resample(y: Sound, sr: int, new_sr: int) -> Sound:
    """The sound at `new_sr` hertz: float32, time on the last axis, `ceil(n_samples * new_sr / sr)` samples.

    Band-limited by the SoX resampler (its setting HQ: the pass band ends at 0.91 of the new Nyquist frequency).
    `ValueError` for a rate that is not positive.
    """
    if min(sr, new_sr) <= 0:
        raise ValueError(f"sample rates must be more than 0 Hz, not {sr} and {new_sr}")
    y = np.asarray(y, dtype=np.float32)
    if sr == new_sr or y.shape[-1] == 0:
        return y
    n_samples = -(-y.shape[-1] * new_sr // sr)
    moved = np.moveaxis(soxr.resample(np.moveaxis(y, -1, 0), sr, new_sr), 0, -1)
    return _exactly(moved, n_samples)


def resampled_chunks(chunks: Iterable[Sound], sr: int, new_sr: int, n_channels: int) -> Iterator[Sound]:
    """Resample chunks of shape (n_frames, n_channels) as if they were one, without holding more than one of them."""
    if sr == new_sr:
        yield from chunks
        return
    resampler = soxr.ResampleStream(sr, new_sr, n_channels, dtype="float32")
    for chunk in chunks:
        yield resampler.resample_chunk(chunk)
    yield resampler.resample_chunk(np.zeros((0, n_channels), dtype=np.float32), last=True)


def _exactly(y: Sound, n_samples: int) -> Sound:
    missing = n_samples - y.shape[-1]
    padding = [(0, 0)] * (y.ndim - 1) + [(0, max(0, missing))]
    return np.ascontiguousarray(np.pad(y, padding)[..., :n_samples])
