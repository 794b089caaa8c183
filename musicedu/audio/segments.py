"""Segments of a recording, laid out slot by slot like those of a score, so that they can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import librosa
import numpy as np
from numpy.typing import NDArray

from musicedu.audio.spectrum import HOP_LENGTH, extract_mfcc, extract_spectrum

Floats = NDArray[np.float64]

SLOTS_PER_MEASURE = 16
N_MFCC = 13

_SILENT = 1e-5


def extract_segments(
    y: NDArray[np.floating],
    sr: int,
    boundaries_sec: Sequence[float],
    *,
    feature: str = "chroma",
    n_slots: int = SLOTS_PER_MEASURE,
) -> Floats:
    """What is heard between every two neighbouring boundaries: (n_segments, n_slots, n_features), slots of length 1.

    feature: `chroma`, the energy of the twelve pitch classes (which note), or `mfcc`, 12 coefficients without the
    loudness (which sound); both less their mean over the piece, so that neither a steady noise nor what all slots
    share makes them alike. A slot that is as the mean holds zeros.
    """
    if feature not in ("chroma", "mfcc"):
        raise ValueError(f"feature must be 'chroma' or 'mfcc', not {feature!r}")
    if len(boundaries_sec) < 2:
        raise ValueError(f"segments need 2 boundaries or more, not {len(boundaries_sec)}")
    frames = _chroma(y, sr) if feature == "chroma" else _mfcc(y, sr)
    edges = np.concatenate([np.linspace(a, b, n_slots, endpoint=False) for a, b in pairwise(boundaries_sec)])
    edges = np.append(edges, boundaries_sec[-1])
    places = np.clip(np.rint(edges * sr / HOP_LENGTH).astype(np.int64), 0, frames.shape[1] - 1)
    slots = np.stack([frames[:, a : max(b, a + 1)].mean(axis=1) for a, b in pairwise(places)])
    lengths = np.linalg.norm(slots, axis=1, keepdims=True)
    unit = np.divide(slots, lengths, out=np.zeros_like(slots), where=lengths > 1e-9)
    return np.asarray(unit.reshape(len(boundaries_sec) - 1, n_slots, -1), dtype=np.float64)


def _chroma(y: NDArray[np.floating], sr: int) -> Floats:
    if np.abs(y).max(initial=0.0) < _SILENT:  # in which librosa finds no tuning
        return np.zeros((12, 1 + len(y) // HOP_LENGTH))
    energy = librosa.feature.chroma_cqt(y=np.asarray(y), sr=sr, hop_length=HOP_LENGTH, norm=2)
    return _centred(energy)


def _mfcc(y: NDArray[np.floating], sr: int) -> Floats:
    return _centred(extract_mfcc(extract_spectrum(np.asarray(y), sr), n_mfcc=N_MFCC).values[1:])


def _centred(frames: NDArray[np.floating]) -> Floats:
    return np.asarray(frames - frames.mean(axis=1, keepdims=True), dtype=np.float64)
