"""Letting some frequencies through and holding others back."""

from __future__ import annotations

import numpy as np
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
