"""What a task may ask of pitches: functions of lags and runs that a student writes, and tunes that are hard to hear."""

from __future__ import annotations

from typing import Any

import numpy as np

from musicedu.audio.takes import record_take
from musicedu.audio.transcribe import estimate_notes
from musicedu.course.asks.functions import outcome
from musicedu.course.checks import Requirement
from musicedu.course.slips import kind_of
from musicedu.evaluation.listening.melody import missed_and_extra
from musicedu.melody import Melody
from musicedu.played import PlayedNote

_NEAR_SEMITONES = 0.01
_NEAR_SEC = 1e-6
Row = tuple[tuple[int | None, ...], float]

_RUNS: Row = ((62, 62, 62, 64, 64), 0.5)
_SILENCE: Row = ((None, 67, 67, None, None, 67, None), 0.25)
_LAST: Row = ((60, 60, 72), 0.1)


def turns_lags_into_pitch(answer: Any) -> str | None:
    """A function of lag and sample rate gives the MIDI pitch."""
    for lag, sr in ((100, 44_000), (200, 44_000), (50, 22_000), (128, 22_050)):
        pitch, fault = outcome(answer, lag, sr)
        if fault:
            return fault
        if not isinstance(pitch, int | float | np.number):
            return f"Your function gives back {kind_of(pitch)}, not a number."
        fault = _pitch_fault(float(pitch), lag, sr)
        if fault:
            return fault
    return None


def _pitch_fault(pitch: float, lag: int, sr: int) -> str | None:
    hertz = sr / lag
    true = 69 + 12 * float(np.log2(hertz / 440))
    asked = f"A swing that repeats every {lag} samples at {sr:,} Hz"
    if abs(pitch - true) < _NEAR_SEMITONES:
        return None
    if abs(pitch - hertz) < 0.5:
        return f"{asked} has {hertz:.0f} Hz, and that is what comes back; the pitch, as a MIDI number, is asked for."
    if abs(pitch - (true - 69)) < _NEAR_SEMITONES:
        return f"{asked}: {pitch:.1f} counts semitones from A4, and A4 itself is a number on the scale of MIDI."
    if abs((pitch - 69) + (true - 69)) < _NEAR_SEMITONES:
        return f"{asked} comes out as {pitch:.1f}, upside down: a longer lag is a lower note."
    if abs(pitch - true) % 12 < _NEAR_SEMITONES or 12 - abs(pitch - true) % 12 < _NEAR_SEMITONES:
        return f"{asked} comes out as {pitch:.1f}: the right letter in the wrong octave."
    return f"{asked} comes out as {pitch:.1f}, which is {abs(pitch - true):.1f} semitones away from what sounds."


def joins_equal_pitches(answer: Any) -> str | None:
    """A function of pitches and hop joins neighbours that are alike into one note, with its times."""
    return _joining_fault(answer, _RUNS) or _joining_fault(answer, _LAST)


def keeps_silence_apart(answer: Any) -> str | None:
    """A function of pitches and hop makes no note of silence, and does not join across it."""
    return _joining_fault(answer, _SILENCE)


def _joining_fault(function: Any, row: Row) -> str | None:
    pitches, hop_sec = list(row[0]), row[1]
    notes, fault = outcome(function, list(pitches), hop_sec)
    if fault:
        return fault
    given = f"From {pitches} with a hop of {hop_sec:g} s"
    try:
        if any(pitch is None for _, _, pitch in notes):
            return f"{given} a note without a pitch comes back: silence is a gap between notes."
        found = [(float(onset), float(offset), int(pitch)) for onset, offset, pitch in notes]
    except (TypeError, ValueError):
        return f"{given} something else than a list of (onset_sec, offset_sec, pitch) comes back."
    true = _joined(pitches, hop_sec)
    if len(found) != len(true):
        return f"{given} {len(found)} notes come back, and {len(true)} sound." + _why(len(found), len(true), pitches)
    for number, (mine, sounding) in enumerate(zip(found, true, strict=True), start=1):
        if mine[2] != sounding[2]:
            return f"{given} note {number} has pitch {mine[2]}, and {sounding[2]} sounds there."
        for name, place in (("begins", 0), ("ends", 1)):
            if abs(mine[place] - sounding[place]) > _NEAR_SEC:
                return f"{given} note {number} {name} at {mine[place]:g} s; count the frames before it."
    return None


def _why(n_found: int, n_true: int, pitches: list[int | None]) -> str:
    if n_found == n_true - 1:
        return " Is the last one left out?" if pitches[-1] is not None else " Is one joined across the silence?"
    return " Frames that are alike belong to one note." if n_found > n_true else ""


def _joined(pitches: list[int | None], hop_sec: float) -> list[tuple[float, float, int]]:
    notes: list[tuple[float, float, int]] = []
    for index, pitch in enumerate(pitches):
        if pitch is None:
            continue
        if index and pitches[index - 1] == pitch:
            notes[-1] = (notes[-1][0], (index + 1) * hop_sec, pitch)
        else:
            notes.append((index * hop_sec, (index + 1) * hop_sec, pitch))
    return notes


def fools_the_ear(program: int, most_notes: int = 16) -> Requirement:
    """A short tune, as a list of measures in 4/4, of which the package misses or makes up a note."""

    def misheard(answer: Any) -> str | None:
        try:
            melody = Melody.from_text(" ".join(answer))
        except ValueError as fault:
            return f"{fault}."
        if not melody.notes:
            return "There is no note in it yet."
        if len(melody.notes) > most_notes:
            return f"It has {len(melody.notes)} notes; {most_notes} are enough to fool it."
        missed, extra = misheard_notes(melody, program)
        if missed or extra:
            return None
        return f"All {len(melody.notes)} notes were heard, and none made up: it is not fooled yet."

    return misheard


def misheard_notes(melody: Melody, program: int) -> tuple[tuple[PlayedNote, ...], tuple[PlayedNote, ...]]:
    """What the package misses and makes up when it hears a melody on a General MIDI instrument, in a dry room."""
    take = record_take(melody, program=program)
    return missed_and_extra(take.notes, estimate_notes(take.y, take.sr))
