"""The stretches of a melody that one chord each is found for, and what the melody does in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from musicedu.melody import Key, Measure, Melody, Note

PLACES = ("weak", "strong", "held", "approach", "close", "last approach", "final")
"""weak, strong: off and on the first beat of a measure; close: the last note of a phrase begins; held: it goes on;
approach: the stretch before a close; final, last approach: the same for the last note of the piece."""

KINDS = ("on a beat, stays or steps", "on a beat, leaps", "between, stays or steps", "between, leaps")
"""How a note stands in its stretch: struck with it or before it, or later; and how the melody leaves it."""

PHRASE_MEASURES = 4
_STEP = 2


@dataclass(frozen=True, slots=True)
class Heard:
    """A note as a stretch hears it: semitones above the tonic (0-11), an index into `KINDS`, quarter notes."""

    step: int
    kind: int
    duration: Fraction


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where one chord sounds: quarter notes, an index into `PLACES`, and what the melody does there, beat by beat.

    A note that goes on over several beats is heard in each, so that a chord has to suit it as long as it lasts.
    """

    onset: Fraction
    offset: Fraction
    key: Key
    place: int
    n_beats: int
    heard: tuple[Heard, ...]


def phrase_closes(melody: Melody) -> frozenset[Fraction]:
    """Where the last note of every phrase begins.

    Phrases end under fermatas if the melody has two or more of them, else with every fourth measure; the last note
    always closes.
    """
    if not melody.notes:
        return frozenset()
    marked = [note.onset for note in melody.notes if "fermata" in note.marks]
    if len(marked) < 2:
        full = [measure for measure in melody.measures if measure.number > 0]
        ends = [measure.offset - melody.anacrusis for measure in full[PHRASE_MEASURES - 1 :: PHRASE_MEASURES]]
        marked = [_last_before(melody.notes, end).onset for end in ends]
    return frozenset([*marked, melody.notes[-1].onset])


def stretches_of(
    melody: Melody, *, chords_per_measure: int | None = None, closes: Collection[Fraction] | None = None
) -> tuple[Stretch, ...]:
    """Divide a melody: one stretch a beat, or so many in each full measure; a measure they do not divide has one.

    closes: where the last notes of phrases begin, by default `phrase_closes`. An anacrusis has a stretch a beat if
    every beat has, else none. Stretches after the last note are left out.
    """
    if not melody.notes:
        return ()
    closing = sorted(phrase_closes(melody) if closes is None else {*closes, melody.notes[-1].onset})
    found: list[Stretch] = []
    for measure in melody.measures:
        for onset, offset, n_beats in _parts(measure, chords_per_measure):
            if onset <= melody.notes[-1].onset or (found and onset < melody.notes[-1].offset):
                key = melody.key_at(onset)
                place = _place(melody, onset, offset, onset == measure.downbeat, closing)
                beats = [onset, *(beat for beat in measure.beat_onsets if onset < beat < offset), offset]
                heard = [note for begins, ends in pairwise(beats) for note in heard_in(melody, begins, ends, key)]
                found.append(Stretch(onset, offset, key, place, n_beats, tuple(heard)))
    return tuple(_with_approach(one, after) for one, after in zip(found, [*found[1:], None], strict=True))


def heard_in(melody: Melody, onset: Fraction, offset: Fraction, key: Key) -> tuple[Heard, ...]:
    """The notes that sound from `onset` to `offset`, as a chord there would meet them."""
    notes, heard = melody.notes, []
    index = max(0, bisect_right(notes, onset, key=lambda note: note.onset) - 1)
    while index < len(notes) and notes[index].onset < offset:
        note = notes[index]
        if note.offset > onset:
            following = notes[index + 1].pitch if index + 1 < len(notes) else note.pitch
            kind = 2 * (note.onset > onset) + (abs(following - note.pitch) > _STEP)
            lasts = min(note.offset, offset) - max(note.onset, onset)
            heard.append(Heard((note.pitch - key.tonic_pitch_class) % 12, kind, lasts))
        index += 1
    return tuple(heard)


def _parts(measure: Measure, chords_per_measure: int | None) -> list[tuple[Fraction, Fraction, int]]:
    """Onset, offset and number of beats of the stretches of a measure."""
    if chords_per_measure is None:
        onsets = list(measure.beat_onsets) or [measure.onset]
        ends = [*onsets[1:], measure.offset]
        return [(begins, end, 1) for begins, end in zip(onsets, ends, strict=True)]
    if measure.number == 0:
        return []
    beats = measure.metre.beats
    n_parts = chords_per_measure if len(beats) % chords_per_measure == 0 and len(set(beats)) == 1 else 1
    length = measure.metre.duration / n_parts
    begins = [measure.onset + part * length for part in range(-(-measure.duration // length))]
    return [(onset, min(onset + length, measure.offset), len(beats) // n_parts) for onset in begins]


def _place(melody: Melody, onset: Fraction, offset: Fraction, is_downbeat: bool, ends: list[Fraction]) -> int:
    last = melody.notes[-1].onset
    if onset <= last < offset:
        return PLACES.index("final")
    if any(onset <= end < offset for end in ends):
        return PLACES.index("close")
    sounding = [note for note in (_last_before(melody.notes, offset),) if note.onset <= onset < note.offset]
    if any(note.onset in ends for note in sounding):
        return PLACES.index("held")
    return PLACES.index("strong" if is_downbeat else "weak")


def _with_approach(stretch: Stretch, after: Stretch | None) -> Stretch:
    """The stretch, which knows if the end of a phrase follows it."""
    ends = {PLACES.index("close"): "approach", PLACES.index("final"): "last approach"}
    if after is None or after.place not in ends or stretch.place in (*ends, PLACES.index("held")):
        return stretch
    return replace(stretch, place=PLACES.index(ends[after.place]))


def _last_before(notes: tuple[Note, ...], end: Fraction) -> Note:
    """The last note that begins before `end`, or the first of all."""
    return notes[max(0, bisect_left(notes, end, key=lambda note: note.onset) - 1)]
