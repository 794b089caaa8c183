"""A voice that slides: tones that grow out of each other without an attack, as singers join them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicedu.audio.mixing import PEAK, Sound

_N_PARTIALS, _FADE_SEC = 10, 0.08


def slide(pitches: Sequence[int], *, tone_sec: float = 0.5, slide_sec: float = 0.2, sr: int = 22_050) -> Sound:
    """One tone after the other in one breath: float32 mono, `tone_sec` for each pitch (MIDI).

    The pitch slides to the next tone evenly, in semitones, during `slide_sec` around the moment at which that one is
    due; loudness stays as it is. Partials fall off as 1/k. `ValueError` without a pitch, or where slides overlap.
    """
    if not pitches or not 0 < slide_sec <= tone_sec:
        raise ValueError("slide needs a pitch, and a slide_sec above 0 and not longer than tone_sec")
    times_sec = np.arange(round(len(pitches) * tone_sec * sr)) / sr
    due_sec = tone_sec * np.arange(1, len(pitches))
    corners_sec = np.sort(np.concatenate([due_sec - slide_sec / 2, due_sec + slide_sec / 2]))
    line = np.interp(times_sec, corners_sec, np.repeat(pitches, 2)[1:-1]) if len(pitches) > 1 else pitches[0]
    turns = np.cumsum(440 * 2 ** ((np.broadcast_to(line, times_sec.shape) - 69) / 12)) / sr
    y = sum(np.sin(2 * np.pi * k * turns) / k for k in range(1, _N_PARTIALS + 1))
    y *= np.clip(np.minimum(times_sec, times_sec[-1] - times_sec) / _FADE_SEC, 0, 1)
    return np.asarray(PEAK * y / np.max(np.abs(y)), dtype=np.float32)
