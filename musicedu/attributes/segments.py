"""Segments of a melody, laid out so that two of them can be compared: what sounds in each slot of time.

Every slot is a vector of length 1 that says what sounds, so that the product of two segments, divided by the number of
slots, is the share of the time in which they sound alike. Sound is laid out the same way by `musicedu.audio.segments`.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from musicedu.grid import TICKS_PER_QUARTER, line_of
from musicedu.melody import Melody

Layout = Literal["steps", "pitch"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SILENT = -1000


def segment_slots(melody: Melody, n_measures: int = 1, layout: Layout = "steps") -> Floats:
    """What sounds in every segment of `n_measures`: (n_segments, n_slots, 8 or 13), 1 at what sounds or at silence.

    layout: `steps`, staff steps from the segment's first note, octaves disregarded, so that the same figure a step
    higher is the same (8 features); `pitch`, the pitch class (13 features). The last feature is silence.

    Slots are twelfths of a quarter note. Segments are as long as `n_measures` of the first metre and begin with the
    melody, so that after an upbeat each begins and ends with one. A last segment shorter than half is left out; a
    longer one is filled up with silence.
    """
    if n_measures < 1:
        raise ValueError(f"a segment has 1 measure or more, not {n_measures}")
    n_slots = int(n_measures * melody.metre.duration * TICKS_PER_QUARTER)
    if layout == "pitch":
        sounding = _sounding(melody, [note.pitch for note in melody.notes], n_slots)
        symbols = np.where(sounding == _SILENT, 12, sounding % 12)
        return np.asarray(np.eye(13)[symbols])
    sounding = _sounding(melody, [note.spelling.diatonic for note in melody.notes], n_slots)
    is_silent = sounding == _SILENT
    first = np.take_along_axis(sounding, is_silent.argmin(axis=1)[:, None], axis=1)
    return np.asarray(np.eye(8)[np.where(is_silent, 7, (sounding - first) % 7)])


def _sounding(melody: Melody, heights: list[int], n_slots: int) -> Ints:
    line = line_of(melody)
    n_segments, left = divmod(line.n_ticks, n_slots)
    n_segments += 2 * left >= n_slots
    slots = np.full(max(n_segments * n_slots, line.n_ticks), _SILENT)
    for onset, duration, height in zip(line.onsets.tolist(), line.durations.tolist(), heights, strict=True):
        slots[onset : onset + duration] = height
    return slots[: n_segments * n_slots].reshape(n_segments, n_slots)
