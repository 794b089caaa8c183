"""How alike two melodies are, whatever key and tempo they are in: the best local alignment of their notes.

The alignment is that of Smith and Waterman (1981) on notes. Two notes match if they have the same pitch once one melody
is transposed; a match counts half, and a whole if the notes' lengths relate to the ones before them alike. What is left
out on either side costs the more the longer it is, so that an ornament costs little. The transposition that gives most
is taken. Unlike Mongeau and Sankoff (1990), who also merge and split notes, an ornament is notes left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.melody import Melody

SAME_PITCH, SAME_LENGTH = 0.5, 0.5
OTHER_PITCH, LEFT_OUT = -1.0, -0.7

_N_TRANSPOSITIONS = 8
_LEAST_COST = 0.2  # of a whole one, for the shortest notes
_RATIO_TOLERANCE = 0.05  # octaves of a ratio: an eighth more or less is 0.17

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Line:
    """A melody as it is compared.

    pitches: (n,) in semitones; ratios: (n,) log2 of each note's time by that of the one before; costs: (n,) what it
    costs to leave a note out. A note's time goes to the next onset; first and last have no ratio (NaN).
    """

    pitches: Ints
    ratios: Floats
    costs: Floats


@dataclass(frozen=True)
class Alignment:
    """Which notes of two melodies stand for one another.

    pairs: (note of the one, note of the other), counted from 0, in order. score: see `SAME_PITCH` and its fellows;
    transposition: semitones from the one to the other; similarity: the score by what the shorter melody would have with
    itself, 0 to 1.
    """

    pairs: tuple[tuple[int, int], ...]
    score: float
    transposition: int
    similarity: float

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last note of the one melody that take part."""
        return (self.pairs[0][0], self.pairs[-1][0]) if self.pairs else (0, -1)

    @property
    def other_span(self) -> tuple[int, int]:
        """The first and the last note of the other melody that take part."""
        return (self.pairs[0][1], self.pairs[-1][1]) if self.pairs else (0, -1)


def line_of_melody(melody: Melody) -> Line:
    """Make a melody ready to be compared."""
    return line_of_notes(np.array(melody.pitches, dtype=np.int64), np.array([float(n.onset) for n in melody.notes]))


def line_of_notes(pitches: Ints, onsets: NDArray[np.floating] | Ints) -> Line:
    """The same from pitches (n,) and rising onsets (n,) in any unit of time."""
    ratios = np.full(len(pitches), np.nan)
    times = np.diff(onsets).astype(float)
    if len(times) > 1:
        ratios[1:-1] = np.log2(times[1:] / times[:-1])
    middle = float(np.median(times)) if len(times) else 1.0
    costs = LEFT_OUT * np.append(np.clip(times / middle, _LEAST_COST, 1.0), 1.0)[: len(pitches)]
    return Line(pitches, ratios, costs)


def align(one: Melody, other: Melody) -> Alignment:
    """The best local alignment of two melodies; no pairs and 0 where they have nothing in common.

    >>> tune = Melody.from_text("C4:1 D4:1/2 E4:1/2 F4:1 G4:1 E4:2 C4:2")
    >>> found = align(tune, tune.transposed(5))
    >>> round(found.similarity, 6), found.transposition, len(found.pairs)
    (1.0, 5, 7)
    """
    return align_lines(line_of_melody(one), line_of_melody(other))


def align_lines(one: Line, other: Line) -> Alignment:
    """The best local alignment of two lines."""
    if not len(one.pitches) or not len(other.pitches):
        return Alignment((), 0.0, 0, 0.0)
    shifts = _likely_transpositions(one.pitches, other.pitches)
    gains = _gains(one, other, shifts)
    table = _filled(gains, one.costs, other.costs)
    best, row, column = (int(at) for at in np.unravel_index(int(np.argmax(table)), table.shape))
    score = float(table[best, row, column])
    pairs = _traced(table[best], gains[best], one.costs, row, column)
    most = min(_self_score(one), _self_score(other))
    return Alignment(tuple(pairs), score, int(shifts[best]), min(1.0, score / most))


def _self_score(line: Line) -> float:
    return SAME_PITCH * len(line.pitches) + SAME_LENGTH * max(1, len(line.pitches) - 2)


def _likely_transpositions(one: Ints, other: Ints) -> Ints:
    """Those by which most notes of the one, a few steps either side, would be in the other."""
    differences, counts = np.unique(other[None, :] - one[:, None], return_counts=True)
    return np.asarray(differences[np.argsort(-counts, kind="stable")[:_N_TRANSPOSITIONS]])


def _gains(one: Line, other: Line, shifts: Ints) -> Floats:
    """What it gives to let two notes stand for one another: (n_transpositions, n_one, n_other)."""
    same_length = np.abs(one.ratios[:, None] - other.ratios[None]) <= _RATIO_TOLERANCE  # NaN is like nothing
    same_pitch = one.pitches[None, :, None] + shifts[:, None, None] == other.pitches[None, None, :]
    return np.where(same_pitch, SAME_PITCH + SAME_LENGTH * same_length, OTHER_PITCH)


def _filled(gains: Floats, costs: Floats, other_costs: Floats) -> Floats:
    """The table of best scores, with a row and a column of zeros before: (n_transpositions, n_one + 1, n_other + 1)."""
    n_shifts, n_one, n_other = gains.shape
    table = np.zeros((n_shifts, n_one + 1, n_other + 1))
    climb = -np.concatenate([[0.0], np.cumsum(other_costs)])
    for row in range(n_one):
        best = np.zeros((n_shifts, n_other + 1))
        best[:, 1:] = np.maximum(table[:, row, :-1] + gains[:, row], table[:, row, 1:] + costs[row])
        # Leaving out notes of the other is a running maximum once the price of the way is added to it.
        table[:, row + 1] = np.maximum(np.maximum.accumulate(np.maximum(best, 0) + climb, axis=1) - climb, 0)
    return table


def _traced(table: Floats, gains: Floats, costs: Floats, row: int, column: int) -> list[tuple[int, int]]:
    """The way back from the best score to where it began, matches only."""
    pairs = []
    while row and column and table[row, column] > 1e-9:
        here = table[row, column]
        if abs(here - table[row - 1, column - 1] - gains[row - 1, column - 1]) < 1e-9:
            if gains[row - 1, column - 1] > 0:
                pairs.append((row - 1, column - 1))
            row, column = row - 1, column - 1
        elif abs(here - table[row - 1, column] - costs[row - 1]) < 1e-9:
            row -= 1
        else:
            column -= 1
    return pairs[::-1]
