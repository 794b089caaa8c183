"""A melody as a picture of switches: which pitch sounds in which step of time."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from musicedu.melody import Melody

Roll = NDArray[np.bool_]
N_PITCHES = 128


def piano_roll(melody: Melody, steps_per_quarter: int) -> Roll:
    """A row for each MIDI pitch and a column for each step: (128, n_steps), true where a note sounds.

    What does not fall on a step is moved to the nearest (the later of two as near), so a short note may vanish. Two
    notes of one pitch in a row and one long note give the same roll: see `onset_roll`.

    >>> piano_roll(Melody.from_text("C4:1 E4:2"), 2)[[60, 64]].astype(int).tolist()
    [[1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 1, 1]]
    """
    roll = _empty(melody, steps_per_quarter)
    for note in melody.notes:
        roll[note.pitch, _step(note.onset, steps_per_quarter) : _step(note.offset, steps_per_quarter)] = True
    return roll


def onset_roll(melody: Melody, steps_per_quarter: int) -> Roll:
    """The same table, true only where a note begins; together the two tell repeated notes from a long one."""
    roll = _empty(melody, steps_per_quarter)
    for note in melody.notes:
        roll[note.pitch, min(_step(note.onset, steps_per_quarter), roll.shape[1] - 1)] = True
    return roll


def off_grid(melody: Melody, steps_per_quarter: int) -> int:
    """How many notes begin or end between two steps."""
    times = [(note.onset * steps_per_quarter, note.offset * steps_per_quarter) for note in melody.notes]
    return sum(onset.denominator > 1 or offset.denominator > 1 for onset, offset in times)


def _empty(melody: Melody, steps_per_quarter: int) -> Roll:
    if steps_per_quarter < 1:
        raise ValueError(f"steps_per_quarter must be 1 or more, not {steps_per_quarter}")
    return np.zeros((N_PITCHES, max(1, _step(melody.duration, steps_per_quarter))), dtype=np.bool_)


def _step(time: Fraction, steps_per_quarter: int) -> int:
    return int(time * steps_per_quarter + Fraction(1, 2))
