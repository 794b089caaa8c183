"""Several voices: how they move against one another, and the one chord of every beat that they make.

Parallels, crossings, leaps and ranges are counted as harmony books count them.

For its chord every beat is compared with triads and seventh chords on all twelve roots: the sounding time inside the
chord counts for it, the time outside against it, notes struck on the beat double and the bass note most where it is the
root (after Pardo and Birmingham 2002). Sevenths other than the dominant's are written as the triad they stand on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Melody, Note

Floats = NDArray[np.float64]

_STACKS: tuple[tuple[tuple[int, ...], str, float], ...] = (
    ((0, 4, 7), "major", 0.0),
    ((0, 3, 7), "minor", 0.0),
    ((0, 3, 6), "diminished", 0.05),
    ((0, 4, 7, 10), "seventh", 0.1),
    ((0, 3, 7, 10), "minor", 0.1),
    ((0, 4, 7, 11), "major", 0.1),
    ((0, 3, 6, 10), "diminished", 0.1),
    ((0, 3, 6, 9), "diminished", 0.1),
)
"""Semitones above the root, the quality they are written with, and what a rarer chord must be better by."""

_ON_BEAT, _BASS_IS_ROOT, _MISSING = 2.0, 0.12, 0.08


@dataclass(frozen=True, slots=True)
class VoiceLeading:
    """Counts over the moments at which the lowest voice begins a note.

    n_changes: moments after the first. parallels: pairs of voices that move from a fifth or an octave to the same
    interval again. crossings: neighbours of which the lower sounds higher. mean_move: semitones a voice but the first
    moves on average. lowest, highest: MIDI pitch by voice.
    """

    n_changes: int
    parallels: int
    crossings: int
    mean_move: float
    lowest: tuple[int, ...]
    highest: tuple[int, ...]


def measure_voice_leading(voices: Sequence[Melody]) -> VoiceLeading:
    """Measure voices that sound together, from the highest to the lowest; `ValueError` for fewer than two.

    Moments at which a voice is silent are passed over; between its rests a voice counts with the note it had.
    """
    if len(voices) < 2 or not all(voice.notes for voice in voices):
        raise ValueError("voices must be two or more, with notes in each")
    begins = max(voice.notes[0].onset for voice in voices)
    moments = [note.onset for note in voices[-1].notes if note.onset >= begins]
    columns = [tuple(_pitch_at(voice, moment) for voice in voices) for moment in moments]
    moves = [abs(b - a) for one, other in pairwise(columns) for a, b in zip(one[1:], other[1:], strict=True)]
    return VoiceLeading(
        n_changes=max(0, len(columns) - 1),
        parallels=sum(count_parallels(one, other) for one, other in pairwise(columns)),
        crossings=sum(low > high for column in columns for high, low in pairwise(column)),
        mean_move=sum(moves) / len(moves) if moves else 0.0,
        lowest=tuple(min(voice.pitches) for voice in voices),
        highest=tuple(max(voice.pitches) for voice in voices),
    )


def count_parallels(before: Sequence[int], after: Sequence[int]) -> int:
    """Pairs of voices that both move and are a fifth or an octave apart before and after, octaves disregarded.

    >>> count_parallels((67, 60), (69, 62)), count_parallels((67, 60), (67, 60))
    (1, 0)
    """
    return sum(
        (before[high] - before[low]) % 12 == (after[high] - after[low]) % 12 in (0, 7)
        and before[high] != after[high]
        and before[low] != after[low]
        for high, low in combinations(range(len(before)), 2)
    )


def _pitch_at(voice: Melody, moment: Fraction) -> int:
    return voice.notes[bisect_right(voice.notes, moment, key=lambda note: note.onset) - 1].pitch


def reduce_to_chords(voices: Sequence[Melody]) -> tuple[ChordAt, ...]:
    """The chord of every beat of several voices that sound together, from the first beat in which two notes differ.

    voices: from the highest to the lowest, in one metre; the last is the bass. A beat in which fewer than two pitch
    classes sound keeps the chord before it. Empty without voices.

    >>> voices = [Melody.from_text(text) for text in ("E4:1 D4:1", "C4:1 B3:1", "C3:1 G3:1")]
    >>> [at.chord.name for at in reduce_to_chords(voices)]
    ['C', 'G']
    """
    if not voices:
        return ()
    found: list[ChordAt] = []
    onsets = [onset for measure in voices[0].measures for onset in measure.beat_onsets]
    for begins, ends in zip(onsets, [*onsets[1:], voices[0].duration], strict=True):
        weights = _weights(voices, begins, ends)
        if np.count_nonzero(weights) >= 2:
            bass = next(iter(_sounding(voices[-1].notes, begins, ends)), None)
            found.append(ChordAt(begins, best_chord(weights, None if bass is None else bass.pitch % 12)))
        elif found:
            found.append(ChordAt(begins, found[-1].chord))
    return tuple(found)


def best_chord(weights: Floats, bass: int | None = None) -> Chord:
    """The chord that explains pitch classes of some weights (12,) best; `bass` is the pitch class of the lowest."""
    shares = weights / weights.sum()
    chords, members, prices = _candidates()
    inside = members @ shares
    missing = (members.astype(bool) & (shares == 0)).sum(axis=1)
    worth = 2 * inside - 1 - prices - _MISSING * missing
    if bass is not None:
        worth = worth + _BASS_IS_ROOT * (np.array([chord.root for chord in chords]) == bass)
    return chords[int(np.argmax(np.round(worth, 9)))]


@lru_cache(maxsize=1)
def _candidates() -> tuple[tuple[Chord, ...], Floats, Floats]:
    chords, rows, prices = [], [], []
    for stack, quality, price in _STACKS:
        for root in range(12):
            chords.append(Chord(root, quality))
            row = np.zeros(12)
            row[[(root + semitones) % 12 for semitones in stack]] = 1
            rows.append(row)
            prices.append(price)
    return tuple(chords), np.array(rows), np.array(prices)


def _weights(voices: Sequence[Melody], begins: Fraction, ends: Fraction) -> Floats:
    weights = np.zeros(12)
    for voice in voices:
        for note in _sounding(voice.notes, begins, ends):
            lasts = float(min(note.offset, ends) - max(note.onset, begins))
            weights[note.pitch % 12] += lasts * (_ON_BEAT if note.onset <= begins else 1.0)
    return weights


def _sounding(notes: Sequence[Note], begins: Fraction, ends: Fraction) -> Iterable[Note]:
    first = max(0, bisect_right(notes, begins, key=lambda note: note.onset) - 1)
    for note in notes[first:]:
        if note.onset >= ends:
            return
        if note.offset > begins:
            yield note
