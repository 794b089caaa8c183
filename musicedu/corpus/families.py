"""Families: tunes that are variants, copies or transpositions of one another, and a split that keeps them together.

Two tunes are related when they share enough *runs* or enough *outlines*. A run is 8 notes: their intervals in semitones
and their inter-onset intervals relative to the first, so that neither transposition nor other note values hide a
relation. An outline is what sounds on 10 beats in a row, by its intervals, so that ornaments and other rhythms do not
hide it either. Those that occur in many tunes (a scale, say) relate nobody. Families are the connected components.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from musicedu.attributes.runs import hashed, run_hashes
from musicedu.corpus.tune import Split
from musicedu.melody import Melody, Metre

Ints = NDArray[np.int64]

OUTLINE_BEATS = 10
OUTLINE_PITCHES = 4  # an outline of fewer different pitches is a drone that many tunes have
MOST_TUNES = 60  # what occurs in more tunes is common property
FEWEST_SHARED = 4
SMALLEST_RUN_OVERLAP = 0.15
SMALLEST_OUTLINE_OVERLAP = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """The distinct runs and outlines of a melody, as sorted hashes (n_runs,) and (n_outlines,)."""

    runs: Ints
    outlines: Ints


def fingerprint(melody: Melody) -> Fingerprint:
    """Return what a melody is compared by; transposing it changes nothing."""
    return Fingerprint(melody_runs(melody), melody_outlines(melody))


def melody_runs(melody: Melody) -> Ints:
    """Return the distinct 8-note runs of a melody as sorted hashes, (n_runs,); none for fewer than 8 notes.

    Transposing the melody, or scaling all its durations, changes nothing.
    """
    return np.unique(run_hashes(melody))


def melody_outlines(melody: Melody) -> Ints:
    """Return the distinct 10-beat outlines of a melody as sorted hashes, (n_outlines,); none for fewer beats."""
    onsets = np.array([float(note.onset) for note in melody.notes])
    beats = np.array([beat for beat in _beats(melody) if beat >= onsets[0]] if len(onsets) else [])
    n_outlines = len(beats) - OUTLINE_BEATS + 1
    if n_outlines < 1:
        return np.empty(0, dtype=np.int64)
    sounding = np.searchsorted(onsets, beats, side="right") - 1
    pitches = np.array(melody.pitches, dtype=np.int64)[sounding]
    windows = np.lib.stride_tricks.sliding_window_view(pitches, OUTLINE_BEATS)
    n_pitches = 1 + (np.diff(np.sort(windows, axis=1), axis=1) > 0).sum(axis=1)
    hashes = hashed(list(np.diff(windows, axis=1).T))
    return np.unique(hashes[n_pitches >= OUTLINE_PITCHES])


def _beats(melody: Melody) -> list[float]:
    beats: list[float] = []
    for measure in melody.measures:
        if measure.is_irregular:
            beats += map(float, measure.beat_onsets)
            continue
        onset, shift, duration = float(measure.onset), float(measure.shift), float(measure.duration)
        beats += [onset + beat - shift for beat in _beats_in(measure.metre) if 0 <= beat - shift < duration]
    return beats


@lru_cache(maxsize=256)
def _beats_in(metre: Metre) -> tuple[float, ...]:
    return tuple(map(float, metre.beat_onsets))


def find_families(fingerprints: Sequence[Fingerprint]) -> Ints:
    """Return for every tune the index of the first tune of its family, (n_tunes,).

    Two tunes are joined when they share 4 runs or outlines that are at least 15 % (runs) or 20 % (outlines) of the
    distinct ones of the tune with fewer: the overlap coefficient, so that a strain quoted whole is related.
    """
    by_runs = _related([own.runs for own in fingerprints], SMALLEST_RUN_OVERLAP)
    by_outlines = _related([own.outlines for own in fingerprints], SMALLEST_OUTLINE_OVERLAP)
    first, second = (np.concatenate(ends) for ends in zip(by_runs, by_outlines, strict=True))
    return _components(len(fingerprints), first, second)


def _related(hashes: Sequence[Ints], smallest_overlap: float) -> tuple[Ints, Ints]:
    n_hashes = np.array([len(own) for own in hashes], dtype=np.int64)
    first, second, shared = _shared(hashes)
    fewest = np.minimum(n_hashes[first], n_hashes[second])
    related = (shared >= np.minimum(FEWEST_SHARED, fewest)) & (shared >= smallest_overlap * fewest)
    return first[related], second[related]


def _shared(owned: Sequence[Ints]) -> tuple[Ints, Ints, Ints]:
    """Pairs of tunes with a hash in common (first < second) and how many they share."""
    n_tunes = len(owned)
    if n_tunes == 0:
        empty = np.empty(0, dtype=np.int64)
        return empty, empty, empty
    tunes = np.repeat(np.arange(n_tunes), [len(own) for own in owned])
    hashes = np.concatenate(owned)
    order = np.argsort(hashes, kind="stable")
    tunes, hashes = tunes[order], hashes[order]
    usual = _counts(hashes) <= MOST_TUNES
    pairs = []
    for step in range(1, MOST_TUNES):
        # The tunes of one hash lie side by side: neighbours at every distance are all its pairs.
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
