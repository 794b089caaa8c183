"""What was played: from the sound of one voice or instrument to notes in seconds, and to a `Melody` on a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from musicedu.audio.attacks import extract_attacks
from musicedu.audio.note_path import likeliest_notes
from musicedu.audio.periodicity import FMAX_HZ, FMIN_HZ, HOP_LENGTH, SR, Candidates, Samples, extract_candidates

_HOP_SEC = HOP_LENGTH / SR
_TUNED = 0.3  # how much the pitches have to agree (0 to 1) before they are taken to be out of tune together


@dataclass(frozen=True, slots=True)
class HeardNote:
    """A note as it was heard: seconds from the start of the sound, and its MIDI pitch."""

    onset_sec: float
    offset_sec: float
    pitch: int


def estimate_notes(
    y: Samples, sr: int, *, fmin_hz: float = FMIN_HZ, fmax_hz: float = FMAX_HZ, shortest_sec: float = 0.04
) -> tuple[HeardNote, ...]:
    """The notes of a sound in which one note sounds at a time, in order.

    y: mono, shape (n_samples,), at least one sample; sr: hertz; fmin_hz, fmax_hz: the compass looked at; shortest_sec:
    what is shorter is taken for a slip of the ear. An instrument that is tuned high or low as a whole is put right.
    """
    candidates = extract_candidates(y, sr, fmin_hz=fmin_hz, fmax_hz=fmax_hz)
    segments = likeliest_notes(candidates, extract_attacks(y, sr), tuning=estimate_tuning(candidates))
    notes = (HeardNote(one.first * _HOP_SEC, one.end * _HOP_SEC, one.pitch) for one in segments)
    return tuple(note for note in notes if note.offset_sec - note.onset_sec >= shortest_sec)


def estimate_tuning(candidates: Candidates) -> float:
    """By how many semitones, -0.5 to 0.5, the pitches lie above those of a piano: their circular mean."""
    best = candidates.prob[:, 0] > 0
    if not best.any():
        return 0.0
    turns = 12 * np.log2(candidates.f0_hz[best, 0] / 440)
    mean = np.average(np.exp(2j * np.pi * turns), weights=candidates.prob[best, 0])
    return float(np.angle(mean) / (2 * np.pi)) if abs(mean) >= _TUNED else 0.0
