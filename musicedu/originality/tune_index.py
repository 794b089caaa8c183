"""All tunes of a corpus as flat arrays: the few that a melody may be like are found without aligning it to each.

A tune is a candidate for the six-note patterns of intervals that it has in common with the melody, each the more, the
fewer tunes have it. In the melody a pattern may leave out up to two notes between any two of its own, for which it
counts less, so that a tune is found under ornaments as well; note values are left out of account.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicedu.originality.similarity import Ints, Line, line_of_notes

PATTERN_NOTES = 6
MOST_LEFT_OUT = 2
_GAP_SHARE = 0.5  # what a pattern counts for each note that it leaves out
_WIDEST = 31


@dataclass(frozen=True, slots=True)
class SharedRun:
    """A run of notes with the same intervals and relative times: where it begins in the melody and in a tune.

    tune: its row; first, tune_first: counted from 0; n_notes: how many.
    """

    tune: int
    first: int
    tune_first: int
    n_notes: int


@dataclass(frozen=True, eq=False)
class TuneIndex:
    """All tunes, one after the other.

    pitches, onsets, owners: (n_notes,), owners being rows of tunes; starts: (n_tunes + 1,). patterns: (n_patterns,)
    sorted, places: (n_patterns,) the notes at which they begin.
    """

    pitches: Ints
    onsets: Ints
    owners: Ints
    starts: Ints
    patterns: Ints
    places: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    def line(self, tune: int) -> Line:
        """A tune as it is compared."""
        notes = slice(self.starts[tune], self.starts[tune + 1])
        return line_of_notes(self.pitches[notes], self.onsets[notes])

    def candidates(self, pitches: Ints, n_candidates: int = 40) -> Ints:
        """The rows of the tunes that share most rare patterns with a melody's pitches (n,), the likeliest first."""
        asked, shares = _patterns_with_gaps(pitches)
        pattern, place = self._found(asked)
        shared = np.unique(pattern * len(self) + self.owners[place])  # a pattern counts once a tune
        pattern, tune = shared // len(self), shared % len(self)
        n_tunes = np.maximum(np.bincount(pattern, minlength=len(asked)), 1)
        rarity = shares * np.log(len(self) / n_tunes)
        weights = np.bincount(tune, rarity[pattern], minlength=len(self))
        best = np.argsort(-weights, kind="stable")[:n_candidates]
        return np.asarray(best[weights[best] > 0])

    def _found(self, asked: Ints) -> tuple[Ints, Ints]:
        """Where patterns occur: the index of the pattern asked for, and the note at which it begins."""
        low, high = (np.searchsorted(self.patterns, asked, side=side) for side in ("left", "right"))
        n_found = high - low
        pattern = np.repeat(np.arange(len(asked)), n_found)
        within = np.arange(len(pattern)) - np.repeat(np.cumsum(n_found) - n_found, n_found)
        return pattern, self.places[np.repeat(low, n_found) + within]

    def shared_runs(self, pitches: Ints, onsets: Ints, *, leave_out: Ints | None = None) -> list[SharedRun]:
        """The longest run of six notes or more for each note of a melody at which one begins, longest first.

        pitches, onsets: (n,), onsets whole numbers in any unit; leave_out: rows of tunes that are not asked.
        """
        n_patterns = len(pitches) - PATTERN_NOTES + 1
        if n_patterns < 1:
            return []
        keys = _pattern_keys(np.lib.stride_tricks.sliding_window_view(pitches, PATTERN_NOTES))
        first, place = self._found(keys)
        if leave_out is not None:
            asked = ~np.isin(self.owners[place], leave_out)
            first, place = first[asked], place[asked]
        length = self._lengths(pitches, onsets, first, place)
        order = np.lexsort((place, -length, first))
        order = order[np.append(True, first[order][1:] != first[order][:-1])] if len(order) else order
        runs = [
            SharedRun(tune, int(first[row]), int(place[row] - self.starts[tune]), int(length[row]))
            for row in order
            if length[row] >= PATTERN_NOTES
            for tune in [int(self.owners[place[row]])]
        ]
        return sorted(runs, key=lambda run: (-run.n_notes, run.first))

    def _lengths(self, pitches: Ints, onsets: Ints, first: Ints, place: Ints) -> Ints:
        """How many notes from `first` of a melody and from `place` of the tunes on go alike."""
        length = np.ones(len(first), dtype=np.int64)
        going = np.arange(len(first))
        own_times = np.diff(onsets)
        while len(going):
            ours, theirs = first[going] + length[going], place[going] + length[going]
            inside = (ours < len(pitches)) & (theirs < len(self.pitches))
            going, ours, theirs = going[inside], ours[inside], theirs[inside]
            begun, tune_begun = first[going], place[going]
            same = self.owners[theirs] == self.owners[tune_begun]
            same &= pitches[ours] - pitches[ours - 1] == self.pitches[theirs] - self.pitches[theirs - 1]
            times = self.onsets[theirs] - self.onsets[theirs - 1]
            first_times = self.onsets[np.minimum(tune_begun + 1, len(self.onsets) - 1)] - self.onsets[tune_begun]
            same &= times * own_times[begun] == first_times * own_times[ours - 1]
            going = going[same]
            length[going] += 1
        return length


def build_tune_index(corpus: Any) -> TuneIndex:
    """Index a `musicedu.corpus.load.Corpus`: about a second for all of its tunes."""
    column = corpus.table["note_pitch"].combine_chunks()
    starts = np.asarray(column.offsets, dtype=np.int64)
    owners = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    pitches = np.asarray(column.flatten(), dtype=np.int64)
    onsets = np.asarray(corpus.table["note_onset"].combine_chunks().flatten(), dtype=np.int64)
    places = np.arange(max(0, len(pitches) - PATTERN_NOTES + 1))
    places = places[owners[places] == owners[places + PATTERN_NOTES - 1]]
    patterns = _pattern_keys(pitches[places[:, None] + np.arange(PATTERN_NOTES)])
    order = np.argsort(patterns, kind="stable")
    return TuneIndex(pitches, onsets, owners, starts, patterns[order], places[order])


def _patterns_with_gaps(pitches: Ints) -> tuple[Ints, NDArray[np.float64]]:
    """All distinct patterns of a melody, with up to `MOST_LEFT_OUT` notes between its notes, and what each counts."""
    patterns, shares = [np.empty(0, np.int64)], [np.empty(0)]
    gaps = product(range(1, MOST_LEFT_OUT + 2), repeat=PATTERN_NOTES - 1)
    for steps in sorted(gaps, key=sum):
        offsets = np.concatenate([[0], np.cumsum(steps)])
        n_places = len(pitches) - int(offsets[-1])
        if n_places > 0:
            patterns.append(_pattern_keys(pitches[np.arange(n_places)[:, None] + offsets]))
            shares.append(np.full(n_places, _GAP_SHARE ** (sum(steps) - PATTERN_NOTES + 1)))
    distinct, first = np.unique(np.concatenate(patterns), return_index=True)
    return distinct, np.concatenate(shares)[first]


def _pattern_keys(pitches: Ints) -> Ints:
    """Rows of pitches (n, notes) as one number each: their intervals, wider ones cut to `_WIDEST` semitones."""
    intervals = np.clip(np.diff(pitches, axis=1), -_WIDEST, _WIDEST) + _WIDEST
    return np.asarray(intervals @ (2 * _WIDEST + 1) ** np.arange(intervals.shape[1]))
