"""How much a run of notes says: the bits that a listener who knows tunes, and this one so far, would not have guessed.

A scale says little, since after three steps up a fourth is expected; so does a figure that goes on through the scale
(broken thirds, a finger exercise), once it has come round. The bits of a note are those of its move on the staff after
the three moves before it, and of its value after the two before it, as counted in tunes. A figure of up to
`LONGEST_FIGURE` notes that has gone on for `n` notes is believed to go on with probability n / (n + 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.melody import Melody

LONGEST_FIGURE = 16  # notes after which a figure may begin again
WIDEST = 4  # staff steps; a wider move counts as this one
_RATIOS = np.log2([1 / 4, 1 / 3, 1 / 2, 2 / 3, 1, 3 / 2, 2, 3, 4])  # of a value to the one before
_N_MOVES, _N_VALUES = 2 * WIDEST + 1, len(_RATIOS)
_SAME_VALUE = 4  # the row of 1 in `_RATIOS`
_DOUBT = 2.0  # notes that a longer context must have been met before it counts half

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Counts = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class TuneMoves:
    """What follows what in tunes: moves (9, 9, 9, 9) counts moves on the staff by the three before, values (9, 9, 9)
    the ratios of neighbouring values by the two before.
    """

    moves: Counts
    values: Counts

    def __post_init__(self) -> None:
        if self.moves.shape != (_N_MOVES,) * 4 or self.values.shape != (_N_VALUES,) * 3:
            raise ValueError("counts of moves have another shape")

    def __add__(self, other: TuneMoves) -> TuneMoves:
        return TuneMoves(self.moves + other.moves, self.values + other.values)

    def bits(self, melody: Melody) -> Floats:
        """The bits of every note after the first, (n - 1,); none for a melody of one note."""
        moves, values = _events(melody)
        return np.asarray(_surprise(self.moves, moves, WIDEST) + _surprise(self.values, values, _SAME_VALUE))


NO_MOVES = TuneMoves(np.zeros((_N_MOVES,) * 4, dtype=np.uint32), np.zeros((_N_VALUES,) * 3, dtype=np.uint32))
"""What follows what where there are no tunes: everything may, with equal chances."""


def count_moves(melody: Melody) -> TuneMoves:
    """Count what follows what in a tune."""
    moves, values = NO_MOVES.moves.copy(), NO_MOVES.values.copy()
    for counts, events, before in ((moves, _events(melody)[0], WIDEST), (values, _events(melody)[1], _SAME_VALUE)):
        np.add.at(counts, tuple(_contexts(events, counts.ndim, before)), 1)
    return TuneMoves(moves, values)


def _events(melody: Melody) -> tuple[Ints, Ints]:
    """Each note's move from the one before, and its value (to the next onset) beside that of the one before."""
    places = np.array([note.spelling.diatonic for note in melody.notes], dtype=np.int64)
    onsets = np.array([float(note.onset) for note in melody.notes] + [float(melody.duration)])
    spans = np.log2(np.maximum(np.diff(onsets), 1e-3))
    ratios = np.abs(np.diff(spans)[:, None] - _RATIOS).argmin(axis=1)
    ratios[-1:] = _SAME_VALUE  # the last note lasts as long as it likes
    return np.clip(np.diff(places), -WIDEST, WIDEST) + WIDEST, ratios


def _contexts(events: Ints, order: int, before: int) -> list[Ints]:
    """The events that stand `order - 1`, …, 1 and 0 places back; `before` stands before the first."""
    padded = np.concatenate([np.full(order - 1, before), events]).astype(np.int64)
    return [padded[back : back + len(events)] for back in range(order)]


def _surprise(counts: Counts, events: Ints, before: int) -> Floats:
    """The bits of each event after those before it, (n,)."""
    contexts = _contexts(events, counts.ndim, before)
    known = np.full(len(events), 1 / counts.shape[-1])
    for back in range(counts.ndim):  # from no context to the longest, each mixed with the shorter one
        seen = counts.sum(axis=tuple(range(counts.ndim - 1 - back)))[tuple(contexts[-1 - back : -1])]
        rows = seen if back else np.broadcast_to(seen, (len(events), counts.shape[-1]))
        total = rows.sum(axis=-1)
        known = (rows[np.arange(len(events)), events] + _DOUBT * known) / (total + _DOUBT)
    share, right = _believed(events)
    return np.asarray(-np.log2((1 - share) * known + np.where(right, share, 0.0)))


def _believed(events: Ints) -> tuple[Floats, NDArray[np.bool_]]:
    """How firmly the figure that has gone on longest before each event is believed to go on, and whether it does."""
    best, right = np.zeros(len(events)), np.zeros(len(events), dtype=bool)
    place = np.arange(len(events))
    for length in range(1, min(LONGEST_FIGURE, len(events) - 1) + 1):
        same = np.append(np.zeros(length, dtype=bool), events[length:] == events[:-length])
        gone_on = place - np.maximum.accumulate(np.where(same, -1, place))  # how many in a row, this one included
        before = np.append(0, gone_on[:-1])
        before[: length + 1] = 0
        right = np.where(before > best, same, right)
        best = np.maximum(best, before)
    return best / (best + 1), right
