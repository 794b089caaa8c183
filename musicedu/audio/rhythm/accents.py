"""Accents: onsets weighed by how long the note lasts, since long notes tend to fall on beats."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from musicedu.audio.rhythm.onsets import Array, pick_peaks

_THRESHOLD, _LOUDEST = 0.3, 1.5
_DISTANCE_SEC, _WIDTH_SEC = 0.05, 0.03
_LONGEST = 2.0  # a note counts at most as twice the usual


def accent_envelope(envelope: Array, frames_per_sec: float) -> Array:
    """Every onset as a small bump: its height is its strength times its length, in usual lengths (the median).

    The length of a note is the time to the next onset. Without two onsets the envelope comes back as it is.
    """
    peaks = pick_peaks(envelope, _THRESHOLD, round(_DISTANCE_SEC * frames_per_sec))
    if len(peaks) < 2:
        return envelope
    lengths = np.diff(peaks).astype(float)
    usual = float(np.median(lengths))
    lengths = np.append(lengths, usual) / usual
    accents = np.zeros(len(envelope))
    accents[peaks] = np.minimum(envelope[peaks], _LOUDEST) * np.minimum(lengths, _LONGEST)
    width = _WIDTH_SEC * frames_per_sec
    return np.asarray(gaussian_filter1d(accents, width) * width * np.sqrt(2 * np.pi))
