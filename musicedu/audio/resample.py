"""Another sample rate for the same sound, with everything above the new Nyquist frequency removed first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import soxr

from musicedu.audio.mixing import Sound


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
