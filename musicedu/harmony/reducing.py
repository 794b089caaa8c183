"""Voices reduced to chords: the one chord of every beat that explains best what sounds in it.

Every beat is compared with triads and seventh chords on all twelve roots: the sounding time inside the chord counts
for it, the time outside against it, notes struck on the beat double and the bass note most where it is the root
(after Pardo and Birmingham 2002). Sevenths other than the dominant's are written as the triad they stand on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

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
