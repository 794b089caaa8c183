"""Notes in seconds, laid on the beats of a metre: a `Melody`.

Within each beat the notes go to the simplest division of it that explains them: halves before quarters, thirds only
where they fit better. What sounds a little too short is articulation; a rest is a gap that a listener would count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from math import floor

import numpy as np
import numpy.typing as npt

from musicedu.harmony.tonality import estimate_melody_key
from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt, Note, TempoAt
from musicedu.pitch import spell
from musicedu.played import PlayedNote

_SIMPLE = {1: 1, 2: 2, 3: 4, 4: 4, 6: 8, 8: 8}  # parts of a beat, and how unusual they are
_COMPOUND = {1: 1, 2: 4, 3: 3, 4: 9, 6: 6, 12: 12}
_EARLY = 0.125  # of a beat: a note no earlier than this before a beat belongs to it
_LEGATO = Fraction(1, 4)  # of a beat: a shorter gap is articulation
_SHORT_SHARE = 0.3  # of the time between two onsets: so is a shorter one
_TEMPI_BPM = np.arange(40, 180.1, 0.25)
_USUAL_BPM, _SPREAD_OCTAVES = 90.0, 0.5

Floats = npt.NDArray[np.float64]


def lay_on_grid(
    notes: Sequence[PlayedNote],
    beats_sec: Sequence[float],
    *,
    metre: Metre | None = None,
    key: Key | None = None,
    first_downbeat_sec: float | None = None,
) -> Melody:
    """Make a melody of notes and beats.

    notes: in order; beats_sec: two or more felt beats, rising (the grid goes on evenly before and after them); metre:
    4/4 if not given; key: the likeliest for the pitches if not given; first_downbeat_sec: where the first full measure
    begins, by default at the first note, so that there is no anacrusis. `ValueError` without a note or without beats.
    """
    if not notes:
        raise ValueError("there is no note to lay on a grid")
    if len(beats_sec) < 2 or np.any(np.diff(beats_sec) <= 0):
        raise ValueError("beats_sec must hold two beats or more, in rising order")
    metre = metre or Metre(4, 4)
    beats = np.asarray(beats_sec, dtype=np.float64)
    downbeat = notes[0].onset_sec if first_downbeat_sec is None else first_downbeat_sec
    origin = int(np.floor(_beat_of(downbeat, beats) + (_EARLY if first_downbeat_sec is None else 0.5)))
    parts = _COMPOUND if metre.is_compound else _SIMPLE
    onsets = _quantised([_beat_of(note.onset_sec, beats) - origin for note in notes], parts)
    offsets = [_beat_of(note.offset_sec, beats) - origin for note in notes]
    placed = _placed(notes, onsets, offsets)
    return _melody(placed, metre, key, 60 / float(np.median(np.diff(beats))))


def fit_beats(
    notes: Sequence[PlayedNote], *, tempo_bpm: float | None = None, metre: Metre | None = None
) -> tuple[float, ...]:
    """Even beats under notes: where they fall if the tempo is steady, from before the first note to after the last.

    tempo_bpm: felt beats a minute; if not given, the tempo from 40 to 180 on whose beats and their parts (by halves, in
    a compound metre by thirds) the onsets agree best, a usual one (around 90) before an unusual one. Half or double the
    speed often agrees as well: whoever knows the tempo should say it. `ValueError` without notes or for a tempo of 0.
    """
    if not notes:
        raise ValueError("there is no note to find a beat under")
    if tempo_bpm is not None and not 0 < tempo_bpm <= 1000:
        raise ValueError(f"tempo_bpm must be above 0 and at most 1000, not {tempo_bpm}")
    onsets = np.array([note.onset_sec for note in notes])
    tempi = _TEMPI_BPM if tempo_bpm is None else np.array([tempo_bpm])
    divisions = (1, 3, 6) if metre and metre.is_compound else (1, 2, 4)
    turns = onsets[None, :] * tempi[:, None] / 60
    agreement = sum(abs(np.exp(2j * np.pi * parts * turns).mean(axis=1)) / parts**0.5 for parts in divisions)
    usual = np.exp(-0.5 * (np.log2(tempi / _USUAL_BPM) / _SPREAD_OCTAVES) ** 2)
    best = int(np.argmax(agreement * usual))
    beat_sec = 60 / float(tempi[best])
    phase = float(np.angle(np.exp(2j * np.pi * turns[best]).mean())) / (2 * np.pi)
    first = int(np.floor(onsets[0] / beat_sec - phase + _EARLY))
    n_beats = int(np.ceil((notes[-1].offset_sec - onsets[0]) / beat_sec)) + 2
    return tuple((first + k + phase) * beat_sec for k in range(n_beats))


def _beat_of(time_sec: float, beats: Floats) -> float:
    """Which beat a moment is, with its fraction; the first is 0, and they go on evenly on both sides."""
    index = int(np.clip(np.searchsorted(beats, time_sec, side="right") - 1, 0, len(beats) - 2))
    return index + float((time_sec - beats[index]) / (beats[index + 1] - beats[index]))


def _quantised(times: Sequence[float], parts: Mapping[int, int]) -> list[Fraction]:
    quantised: list[Fraction] = []
    for beat, group in groupby(times, key=lambda time: int(np.floor(time + _EARLY))):
        within = np.array([time - beat for time in group])
        tried = [_on_steps(within, division, unusual) for division, unusual in parts.items()]
        quantised += [beat + step for step in min(tried, key=lambda one: one[0])[1]]
    return quantised


def _on_steps(within: Floats, division: int, unusual: int) -> tuple[float, list[Fraction]]:
    """How badly a division of the beat explains onsets within it, and where they go."""
    steps = [Fraction(round(float(at) * division), division) for at in within]
    away = float(np.sqrt(np.mean((within - np.array(steps, dtype=float)) ** 2)))
    return (away + 0.01) * unusual**0.5 + (len(steps) - len(set(steps))), steps


def _placed(
    notes: Sequence[PlayedNote], onsets: Sequence[Fraction], offsets: Sequence[float]
) -> list[tuple[Fraction, Fraction, int]]:
    """Onset, offset and pitch of each note in beats; of two notes on one step the longer stays."""
    kept: dict[Fraction, int] = {}
    for index, onset in enumerate(onsets):
        other = kept.get(onset)
        if other is None or notes[index].duration_sec > notes[other].duration_sec:
            kept[onset] = index
    placed = []
    for onset, following in zip(sorted(kept), [*sorted(kept)[1:], None], strict=True):
        index = kept[onset]
        offset = Fraction(round(offsets[index] * 4), 4)
        if following is not None:
            gap = following - offset
            is_legato = gap < _LEGATO or gap <= _SHORT_SHARE * float(following - onset)
            offset = following if is_legato else min(offset, following)
        elif offset - onset >= 1:
            offset = Fraction(-floor(Fraction(1, 2) - offset))  # the last note rings on: to the nearest beat
        placed.append((onset, offset if offset > onset else following or onset + _LEGATO, notes[index].pitch))
    return placed


def _melody(
    placed: Sequence[tuple[Fraction, Fraction, int]], metre: Metre, key: Key | None, beats_per_minute: float
) -> Melody:
    """Beats become quarter notes, and the melody begins at its first note or the barline before it."""
    key = key or estimate_melody_key([pitch for *_, pitch in placed], [offset - onset for onset, offset, _ in placed])
    first = _quarters(placed[0][0], metre)
    begin = first if first < 0 else (first // metre.duration) * metre.duration
    anacrusis = -begin % metre.duration if begin < 0 else Fraction(0)
    notes = [
        Note(
            _quarters(onset, metre) - begin,
            _quarters(offset, metre) - _quarters(onset, metre),
            spell(pitch, key.fifths, minor=key.is_minor),
        )
        for onset, offset, pitch in placed
    ]
    after_anacrusis = notes[-1].offset - anacrusis
    duration = anacrusis + -(-after_anacrusis // metre.duration) * metre.duration
    tempo_bpm = Fraction(round(beats_per_minute * float(metre.duration / len(metre.beats))))
    return Melody(
        tuple(notes),
        max(duration, notes[-1].offset),
        metres=(MetreAt(Fraction(0), metre),),
        keys=(KeyAt(Fraction(0), key),),
        anacrusis=anacrusis,
        tempos=(TempoAt(Fraction(0), tempo_bpm),),
    )


def _quarters(beat: Fraction, metre: Metre) -> Fraction:
    """Quarter notes from the first downbeat, which is beat 0."""
    measure, inside = divmod(beat, len(metre.beats))
    whole = int(inside)
    return measure * metre.duration + metre.beat_onsets[whole] + (inside - whole) * metre.beats[whole]
