"""Chords under a melody, by the rules of thumb of a first harmony book.

Each stretch (a measure, or a part of one) gets one triad of the key. Chosen is the row of chords with the highest sum
of three things: how much of the melody belongs to the chord, passing and neighbouring notes forgiven; how well the
roots move (down a fifth best, up a third worst); and the cadences, a dominant before the last tonic and a rest on
tonic or dominant every fourth measure. The best row is found by dynamic programming (Viterbi 1967). The weights are
set by ear, not learnt.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction

from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Key, Melody, Note

_FIT = 4.0
_STRONG, _ON_BEAT, _OFF_BEAT = 2.0, 1.5, 1.0
_FOREIGN, _PASSING = -1.0, -0.3
# Semitones from one root up to the next: what the motion is worth. 5 up is a fifth down.
_ROOT_MOTION = {0: 0.0, 5: 1.0, 7: 0.4, 8: 0.4, 9: 0.4, 1: 0.3, 2: 0.4, 3: -0.6, 4: -0.6, 10: -0.6, 11: -0.6, 6: -1.5}
# Semitones from the tonic up to the root: how much a chord belongs to the plain style. Other roots are worth nothing.
_PLAIN = {
    "major": {0: 1.0, 7: 0.8, 5: 0.7, 2: 0.1, 9: 0.1, 4: -0.8},
    "minor": {0: 1.0, 7: 0.7, 5: 0.5, 3: 0.1, 8: 0.1, 10: 0.1},
}
_PHRASE_MEASURES = 4
_HALF_CLOSE, _FULL_CLOSE, _BEFORE_CLOSE, _OPENING = 0.8, 6.0, 1.5, 2.0


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The part of a measure that one chord lasts."""

    onset: Fraction
    offset: Fraction
    key: Key
    opens_measure: bool
    closes_phrase: bool


def harmonise(melody: Melody, *, chords_per_measure: int = 1) -> tuple[ChordAt, ...]:
    """Put major and minor triads of the key under a melody: one for every stretch, the same again where it stays.

    chords_per_measure: a measure whose beats do not divide into so many equal groups has one chord. An anacrusis has
    none. Minor keys have the major dominant. Empty for a melody without notes; `ValueError` below one chord a measure.

    >>> tune = Melody.from_text("C4 C4 G4 G4 A4 A4 G4:2 F4 F4 E4 E4 D4 D4 C4:2")
    >>> [at.chord.name for at in harmonise(tune, chords_per_measure=2)]
    ['C', 'C', 'F', 'C', 'F', 'C', 'G', 'C']
    """
    if chords_per_measure < 1:
        raise ValueError(f"chords_per_measure must be 1 or more, not {chords_per_measure}")
    stretches = _stretches(melody, chords_per_measure)
    if not stretches or not melody.notes:
        return ()
    chosen = _best_row(melody, stretches)
    return tuple(ChordAt(stretch.onset, chord) for stretch, chord in zip(stretches, chosen, strict=True))


def triads(key: Key) -> tuple[Chord, ...]:
    """The major and minor triads on the notes of a key, from its tonic up; in minor with the major dominant.

    >>> [chord.name for chord in triads(Key.parse("A minor"))]
    ['Am', 'C', 'Dm', 'Em', 'F', 'G', 'E']
    """
    tonic = key.tonic_pitch_class
    found = [
        Chord((tonic + step) % 12, quality)
        for step in range(12)
        for quality in ("major", "minor")
        if key.scale.issuperset(Chord((tonic + step) % 12, quality).pitch_classes)
    ]
    dominant = Chord((tonic + 7) % 12, "major")
    return tuple(found) if dominant in found or key.mode != "minor" else (*found, dominant)


