"""How much of a melody is found, note for note, in a collection: shared runs of eight notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from musicedu.grid import Line

RUN_NOTES = 8
Run = tuple[int, ...]


def runs_of(line: Line, n_notes: int = RUN_NOTES) -> Iterator[Run]:
    """Every run of so many notes as its intervals and inter-onset times: the same in any key."""
    intervals, gaps = np.diff(line.pitches), np.diff(line.onsets)
    for begin in range(len(intervals) - n_notes + 2):
        end = begin + n_notes - 1
        yield (*intervals[begin:end].tolist(), *gaps[begin:end].tolist())


def copied_share(lines: Iterable[Line], known: set[Run]) -> float:
    """The share of all runs that are known; 0 if there are none."""
    found = [run in known for line in lines for run in runs_of(line)]
    return float(np.mean(found)) if found else 0.0
