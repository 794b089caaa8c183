"""How strongly a note seems to begin, moment by moment.

Spectral flux: the rise of each band's loudness since two frames ago, added up over the bands. A band is compared with
the loudest of itself and its neighbours then, so that a vibrato, which only moves the sound to the band next door, is
no beginning (SuperFlux: Böck and Widmer 2013).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from musicedu.audio.periodicity import HOP_LENGTH, SR, Samples
from musicedu.audio.resample import resample
from musicedu.audio.spectrum import extract_spectrum

Floats = npt.NDArray[np.float64]

_N_FFT = 1024
_LAG = 2  # frames
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 8000.0
_COMPRESSION = 100.0
_CLEAR_ATTACK = 8.0  # the flux of an attack that leaves no doubt


def extract_attacks(y: Samples, sr: int) -> Floats:
    """How clearly a note begins, at the frames of `musicedu.audio.periodicity`: shape (n_frames,).

    0: not at all; 1 and more: without doubt. What is there all the time (the median) counts as nothing: noise has no
    attacks. y: mono, shape (n_samples,); sr: hertz.
    """
    spectrum = extract_spectrum(
        resample(np.asarray(y, dtype=np.float32), sr, SR), SR, n_fft=_N_FFT, hop_length=HOP_LENGTH
    )
    bands = spectrum.values.astype(np.float64).T @ _bands().T
    loud = np.percentile(bands.max(axis=1), 95)
    if loud <= 0:
        return np.zeros(len(bands))
    loudness = np.log1p(_COMPRESSION * bands / loud)
    sides = np.pad(loudness, ((0, 0), (1, 1)))
    widest = np.maximum(loudness, np.maximum(sides[:, :-2], sides[:, 2:]))
    flux = np.zeros(len(bands))
    flux[_LAG // 2 : -_LAG // 2] = np.maximum(loudness[_LAG:] - widest[:-_LAG], 0).sum(axis=1)
    strength: Floats = np.maximum(flux - np.median(flux), 0) / _CLEAR_ATTACK
    return strength


@lru_cache(maxsize=1)
def _bands() -> Floats:
    """Triangles a semitone apart, lower down a row of the spectrum apart, each of sum 1: (n_bands, n_rows)."""
    rows = np.arange(_N_FFT // 2 + 1) * SR / _N_FFT
    corners = [_LOWEST_HZ]
    for semitone in range(1, int(12 * np.log2(_HIGHEST_HZ / _LOWEST_HZ)) + 1):
        corner = _LOWEST_HZ * 2 ** (semitone / 12)
        if corner - corners[-1] >= SR / _N_FFT:
            corners.append(corner)
    low, middle, high = (np.array(corners[k : len(corners) - 2 + k])[:, None] for k in range(3))
    triangles = np.maximum(np.minimum((rows - low) / (middle - low), (high - rows) / (high - middle)), 0)
    bands: Floats = triangles / np.maximum(triangles.sum(axis=1, keepdims=True), 1e-9)
    return bands
