"""A recording as a row of short frames, each described by a few numbers: what `musicedu.audio.summary` averages.

The descriptors are those of `musicedu.audio.spectrum`, all from one transform; long recordings are taken in blocks of
frames, so that an hour needs no more memory than a minute.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.fft import dct

from musicedu.audio import spectrum as spectral
from musicedu.audio.mixing import Sound
from musicedu.audio.passing import PassingSound
from musicedu.audio.spectrum import HOP_LENGTH, N_FFT

N_MFCC = 13
_MARGIN = N_FFT // HOP_LENGTH  # frames at a cut that see sound beyond it
_BLOCK = 1024  # frames at a time
_SILENT_POWER = 1e-10  # 100 dB below full scale

Floats = npt.NDArray[np.floating]


def describe_frames(y: Sound, sr: int) -> dict[str, Floats]:
    """Descriptors of every frame by name: (n_frames,), or (n_columns, n_frames) for `mfcc` and `chroma`.

    y: mono, at least one sample; sr: hertz. `level_db` is the root mean square in decibels below full scale;
    `spectral_flux` the mean rise of the mel bands in decibels since the frame before; `chroma` the share of each pitch
    class in the power of all. Unlike in `extract_mfcc`, decibels go down to 100 below full scale and not to 80 below
    the loudest moment, so that no frame depends on another.
    """
    if y.ndim != 1 or not len(y):
        raise ValueError(f"y must be mono and hold a sample, not of shape {y.shape}")
    return describe_passing_frames(PassingSound([y]), sr)


def describe_passing_frames(sound: PassingSound, sr: int) -> dict[str, Floats]:
    """The same of sound that is not held in memory."""
    blocks: list[dict[str, Floats]] = []
    before: Floats | None = None
    for part, first, last in _blocks(sound):
        block = _describe_block(part, sr, first, last)
        mel_db = block.pop("mel_db")
        rises = np.maximum(np.diff(mel_db, axis=1, prepend=mel_db[:, :1] if before is None else before), 0)
        mfcc, before = dct(mel_db, axis=0, norm="ortho")[:N_MFCC].copy(), mel_db[:, -1:].copy()
        blocks.append({**block, "spectral_flux": rises.mean(axis=0), "mfcc": mfcc})
    # Each block is let go of as it is joined: an hour has a hundred and fifty thousand frames.
    return {name: np.concatenate([block.pop(name) for block in blocks], axis=-1) for name in list(blocks[0])}


def _blocks(sound: PassingSound) -> Iterator[tuple[Sound, int, int]]:
    """Parts of the sound, and which of the frames of each are counted: those that see nothing of a cut."""
    first, is_last = 0, False
    while not is_last:
        last, begin = first + _BLOCK, max(0, first - _MARGIN)
        part = sound.stretch(begin * HOP_LENGTH, (last + _MARGIN) * HOP_LENGTH)
        if sound.has_ended:
            n_frames = 1 + sound.n_samples // HOP_LENGTH
            is_last, last = last >= n_frames, min(last, n_frames)
        yield part, first - begin, last - begin
        first = last


def _describe_block(y: Sound, sr: int, first: int, last: int) -> dict[str, Floats]:
    spectrum = spectral.extract_spectrum(y, sr)
    mel = spectral.extract_mel(spectrum).values
    chroma = spectral.extract_chroma(spectrum).values
    rms = spectral.extract_rms(y, sr).values
    described = {
        "level_db": 20 * np.log10(np.maximum(rms, _SILENT_POWER**0.5)),
        "zero_crossing_rate": spectral.extract_zero_crossings(y, sr).values,
        "spectral_centroid_hz": spectral.extract_centroid(spectrum).values,
        "spectral_bandwidth_hz": spectral.extract_bandwidth(spectrum).values,
        "spectral_rolloff_hz": spectral.extract_rolloff(spectrum).values,
        "spectral_flatness": spectral.extract_flatness(spectrum).values,
        "chroma": chroma / np.maximum(chroma.sum(axis=0), 1.0),  # the strongest is 1, or all are 0
        "mel_db": 10 * np.log10(np.maximum(mel, _SILENT_POWER)),
    }
    return {name: values[..., first:last].copy() for name, values in described.items()}
