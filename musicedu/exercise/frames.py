"""Frames: where a key and a range lie in the signature without sharps or flats that the networks know.

In the frame a major key has its tonic on C, a minor one on A. A pitch there is an index, 0 for the lowest.
"""

from __future__ import annotations

import numpy as np

from musicedu.encoding.vocabulary import HIGHEST_PITCH, LOWEST_PITCH, N_PITCHES, Frame
from musicedu.generation.rules import Mask
from musicedu.melody import Key
from musicedu.pitch import Spelling

PITCH_CLASSES = (LOWEST_PITCH + np.arange(N_PITCHES)) % 12
_LETTER_OF_PITCH_CLASS = {0: 0, 2: 1, 4: 2, 5: 3, 7: 4, 9: 5, 11: 6}

LETTERS = np.array(
    [
        7 * ((LOWEST_PITCH + index) // 12) + _LETTER_OF_PITCH_CLASS.get(int(pitch_class), -10_000)
        for index, pitch_class in enumerate(PITCH_CLASSES)
    ]
)
"""The staff position of every natural in the frame; far below 0 for the notes between."""

NATURALS: Mask = LETTERS >= 0
"""Which pitches of the frame belong to the signature."""


def frame_for(key: Key, lowest: Spelling, highest: Spelling) -> Frame:
    """The frame in which a range of a key lies as near the middle as it can."""
    wanted = (7 * key.fifths) % 12
    middle = (lowest.pitch + highest.pitch) / 2 - (LOWEST_PITCH + HIGHEST_PITCH) / 2
    return Frame(key, wanted + 12 * round((middle - wanted) / 12))


def inside(frame: Frame, lowest: int, highest: int) -> Mask:
    """Which pitches of the frame lie between two written MIDI pitches, both included."""
    written = LOWEST_PITCH + np.arange(N_PITCHES) + frame.shift
    inside_range: Mask = (written >= lowest) & (written <= highest)
    return inside_range


def degrees(key: Key) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The degree of the key (1 to 7) of every natural in the frame, 0 for the notes between."""
    tonic_letter = 5 if key.is_minor else 0
    of_letter = (LETTERS - tonic_letter) % 7 + 1
    return np.where(NATURALS, of_letter, 0)