def _stretches(melody: Melody, chords_per_measure: int) -> list[_Stretch]:
    last_offset = melody.notes[-1].offset if melody.notes else Fraction(0)
    measures = [measure for measure in melody.measures if measure.number > 0 and measure.onset < last_offset]
    found: list[_Stretch] = []
    for index, measure in enumerate(measures):
        beats = measure.metre.beats
        parts = chords_per_measure if len(beats) % chords_per_measure == 0 and len(set(beats)) == 1 else 1
        length = measure.metre.duration / parts
        onsets = [measure.onset + number * length for number in range(-(-measure.duration // length))]
        ends_phrase = (index + 1) % _PHRASE_MEASURES == 0 and len(measures) > _PHRASE_MEASURES
        found += [
            _Stretch(
                onset,
                offset,
                melody.key_at(onset),
                onset == measure.onset,
                offset == measure.offset and (ends_phrase or index == len(measures) - 1),
            )
            for onset, offset in zip(onsets, [*onsets[1:], measure.offset], strict=True)
        ]
    return found


def _best_row(melody: Melody, stretches: list[_Stretch]) -> list[Chord]:
    """The chords with the highest sum of worth, one a stretch."""
    onsets = [note.onset for note in melody.notes]
    sums: list[dict[Chord, float]] = []
    origins: list[dict[Chord, Chord]] = []
    for index, stretch in enumerate(stretches):
        sums.append({})
        origins.append({})
        for chord in triads(stretch.key):
            worth = _FIT * _fit(melody, onsets, stretch, chord) + _place(stretches, index, chord)
            if index > 0:
                arrivals = {other: so_far + _motion(other, chord, stretch) for other, so_far in sums[-2].items()}
                origin = max(arrivals, key=arrivals.__getitem__)
                origins[-1][chord], worth = origin, worth + arrivals[origin]
            sums[-1][chord] = worth
    chosen = [max(sums[-1], key=sums[-1].__getitem__)]
    for before in reversed(origins[1:]):
        chosen.append(before[chosen[-1]])
    return chosen[::-1]


def _motion(before: Chord, chord: Chord, stretch: _Stretch) -> float:
    if before == chord and not stretch.opens_measure:
        return 0.3  # a chord rather stays than changes inside a measure
    return _ROOT_MOTION[(chord.root - before.root) % 12]


def _place(stretches: list[_Stretch], index: int, chord: Chord) -> float:
    """What a chord is worth in this place of the piece, whatever the melody does."""
    stretch, is_last = stretches[index], index == len(stretches) - 1
    step = (chord.root - stretch.key.tonic_pitch_class) % 12
    worth = _PLAIN["minor" if stretch.key.is_minor else "major"].get(step, 0.0)
    if stretch.key.mode == "minor" and step == 7 and chord.quality == "minor":
        worth -= 0.6  # without a leading note
    if is_last:
        return worth + _FULL_CLOSE * (step == 0)
    worth += _HALF_CLOSE * (stretch.closes_phrase and step in (0, 7))
    worth += _OPENING * (index == 0 and step == 0)
    if index == len(stretches) - 2:
        worth += _BEFORE_CLOSE * (step == 7) + 0.5 * _BEFORE_CLOSE * (step == 5)
    return worth


def _fit(melody: Melody, onsets: list[Fraction], stretch: _Stretch, chord: Chord) -> float:
    """How well the melody of a stretch belongs to a chord: 1 if all of it does, down to -1."""
    total = worth = 0.0
    first = bisect_left(onsets, stretch.onset)
    first -= first > 0 and melody.notes[first - 1].offset > stretch.onset
    for index in range(first, bisect_left(onsets, stretch.offset)):
        note = melody.notes[index]
        sounding = float(min(note.offset, stretch.offset) - max(note.onset, stretch.onset))
        weight = sounding * _accent(note, stretch)
        total += weight
        if note.pitch % 12 in chord.pitch_classes:
            worth += weight
        else:
            worth += weight * (_PASSING if _moves_by_step(melody.notes, index) else _FOREIGN)
    return worth / total if total else 0.0


def _accent(note: Note, stretch: _Stretch) -> float:
    if note.onset <= stretch.onset:
        return _STRONG
    return _ON_BEAT if (note.onset - stretch.onset).denominator == 1 else _OFF_BEAT


def _moves_by_step(notes: tuple[Note, ...], index: int) -> bool:
    """Whether a note is reached and left by step (a passing or neighbouring note), and is not longer than either."""
    if not 0 < index < len(notes) - 1:
        return False
    before, note, after = notes[index - 1 : index + 2]
    is_step = max(abs(note.pitch - before.pitch), abs(after.pitch - note.pitch)) <= 2
    return is_step and note.duration <= max(before.duration, after.duration)
