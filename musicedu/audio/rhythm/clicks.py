"""Clicks over a recording: times made audible."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from musicedu.audio.mixing import PEAK, Sound

HIGH_HZ, LOW_HZ = 1500.0, 400.0
_LENGTH_SEC, _DECAY_SEC = 0.06, 0.012


def with_clicks(
    y: npt.NDArray[np.floating],
    sr: int,
    times_sec: Sequence[float] | npt.NDArray[np.floating],
    *,
    pitch_hz: float = HIGH_HZ,
    volume: float = 0.5,
) -> Sound:
    """The sound with a click at every one of some times: float32 mono, as long as before, peak at most 0.89.

    volume: of a click beside the loudest sample of the sound. Times outside the sound are left out.
    """
    at_sec = np.arange(round(_LENGTH_SEC * sr)) / sr
    click = np.sin(2 * np.pi * pitch_hz * at_sec) * np.exp(-at_sec / _DECAY_SEC)
    loudest = float(np.max(np.abs(y), initial=0.0)) or 1.0
    heard = np.pad(np.asarray(y, dtype=np.float64), (0, len(click)))
    for time_sec in times_sec:
        first = round(float(time_sec) * sr)
        if 0 <= first < len(y):
            heard[first : first + len(click)] += volume * loudest * click
    heard = heard[: len(y)]
    return np.asarray(heard * (PEAK / max(float(np.max(np.abs(heard), initial=0.0)), PEAK)), dtype=np.float32)
