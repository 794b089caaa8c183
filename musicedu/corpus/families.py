"""Families: tunes that are variants, copies or transpositions of one another, and a split that keeps them together.

Two tunes are related when they share enough runs of 8 notes. A run is 7 intervals in semitones and the notes'
inter-onset intervals relative to the first, so neither transposition nor writing in other note values hides a relation.
Runs that occur in many tunes (a scale, say) relate nobody and are passed over. Families are the connected components.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from musicedu.corpus.tune import Split
from musicedu.melody import Melody

Ints = NDArray[np.int64]

RUN_NOTES = 8
MOST_TUNES_A_RUN = 60
SMALLEST_OVERLAP = 0.25
FEWEST_SHARED_RUNS = 4


def melody_runs(melody: Melody) -> Ints:
    """Return the distinct 8-note runs of a melody as sorted hashes, (n_runs,); none for fewer than 8 notes.

    Transposing the melody, or scaling all its durations, changes nothing.
    """
    pitches = np.array(melody.pitches, dtype=np.int64)
    n_runs = len(pitches) - RUN_NOTES + 1
    if n_runs < 1:
        return np.empty(0, dtype=np.int64)
    intervals = np.diff(pitches)
    onsets = np.array([float(note.onset) for note in melody.notes])
    spans = np.diff(onsets)
    hashes = np.zeros(n_runs, dtype=np.uint64)
    for place in range(RUN_NOTES - 1):
        ratios = np.rint(spans[place : place + n_runs] / spans[:n_runs] * 48).astype(np.int64)
        for values in (intervals[place : place + n_runs], ratios):
            hashes = _mixed(hashes ^ values.astype(np.uint64))
    return np.unique(hashes.astype(np.int64))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    # The finaliser of SplitMix64 (Steele, Lea and Flood 2014); overflow is meant.
    with np.errstate(over="ignore"):
        values = (values + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
        values ^= values >> np.uint64(27)
        values *= np.uint64(0x94D049BB133111EB)
        return values ^ (values >> np.uint64(31))


def find_families(runs: Sequence[Ints], *, smallest_overlap: float = SMALLEST_OVERLAP) -> Ints:
    """Return for every tune the index of the first tune of its family, (n_tunes,).

    Two tunes are joined when they share at least `FEWEST_SHARED_RUNS` runs and these are at least `smallest_overlap`
    of the distinct runs of the shorter one (its overlap coefficient: a strain quoted whole is related).
    """
    n_runs = np.array([len(own) for own in runs], dtype=np.int64)
    first, second, shared = _shared_runs(runs)
    fewest = np.minimum(n_runs[first], n_runs[second])
    related = (shared >= np.minimum(FEWEST_SHARED_RUNS, fewest)) & (shared >= smallest_overlap * fewest)
    return _components(len(runs), first[related], second[related])


def _shared_runs(runs: Sequence[Ints]) -> tuple[Ints, Ints, Ints]:
    """Pairs of tunes with a run in common (first < second) and how many they share."""
    n_tunes = len(runs)
    if n_tunes == 0:
        empty = np.empty(0, dtype=np.int64)
        return empty, empty, empty
    tunes = np.repeat(np.arange(n_tunes), [len(own) for own in runs])
    hashes = np.concatenate(runs)
    order = np.argsort(hashes, kind="stable")
    tunes, hashes = tunes[order], hashes[order]
    usual = _counts(hashes) <= MOST_TUNES_A_RUN
    pairs = []
    for step in range(1, MOST_TUNES_A_RUN):
        # A run's tunes lie side by side: neighbours at every distance are all its pairs.
        together = (hashes[step:] == hashes[:-step]) & usual[step:]
        if not together.any():
            break
        pairs.append(tunes[:-step][together] * n_tunes + tunes[step:][together])
    keys, shared = np.unique(np.concatenate(pairs) if pairs else np.empty(0, dtype=np.int64), return_counts=True)
    return keys // n_tunes, keys % n_tunes, shared


def _counts(ordered: Ints) -> Ints:
    _, inverse, counts = np.unique(ordered, return_inverse=True, return_counts=True)
    return counts[inverse]


def _components(n_tunes: int, first: Ints, second: Ints) -> Ints:
    parent = list(range(n_tunes))

    def root(tune: int) -> int:
        while parent[tune] != tune:
            parent[tune] = parent[parent[tune]]
            tune = parent[tune]
        return tune

    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return np.array([root(tune) for tune in range(n_tunes)], dtype=np.int64)


def split_of(family: str) -> Split:
    """Return the split of a family by a hash of its name: 80 % train, 10 % validation, 10 % test of the families."""
    number = int.from_bytes(hashlib.sha256(family.encode()).digest()[:8], "big") % 100
    return "train" if number < 80 else "validation" if number < 90 else "test"


def share_in_training(runs: Sequence[Ints], splits: Sequence[Split]) -> float:
    """Return the share of the test tunes' distinct runs that occur in a training tune (0 without test tunes)."""

    def of(split: Split) -> Ints:
        own = [run for run, its in zip(runs, splits, strict=True) if its == split]
        return np.concatenate(own) if own else np.empty(0, dtype=np.int64)

    asked = of("test")
    return float(np.isin(asked, np.unique(of("train"))).mean()) if len(asked) else 0.0
