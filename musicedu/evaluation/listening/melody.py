"""How well a melody is heard, by the conventions of MIREX: its pitch moment by moment, and its notes.

A pitch is right within 50 cents (Salamon et al. 2014). The truth is what was played: a pitch from each onset until the
key is let go, silence between. What rings on in an instrument or a room therefore counts as a false alarm for voicing,
for every method.

A note is found if its onset lies within 50 ms and its pitch within 50 cents of a played one, each counted once (Raffel
et al. 2014). With offsets, its end has to lie within 50 ms too, or within a fifth of the note's duration if that is
more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mir_eval
import numpy as np
import numpy.typing as npt

from musicedu.audio.takes import Take
from musicedu.pitch import midi_to_hz
from musicedu.played import PlayedNote

_HOP_SEC = 0.01
_SHORTEST_SEC = 1e-3

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MelodyScore:
    """Shares from 0 to 1.

    raw_pitch: of the moments with a note, those whose pitch is right; raw_chroma: right but for the octave; overall: of
    all moments, those where pitch or silence is right; voicing_recall: of the moments with a note, those heard as a
    pitch; voicing_false_alarm: of the moments without, those heard as one.
    """

    raw_pitch: float
    raw_chroma: float
    overall: float
    voicing_recall: float
    voicing_false_alarm: float


def reference_f0(take: Take) -> tuple[Floats, Floats]:
    """What was played, every 10 ms: times in seconds, and hertz, 0 where no key was down."""
    times_sec = np.arange(0, take.duration_sec, _HOP_SEC)
    return times_sec, _sounding_hz(take, times_sec)


def score_f0(take: Take, times_sec: npt.ArrayLike, f0_hz: npt.ArrayLike) -> MelodyScore:
    """Score a pitch track, hertz at rising times in seconds; NaN (or 0) where it hears no pitch.

    An empty track scores 0 throughout.
    """
    times, f0 = np.asarray(times_sec, dtype=np.float64), np.nan_to_num(np.asarray(f0_hz, dtype=np.float64))
    if times.shape != f0.shape or times.ndim != 1:
        raise ValueError(f"times_sec and f0_hz must be two rows of one length, not {times.shape} and {f0.shape}")
    if not len(times):
        return MelodyScore(0.0, 0.0, 0.0, 0.0, 0.0)
    figures = mir_eval.melody.evaluate(*reference_f0(take), times, f0)
    names = ("Raw Pitch Accuracy", "Raw Chroma Accuracy", "Overall Accuracy", "Voicing Recall", "Voicing False Alarm")
    return MelodyScore(*(float(figures[name]) for name in names))


@dataclass(frozen=True, slots=True)
class PitchErrors:
    """Of the moments with a note and a pitch heard, the shares (0 to 1) heard right and heard an octave or more off."""

    right: float
    too_low: float
    too_high: float


def count_octave_errors(take: Take, times_sec: npt.ArrayLike, f0_hz: npt.ArrayLike) -> PitchErrors:
    """How often a pitch track is right to half a semitone, and how often it lies more than half an octave off.

    Moments without a pitch (NaN or 0), and moments where no key was down, are left out; 0 throughout if none is left.
    """
    times, f0 = np.asarray(times_sec, dtype=np.float64), np.nan_to_num(np.asarray(f0_hz, dtype=np.float64))
    reference = _sounding_hz(take, times)
    both = (reference > 0) & (f0 > 0)
    if not both.any():
        return PitchErrors(0.0, 0.0, 0.0)
    semitones = 12 * np.log2(f0[both] / reference[both])
    shares = (np.mean(np.abs(semitones) < 0.5), np.mean(semitones < -6), np.mean(semitones > 6))
    return PitchErrors(*map(float, shares))


def _sounding_hz(take: Take, times_sec: Floats) -> Floats:
    f0_hz = np.zeros(len(times_sec))
    for note in take.notes:
        sounds = (times_sec >= note.onset_sec) & (times_sec < note.offset_sec)
        f0_hz[sounds] = midi_to_hz(note.pitch)
    return f0_hz


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
