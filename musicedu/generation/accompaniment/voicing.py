"""Voices that lead from chord to chord: as little movement as the rules of part-writing allow.

The rules are those of harmony books since Fux: voices keep to their ranges and do not cross, leading notes and sevenths
are not doubled, no two voices move in parallel fifths or octaves. Each has a price; the row of chords with the lowest
sum is found by Viterbi's search, so that a parallel is written only where every other way has one too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise, product

import numpy as np
from numpy.typing import NDArray

from musicedu.arrangement import blank
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.harmony.hidden_chords import best_path
from musicedu.melody import Key, Melody, Note

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

RANGES = {4: ((55, 74), (48, 67), (40, 60)), 3: ((53, 72), (40, 60))}
"""Lowest and highest MIDI pitch of the voices under a melody, from the highest voice down, by the number of voices."""

PAD_RANGE = (50, 71)
_WIDEST_PAD = 14  # semitones from the lowest to the highest note
_PARALLEL, _CROSSING, _DOUBLED, _OMITTED = 20.0, 6.0, 3.0, 4.0
_NO_FIFTH, _THIRD_TWICE, _UNISON, _APART, _LEAP = 0.6, 0.5, 0.8, 0.5, 0.6
_BASS = {0: 0.0, 1: 1.2, 2: 4.0, 3: 2.0}  # what root, third, fifth and seventh in the bass cost
_MOVE = 0.12
_HIGHEST_TOP = 76  # under a higher melody the voices stay where they sound well


@dataclass(frozen=True, slots=True)
class _Place:
    """A chord to be set: when, in which key, and the pitch of the melody over it (None for none)."""

    onset: Fraction
    offset: Fraction
    chord: Chord
    key: Key
    melody: int | None
    is_last: bool


def lead_voices(melody: Melody, chords: Sequence[ChordAt], n_voices: int = 4) -> tuple[Melody, ...]:
    """The voices under a melody, from the highest to the bass: three for four parts, two for three.

    A chord that goes on inside a measure is held. Raises `ValueError` for another number of voices than 3 or 4.

    >>> tune = Melody.from_text("E4:1 F4:1 D4:1 C4:1")
    >>> names = ("C", "F", "G", "C")
    >>> chords = [ChordAt(Fraction(beat), Chord.parse(name)) for beat, name in enumerate(names)]
    >>> [len(voice.notes) for voice in lead_voices(tune, chords)]
    [4, 4, 4]
    """
    if n_voices not in RANGES:
        raise ValueError(f"n_voices must be 3 or 4, not {n_voices}")
    places = _places(melody, chords, under_melody=True)
    return _lines(melody, places, _set(places, [_candidates(place, RANGES[n_voices]) for place in places]))


def lead_pad(melody: Melody, chords: Sequence[ChordAt]) -> tuple[Melody, ...]:
    """Three voices close together that hold the chords by themselves, for an instrument that accompanies."""
    places = _places(melody, chords, under_melody=False)
    return _lines(melody, places, _set(places, [_close_positions(place) for place in places]))


def stack_voices(melody: Melody, chords: Sequence[ChordAt]) -> tuple[Melody, ...]:
    """The chords as a beginner writes them: always root, third and fifth from the bass up, every voice in parallel."""
    places = _places(melody, chords, under_melody=False)
    rows = []
    for place in places:
        bass = 48 + (place.chord.root - 48) % 12 - 12 * ((place.chord.root - 48) % 12 > 7)
        third, fifth = ((at - place.chord.root) % 12 for at in place.chord.pitch_classes[1:3])
        rows.append(np.array([bass + fifth, bass + third, bass]))
    return _lines(melody, places, rows)


def _places(melody: Melody, chords: Sequence[ChordAt], *, under_melody: bool) -> list[_Place]:
    merged: list[ChordAt] = []
    for one in chords:
        opens = any(measure.onset == one.onset for measure in melody.measures)
        if not merged or opens or one.chord != merged[-1].chord:
            merged.append(one)
    ends = [one.onset for one in merged[1:]] + [melody.duration]
    return [
        _Place(
            one.onset,
            end,
            one.chord,
            melody.key_at(one.onset),
            _melody_pitch(melody, one.onset) if under_melody else None,
            index == len(merged) - 1,
        )
        for index, (one, end) in enumerate(zip(merged, ends, strict=True))
    ]


def _melody_pitch(melody: Melody, onset: Fraction) -> int | None:
    index = bisect_right(melody.notes, onset, key=lambda note: note.onset) - 1
    if index >= 0:
        return melody.notes[index].pitch
    return melody.notes[0].pitch if melody.notes else None


def _candidates(place: _Place, ranges: Sequence[tuple[int, int]]) -> Ints:
    """All ways to set a chord, (n, voices): every voice on a note of the chord and in its range, none crossing."""
    inside = set(place.chord.pitch_classes)
    choices = [[pitch for pitch in range(low, high + 1) if pitch % 12 in inside] for low, high in ranges]
    rows = [row for row in product(*choices) if all(a >= b for a, b in pairwise(row))]
    return np.array(rows, dtype=np.int64)


def _close_positions(place: _Place) -> Ints:
    """Ways to hold a chord in one hand: root, third and fifth (with a seventh, that instead of the fifth)."""
    members = place.chord.pitch_classes
    wanted = {members[0], members[1], members[-1]}
    low, high = PAD_RANGE
    pitches = [pitch for pitch in range(high, low - 1, -1) if pitch % 12 in wanted]
    rows = [
        row
        for row in combinations(pitches, 3)
        if {pitch % 12 for pitch in row} == wanted and row[0] - row[-1] <= _WIDEST_PAD
    ]
    return np.array(rows, dtype=np.int64)


def _set(places: Sequence[_Place], candidates: Sequence[Ints]) -> list[Ints]:
    """One candidate a place, with the lowest sum of prices."""
    if not places:
        return []
    prices = [_price(place, rows) for place, rows in zip(places, candidates, strict=True)]
    moves = [
        -_move_price(places[index], places[index + 1], candidates[index], candidates[index + 1])
        for index in range(len(places) - 1)
    ]
    path = best_path(-prices[0], moves, [-price for price in prices[1:]])
    return [rows[chosen] for rows, chosen in zip(candidates, path, strict=True)]


def _price(place: _Place, rows: Ints) -> Floats:
    """What each way to set a chord costs by itself, (n,)."""
    if place.melody is None:
        middle = sum(PAD_RANGE) / 2
        price: Floats = 0.05 * np.abs(rows.mean(axis=1) - middle)
        return price
    members = place.chord.pitch_classes
    everything = np.column_stack([np.full(len(rows), place.melody), rows])
    counts = np.array([(everything % 12 == member).sum(axis=1) for member in members])  # (members, n)
    price = np.array([_BASS[members.index(pitch)] for pitch in (rows[:, -1] % 12).tolist()])
    if place.is_last:
        price += 5 * (rows[:, -1] % 12 != members[0])
    price += _OMITTED * ((counts[0] == 0).astype(float) + (counts[1] == 0)) + _NO_FIFTH * (counts[2] == 0)
    price += _THIRD_TWICE * (counts[1] > 1)
    if len(members) == 4:
        price += _OMITTED * (counts[3] == 0) + _DOUBLED * (counts[3] > 1)
    leading = (place.key.tonic_pitch_class + 11) % 12
    price += _DOUBLED * ((everything % 12 == leading).sum(axis=1) > 1)
    top = np.minimum(everything[:, 0], _HIGHEST_TOP)
    price += _CROSSING * (everything[:, 1] > everything[:, 0]) + _UNISON * (everything[:, 1] == everything[:, 0])
    price += _APART * np.maximum(0, top - everything[:, 1] - 12)
    if rows.shape[1] == 3:
        price += _APART * np.maximum(0, rows[:, 0] - rows[:, 1] - 12)
    price += _UNISON * (rows[:, :-1] == rows[:, 1:]).sum(axis=1)
    return price


def _move_price(before: _Place, place: _Place, rows: Ints, after: Ints) -> Floats:
    """What going from each setting to each next one costs, (n_before, n_after)."""
    if before.melody is not None and place.melody is not None:
        rows = np.column_stack([np.full(len(rows), before.melody), rows])
        after = np.column_stack([np.full(len(after), place.melody), after])
    moves = after[None] - rows[:, None]  # (before, after, voices)
    led = moves[:, :, 1:] if before.melody is not None else moves
    price: Floats = _MOVE * np.abs(led).sum(axis=2) + _LEAP * (np.abs(led[:, :, :-1]) > 5).sum(axis=2)
    for high, low in combinations(range(rows.shape[1]), 2):
        was, becomes = rows[:, high] - rows[:, low], after[:, high] - after[:, low]
        alike = (moves[:, :, high] != 0) & (moves[:, :, low] != 0)
        same = (was % 12)[:, None] == (becomes % 12)[None]
        perfect = np.isin(was % 12, (0, 7))[:, None]
        price += _PARALLEL * (alike & same & perfect)
        if low == high + 1:
            price += _LEAP * (
                (after[:, low][None] > rows[:, high][:, None]) | (after[:, high][None] < rows[:, low][:, None])
            )
    return price + _resolving(before, led, rows[:, rows.shape[1] - led.shape[2] :])


def _resolving(before: _Place, moves: Ints, rows: Ints) -> Floats:
    """Sevenths fall by step or stay, leading notes in a dominant rise or stay: a price where they do not."""
    price = np.zeros(moves.shape[:2])
    if before.chord.quality == "seventh":
        seventh = (rows % 12 == before.chord.pitch_classes[3])[:, None]
        price += 1.5 * (seventh & ~np.isin(moves, (0, -1, -2))).sum(axis=2)
    if before.chord.quality in ("major", "seventh"):
        third = (rows % 12 == (before.key.tonic_pitch_class + 11) % 12)[:, None]
        price += 0.8 * (third & ~np.isin(moves, (0, 1))).sum(axis=2)
    return price


def _lines(melody: Melody, places: Sequence[_Place], rows: Sequence[Ints]) -> tuple[Melody, ...]:
    n_voices = len(rows[0]) if rows else 0
    return tuple(
        blank(
            melody,
            tuple(
                Note(place.onset, place.offset - place.onset, place.key.spell(int(row[voice])))
                for place, row in zip(places, rows, strict=True)
            ),
        )
        for voice in range(n_voices)
    )
