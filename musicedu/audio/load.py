"""Sound from files: WAV, FLAC, OGG, MP3 and AIFF, of any rate and number of channels, whole or block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from musicedu.audio.decode import SoundSource, clock
from musicedu.audio.filters import resampled_chunks
from musicedu.audio.mixing import Sound
from musicedu.errors import FileProblem

LONGEST_SEC = 3600.0
_SILENT = 1e-4  # 80 dB below full scale
_BLOCKS_SEC = (0.01, 600.0)
_MOST_SAMPLES = 500_000_000  # 2 GB
_SPARE = 64  # samples, by which resampling may be longer than it was reckoned


@dataclass(frozen=True, eq=False)
class Recording:
    """Sound from a file.

    y: float32 from -1 to 1, of shape (n_samples,) if mono, else (n_channels, n_samples); sr: hertz; onset_sec: where
    in the file it begins; clipped_share: of its samples in the file, those cut off at full scale (0 to 1).
    """

    y: Sound
    sr: int
    onset_sec: float = 0.0
    clipped_share: float = 0.0

    @property
    def duration_sec(self) -> float:
        return float(self.y.shape[-1] / self.sr)

    @property
    def n_channels(self) -> int:
        return 1 if self.y.ndim == 1 else int(self.y.shape[0])

    @property
    def peak(self) -> float:
        """The largest absolute value of a sample."""
        return float(np.max(np.abs(self.y), initial=0.0))

    @property
    def is_silent(self) -> bool:
        """Nothing in it is louder than 80 dB below full scale."""
        return self.peak < _SILENT

    @property
    def is_clipped(self) -> bool:
        """More than one sample in ten thousand was cut off at full scale."""
        return self.clipped_share > 1e-4


def load_audio(
    path: str | Path,
    *,
    sr: int | None = None,
    mono: bool = True,
    offset_sec: float = 0.0,
    duration_sec: float | None = None,
    max_duration_sec: float = LONGEST_SEC,
    allow_truncated: bool = False,
) -> Recording:
    """Read a sound file, or a part of it, into memory.

    sr: hertz to resample to, None for the file's own; mono: the mean of all channels; offset_sec, duration_sec: the
    part wanted; max_duration_sec: longer sound is refused before it is read.

    Raises `FileProblem` in one line for a file that is missing, a folder, empty, no sound (a video, say), damaged,
    cut short (unless `allow_truncated`), too long, of more than 2 GB in memory, or with samples that are no numbers;
    `ValueError` for arguments out of range. Silence and clipping are no faults: `is_silent`, `is_clipped` tell.
    """
    _refuse_part(offset_sec, duration_sec)
    source = SoundSource(path, allow_truncated=allow_truncated)
    wanted_sec = max(0.0, source.duration_sec - offset_sec)
    wanted_sec = wanted_sec if duration_sec is None else min(wanted_sec, duration_sec)
    if wanted_sec > max_duration_sec:
        raise FileProblem(
            f"lasts {clock(wanted_sec)}, and at most {clock(max_duration_sec)} are loaded at once",
            where=str(path),
            remedy="Ask for a part with offset_sec and duration_sec, or read it in blocks with stream_audio",
        )
    out_sr, n_channels = sr or source.sr, 1 if mono else source.n_channels
    n_samples = int(wanted_sec * out_sr) + _SPARE
    if n_samples * n_channels > _MOST_SAMPLES:
        raise FileProblem(
            f"has {n_samples * n_channels / 1e6:.0f} million samples, and at most {_MOST_SAMPLES / 1e6:.0f} are loaded",
            where=str(path),
            remedy="Ask for a lower sr, for mono or for a part, or read it in blocks with stream_audio",
        )
    y, n_read = np.empty((n_channels, n_samples), dtype=np.float32), 0
    for chunk in _chunks(source, sr, mono, offset_sec, duration_sec):
        part = chunk.T[:, : n_samples - n_read]
        y[:, n_read : n_read + part.shape[1]] = part
        n_read += part.shape[1]
    clipped_share = source.n_clipped / max(source.n_read, 1)
    return Recording(y[0, :n_read] if mono else y[:, :n_read], out_sr, offset_sec, clipped_share)


def stream_audio(
    path: str | Path,
    *,
    block_sec: float = 10.0,
    sr: int | None = None,
    mono: bool = True,
    offset_sec: float = 0.0,
    duration_sec: float | None = None,
    allow_truncated: bool = False,
) -> Iterator[Recording]:
    """Read a sound file of any length block by block: no more than a block is held in memory.

    block_sec: of each block, 0.01 to 600; the last may be shorter. Joined, the blocks are what `load_audio` gives;
    its other arguments and faults hold here too, faults in the samples when their block is reached.
    """
    _refuse_part(offset_sec, duration_sec)
    if not _BLOCKS_SEC[0] <= block_sec <= _BLOCKS_SEC[1]:
        raise ValueError(f"block_sec must be from {_BLOCKS_SEC[0]} to {_BLOCKS_SEC[1]}, not {block_sec}")
    source = SoundSource(path, allow_truncated=allow_truncated)
    return _blocks(source, block_sec, sr, mono, offset_sec, duration_sec)


def _blocks(
    source: SoundSource, block_sec: float, sr: int | None, mono: bool, offset_sec: float, duration_sec: float | None
) -> Iterator[Recording]:
    out_sr = sr or source.sr
    n_block = round(block_sec * out_sr)
    held: list[Sound] = []
    n_held = n_done = n_clipped = n_read = 0
    share = 0.0
    for chunk in _chunks(source, sr, mono, offset_sec, duration_sec, longest=round(block_sec * source.sr)):
        held, n_held = [*held, chunk], n_held + len(chunk)
        while n_held >= n_block:
            joined = np.concatenate(held)
            if source.n_read > n_read:  # else the rest of a chunk that was looked at before
                share = (source.n_clipped - n_clipped) / (source.n_read - n_read)
                n_clipped, n_read = source.n_clipped, source.n_read
            yield _recording([joined[:n_block]], out_sr, offset_sec + n_done / out_sr, share, mono)
            held, n_held, n_done = [joined[n_block:]], n_held - n_block, n_done + n_block
    if n_held:
        if source.n_read > n_read:
            share = (source.n_clipped - n_clipped) / (source.n_read - n_read)
        yield _recording(held, out_sr, offset_sec + n_done / out_sr, share, mono)


def _chunks(
    source: SoundSource,
    sr: int | None,
    mono: bool,
    offset_sec: float,
    duration_sec: float | None,
    *,
    longest: int = 1 << 14,
) -> Iterator[Sound]:
    """Chunks of shape (n_frames, n_channels): mixed down before they are resampled, which costs less."""
    chunks = source.chunks(offset_sec, duration_sec, longest=longest)
    if mono and source.n_channels > 1:
        chunks = (chunk.mean(axis=1, keepdims=True) for chunk in chunks)
    n_channels = 1 if mono else source.n_channels
    return resampled_chunks(chunks, source.sr, sr or source.sr, n_channels)


def _recording(chunks: list[Sound], sr: int, onset_sec: float, clipped_share: float, mono: bool) -> Recording:
    y = np.concatenate(chunks) if chunks else np.zeros((0, 1), dtype=np.float32)
    return Recording(y[:, 0] if mono else np.ascontiguousarray(y.T), sr, onset_sec, clipped_share)


def _refuse_part(offset_sec: float, duration_sec: float | None) -> None:
    if offset_sec < 0 or (duration_sec is not None and duration_sec <= 0):
        raise ValueError(f"offset_sec must be 0 or more and duration_sec above 0, not {offset_sec} and {duration_sec}")
