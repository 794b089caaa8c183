"""Copying: how much of what is made stands in the training tunes, note for note, in any key.

A run is a number of notes in a row with their intervals and inter-onset times, as in `musicedu.originality.copied`,
which says where a run stands; here only whether it stands anywhere is asked, of many thousands at once. Real tunes
share runs too, so a generator is judged beside tunes that were kept aside: `copied_interval` gives their share with an
interval.

Four measures (`musicedu evaluate`): held-out tunes 0.25, training tunes 0.98 (a note that sounds into a window begins
anew there, and so makes a run of its own), random notes 0.00; the median longest run has 8, 14 and 3 notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.windows import doubled
from musicedu.grid import GridLine, line_of
from musicedu.melody import Melody

RUN_NOTES = 8
MOST_NOTES = 24
"""Runs are followed up to this length; longer ones count as this."""

Ints = NDArray[np.int64]
_Hashes = NDArray[np.uint64]
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class RunIndex:
    """Every run of notes in some lines, of any length up to `MOST_NOTES`."""

    def __init__(self, lines: Iterable[GridLine]) -> None:
        self._steps = _Steps(lines)
        self._known: dict[int, _Hashes] = {}

    def counts(self, lines: Sequence[GridLine], n_notes: int = RUN_NOTES) -> tuple[Ints, Ints]:
        """For every line, how many of its runs of so many notes are known, and how many it has: (n,) each."""
        asked = _Steps(lines)
        hashes, owners = asked.runs(n_notes - 1)
        known = np.bincount(owners, self._has(hashes, n_notes - 1), minlength=len(lines)).astype(np.int64)
        return known, np.bincount(owners, minlength=len(lines))

    def share(self, lines: Sequence[GridLine], n_notes: int = RUN_NOTES) -> float:
        """The share of all runs of so many notes that are known; 0 if there are none."""
        known, runs = self.counts(lines, n_notes)
        return float(known.sum() / max(1, runs.sum()))

    def longest(self, lines: Sequence[GridLine]) -> Ints:
        """The notes of every line's longest known run, 0 if not even an interval is: (n,)."""
        asked = _Steps(lines)
        longest = np.zeros(len(lines), dtype=np.int64)
        for length in range(1, MOST_NOTES):
            hashes, owners = asked.runs(length)
            found = self._has(hashes, length)
            if not found.any():
                break
            longest[owners[found]] = length + 1
        return longest

    def _has(self, hashes: _Hashes, length: int) -> NDArray[np.bool_]:
        if length not in self._known:
            self._known[length] = np.unique(self._steps.runs(length)[0])
        known = self._known[length]
        if not len(known):
            return np.zeros(len(hashes), dtype=bool)
        places = np.searchsorted(known, hashes).clip(max=len(known) - 1)
        return np.asarray(known[places] == hashes)


class _Steps:
    """Lines one after the other as hashed steps from note to note, and how many steps each is from its line's end."""

    def __init__(self, lines: Iterable[GridLine]) -> None:
        steps = [(np.diff(line.pitches), np.diff(line.onsets)) for line in lines]
        lengths = np.array([len(intervals) for intervals, _ in steps], dtype=np.int64)
        self.owners = np.repeat(np.arange(len(lengths)), lengths)
        self.left = np.repeat(np.cumsum(lengths), lengths) - np.arange(lengths.sum())
        intervals, gaps = (
            np.concatenate([pair[at] for pair in steps]) if steps else np.empty(0, np.int64) for at in (0, 1)
        )
        self.hashed = _mixed(((intervals + 128) * 65536 + gaps).astype(np.uint64))
        self._sums: list[_Hashes] = [np.zeros(len(self.hashed), np.uint64)]

    def runs(self, length: int) -> tuple[_Hashes, Ints]:
        """The hashes of all runs of so many steps, and whose they are."""
        while len(self._sums) <= length:  # a run is a polynomial of its steps, modulo 2 ** 64
            at = len(self._sums) - 1
            longer = self._sums[-1] * _FACTOR
            longer[: len(longer) - at] += self.hashed[at:]
            self._sums.append(longer)
        whole = self.left >= length
        return self._sums[length][whole], self.owners[whole]


def _mixed(values: _Hashes) -> _Hashes:
    """Spread values over 64 bits (the finaliser of splitmix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)))


def index_of_tunes(melodies: Iterable[Melody]) -> RunIndex:
    """The runs of tunes as they stand and in notes twice as long, as the networks are trained on them."""
    lines = []
    for melody in melodies:
        line = line_of(melody)
        lines.append(line)
        if doubled(melody) is not None:
            lines.append(replace(line, onsets=2 * line.onsets, durations=2 * line.durations))
    return RunIndex(lines)


def copied_interval(
    known: Ints, runs: Ints, tunes: Ints, rng: np.random.Generator, *, n_times: int = 1000, level: float = 0.95
) -> tuple[float, float]:
    """The bootstrap interval of a copied share, whole tunes drawn anew each time (windows of a tune are no strangers).

    known, runs, tunes: (windows,) counts as `RunIndex.counts` gives them, and which tune each window is cut from.
    """
    _, tune = np.unique(tunes, return_inverse=True)
    known_by_tune, runs_by_tune = np.bincount(tune, known), np.bincount(tune, runs)
    drawn = rng.integers(len(known_by_tune), size=(n_times, len(known_by_tune)))
    shares = known_by_tune[drawn].sum(axis=1) / np.maximum(1, runs_by_tune[drawn].sum(axis=1))
    low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
