"""What was played: from the sound of one voice or instrument to notes in seconds, and to a `Melody` on a grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicedu.audio.attacks import extract_attacks
from musicedu.audio.gridding import fit_beats, lay_on_grid
from musicedu.audio.note_path import likeliest_notes
from musicedu.audio.periodicity import FMAX_HZ, FMIN_HZ, HOP_LENGTH, SR, Candidates, Samples, extract_candidates
from musicedu.errors import FileProblem
from musicedu.melody import Key, Melody, Metre
from musicedu.played import PlayedNote

__all__ = ["estimate_notes", "estimate_tuning", "transcribe"]

_HOP_SEC = HOP_LENGTH / SR
_TUNED = 0.3  # how much the pitches have to agree (0 to 1) before they are taken to be out of tune together


def transcribe(
    y: Samples,
    sr: int,
    *,
    beats_sec: Sequence[float] | None = None,
    tempo_bpm: float | None = None,
    metre: Metre | None = None,
    key: Key | None = None,
    first_downbeat_sec: float | None = None,
) -> Melody:
    """The melody of a sound in which one note sounds at a time.

    y, sr: as in `estimate_notes`; beats_sec: where the felt beats of the metre are; without them they are fitted to the
    notes, at `tempo_bpm` (felt beats a minute) or at the steady tempo that fits best; metre, key, first_downbeat_sec:
    as in `lay_on_grid`. `FileProblem` where no note is heard.
    """
    notes = estimate_notes(y, sr)
    if not notes:
        raise FileProblem(
            "no note is heard in this sound",
            remedy="A transcription needs one voice or instrument at a time, louder than what is around it",
        )
    beats_sec = fit_beats(notes, tempo_bpm=tempo_bpm, metre=metre) if beats_sec is None else beats_sec
    return lay_on_grid(notes, beats_sec, metre=metre, key=key, first_downbeat_sec=first_downbeat_sec)


def estimate_notes(
    y: Samples, sr: int, *, fmin_hz: float = FMIN_HZ, fmax_hz: float = FMAX_HZ, shortest_sec: float = 0.04
) -> tuple[PlayedNote, ...]:
    """The notes of a sound in which one note sounds at a time, in order.

    y: mono, shape (n_samples,), at least one sample; sr: hertz; fmin_hz, fmax_hz: the compass looked at; shortest_sec:
    what is shorter is taken for a slip of the ear. An instrument that is tuned high or low as a whole is put right.
    """
    candidates = extract_candidates(y, sr, fmin_hz=fmin_hz, fmax_hz=fmax_hz)
    segments = likeliest_notes(candidates, extract_attacks(y, sr), tuning=estimate_tuning(candidates))
    notes = (PlayedNote(one.first * _HOP_SEC, one.end * _HOP_SEC, one.pitch) for one in segments)
    return tuple(note for note in notes if note.duration_sec >= shortest_sec)


def estimate_tuning(candidates: Candidates) -> float:
    """By how many semitones, -0.5 to 0.5, the pitches lie above those of a piano: their circular mean."""
    best = candidates.prob[:, 0] > 0
    if not best.any():
        return 0.0
    turns = 12 * np.log2(candidates.f0_hz[best, 0] / 440)
    mean = np.average(np.exp(2j * np.pi * turns), weights=candidates.prob[best, 0])
    return float(np.angle(mean) / (2 * np.pi)) if abs(mean) >= _TUNED else 0.0
