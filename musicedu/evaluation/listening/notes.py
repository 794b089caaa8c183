"""How well notes are found, by the convention of MIREX as mir_eval has it (Raffel et al. 2014).

A note is found if its onset lies within 50 ms and its pitch within 50 cents of a played one, each counted once. With
offsets, its end has to lie within 50 ms too, or within a fifth of the note's duration if that is more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mir_eval
import numpy as np
import numpy.typing as npt

from musicedu.pitch import midi_to_hz
from musicedu.played import PlayedNote

Floats = npt.NDArray[np.float64]

_SHORTEST_SEC = 1e-3
ONSET_TOLERANCE_SEC = 0.05


@dataclass(frozen=True, slots=True)
class NoteScore:
    """Shares from 0 to 1: of what was heard, what was played (precision); of what was played, what was heard (recall).

    f_measure: their harmonic mean, by onset and pitch; f_with_offsets: the same where the end counts too; onset_f:
    where the pitch does not count. Where nothing is heard, or nothing was played, all are 0.
    """

    precision: float
    recall: float
    f_measure: float
    f_with_offsets: float
    onset_f: float


def score_notes(reference: Sequence[PlayedNote], estimated: Sequence[PlayedNote]) -> NoteScore:
    """Score the notes heard by the notes played."""
    if not reference or not estimated:
        return NoteScore(0.0, 0.0, 0.0, 0.0, 0.0)
    played, heard = _arrays(reference), _arrays(estimated)
    figures = mir_eval.transcription
    precision, recall, f_measure, _ = figures.precision_recall_f1_overlap(*played, *heard, offset_ratio=None)
    _, _, f_with_offsets, _ = figures.precision_recall_f1_overlap(*played, *heard)
    _, _, onset_f = figures.onset_precision_recall_f1(played[0], heard[0])
    return NoteScore(*map(float, (precision, recall, f_measure, f_with_offsets, onset_f)))


def missed_and_extra(
    reference: Sequence[PlayedNote], estimated: Sequence[PlayedNote]
) -> tuple[tuple[PlayedNote, ...], tuple[PlayedNote, ...]]:
    """The notes that were played and not heard, and those that were heard and not played."""
    if not reference or not estimated:
        return tuple(reference), tuple(estimated)
    matched = mir_eval.transcription.match_notes(*_arrays(reference), *_arrays(estimated), offset_ratio=None)
    found, true = {int(index) for index, _ in matched}, {int(index) for _, index in matched}
    missed = tuple(note for index, note in enumerate(reference) if index not in found)
    return missed, tuple(note for index, note in enumerate(estimated) if index not in true)


def _arrays(notes: Sequence[PlayedNote]) -> tuple[Floats, Floats]:
    """Intervals in seconds (n, 2) and pitches in hertz (n,), as mir_eval takes them."""
    intervals = np.array([(note.onset_sec, max(note.offset_sec, note.onset_sec + _SHORTEST_SEC)) for note in notes])
    return intervals, np.array([midi_to_hz(note.pitch) for note in notes])
