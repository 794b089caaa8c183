"""How much of a melody is found in a collection: runs shared note for note, and the tunes it is most like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from musicedu.grid import GridLine
from musicedu.melody import Melody
from musicedu.originality.similarity import Alignment, align_lines, line_of_melody
from musicedu.originality.tune_index import SharedRun, TuneIndex, build_tune_index

if TYPE_CHECKING:
    from musicedu.corpus.load import Corpus
    from musicedu.corpus.tune import Tune

RUN_NOTES = 8
Run = tuple[int, ...]


def runs_of(line: GridLine, n_notes: int = RUN_NOTES) -> Iterator[Run]:
    """Every run of so many notes as its intervals and inter-onset times: the same in any key."""
    intervals, gaps = np.diff(line.pitches), np.diff(line.onsets)
    for begin in range(len(intervals) - n_notes + 2):
        end = begin + n_notes - 1
        yield (*intervals[begin:end].tolist(), *gaps[begin:end].tolist())


def copied_share(lines: Iterable[GridLine], known: set[Run]) -> float:
    """The share of all runs that are known; 0 if there are none."""
    found = [run in known for line in lines for run in runs_of(line)]
    return float(np.mean(found)) if found else 0.0


@dataclass(frozen=True)
class Passage:
    """Notes of a melody that stand in a tune too: first and last note in each, counted from 0, both included."""

    tune: Tune
    notes: tuple[int, int]
    tune_notes: tuple[int, int]

    @property
    def n_notes(self) -> int:
        """How many notes of the melody it has."""
        return self.notes[1] - self.notes[0] + 1


@dataclass(frozen=True)
class Neighbour:
    """A tune that a melody is like, and which notes stand for which."""

    tune: Tune
    alignment: Alignment

    @property
    def passage(self) -> Passage:
        """The part of the melody, and of the tune, that the alignment covers."""
        return Passage(self.tune, self.alignment.span, self.alignment.other_span)


@dataclass(frozen=True)
class Report:
    """What a melody has in common with a collection.

    longest_run: the longest run of notes with the same intervals and relative times, None below six notes.
    nearest: the tunes that align best, the best first. n_tunes: how many were looked through.
    """

    melody: Melody
    longest_run: Passage | None
    nearest: tuple[Neighbour, ...]
    n_tunes: int

    def text(self) -> str:
        """The report in sentences; notes are counted from 1."""
        lines = [f"Compared with {self.n_tunes} tunes, in any key and at any tempo."]
        if self.longest_run is None:
            lines.append("No run of six notes is shared with any of them.")
        else:
            lines.append(f"Longest shared run: {_said(self.longest_run)}.")
        for place, neighbour in enumerate(self.nearest, start=1):
            lines.append(f"{place}. likeness {neighbour.alignment.similarity:.2f}: {_said(neighbour.passage)}.")
        return "\n".join(lines)


def originality(
    melody: Melody, corpus: Corpus | None = None, *, n_nearest: int = 3, leave_out: Iterable[str] = ()
) -> Report:
    """Report what a melody shares with a corpus: the longest run, and the nearest tunes with their passages.

    corpus: all tunes if none is given (built on first use, half a minute; then a second a melody). leave_out: ids of
    tunes that are not looked at, for a melody that is one of them. Nothing found is no proof: see lesson 09.
    """
    tunes = corpus if corpus is not None else _whole_corpus()
    index = _index_of(tunes)
    hidden = _rows_of(tunes, frozenset(leave_out))
    pitches, onsets = np.array(melody.pitches, dtype=np.int64), _ticks(melody)
    runs = index.shared_runs(pitches, onsets, leave_out=hidden)
    line = line_of_melody(melody)
    rows = [int(row) for row in index.candidates(pitches) if row not in set(hidden.tolist())]
    aligned = [(align_lines(line, index.line(row)), row) for row in rows]
    aligned.sort(key=lambda pair: -pair[0].score)
    nearest = tuple(Neighbour(tunes[row], alignment) for alignment, row in aligned[:n_nearest] if alignment.pairs)
    return Report(melody, _passage(tunes, runs[0]) if runs else None, nearest, len(index) - len(hidden))


@dataclass(frozen=True)
class PairRun:
    """The longest run that two melodies share: first and last note in each, counted from 0, both included."""

    notes: tuple[int, int]
    other_notes: tuple[int, int]

    @property
    def n_notes(self) -> int:
        """How many notes it has."""
        return self.notes[1] - self.notes[0] + 1


def originality_of_pair(melody: Melody, other: Melody) -> tuple[PairRun | None, Alignment]:
    """The longest run of two notes or more that two melodies share, and how they align; no corpus is needed."""
    best: tuple[int, int, int] = (0, 0, 0)
    pitches, onsets = np.array(melody.pitches), _ticks(melody)
    other_pitches, other_onsets = np.array(other.pitches), _ticks(other)
    steps, times = np.diff(pitches).tolist(), np.diff(onsets).tolist()
    other_steps, other_times = np.diff(other_pitches).tolist(), np.diff(other_onsets).tolist()
    for i in range(len(steps)):
        for j in range(len(other_steps)):
            n = 0
            while (
                max(i - len(steps), j - len(other_steps)) + n < 0
                and steps[i + n] == other_steps[j + n]
                and times[i + n] * other_times[j] == other_times[j + n] * times[i]
            ):
                n += 1
            if n > best[0]:
                best = (n, i, j)
    n, i, j = best
    run = PairRun((i, i + n), (j, j + n)) if n else None
    return run, align_lines(line_of_melody(melody), line_of_melody(other))


def _passage(tunes: Corpus, run: SharedRun) -> Passage:
    end = run.n_notes - 1
    return Passage(tunes[run.tune], (run.first, run.first + end), (run.tune_first, run.tune_first + end))


def _rows_of(tunes: Corpus, names: frozenset[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    if not names:
        return np.empty(0, dtype=np.int64)
    return np.array([row for row, name in enumerate(tunes.table["id"].to_pylist()) if name in names], dtype=np.int64)


def _ticks(melody: Melody) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """The onsets as whole numbers, exactly."""
    ticks = lcm(1, *(note.onset.denominator for note in melody.notes))
    return np.array([int(note.onset * ticks) for note in melody.notes], dtype=np.int64)


@lru_cache(maxsize=1)
def _whole_corpus() -> Corpus:
    from musicedu.corpus.load import load_corpus

    return load_corpus()


@lru_cache(maxsize=2)
def _index_of(tunes: Corpus) -> TuneIndex:
    return build_tune_index(tunes)


def _said(passage: Passage) -> str:
    tune, (first, last), (tune_first, tune_last) = passage.tune, passage.notes, passage.tune_notes
    where = f"notes {first + 1} to {last + 1} beside notes {tune_first + 1} to {tune_last + 1}"
    return f"{where} of {tune.title or 'a tune without a title'} ({tune.id})"
