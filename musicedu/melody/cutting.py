"""Cutting a stretch out of a melody, and joining stretches to a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from musicedu.melody.line import Melody
from musicedu.melody.marks import KeyAt, MetreAt, TempoAt


def cut_measures(melody: Melody, first: int, n_measures: int) -> Melody:
    """The music of `n_measures` from measure number `first` on, as a melody of its own.

    A note that is held on is cut; the metre, key and tempo that hold at its beginning hold throughout, and marks other
    than those on notes are left out. `ValueError` if the melody has no such measures.
    """
    measures = [measure for measure in melody.measures if first <= measure.number < first + n_measures]
    if not measures or len(measures) < n_measures:
        raise ValueError(f"the melody has no {n_measures} measures from number {first} on")
    onset, offset = measures[0].onset, measures[-1].offset
    tempo = [change for change in melody.tempos if change.onset <= onset][-1:]
    return Melody(
        notes=tuple(
            replace(note, onset=note.onset - onset, duration=min(note.offset, offset) - note.onset)
            for note in melody.notes
            if onset <= note.onset < offset
        ),
        duration=offset - onset,
        metres=(MetreAt(Fraction(0), measures[0].metre),),
        keys=(KeyAt(Fraction(0), melody.key_at(onset)),),
        tempos=tuple(replace(change, onset=Fraction(0)) for change in tempo),
        title=melody.title,
        transposition=melody.transposition,
    )


def join(parts: Sequence[Melody], title: str = "") -> Melody:
    """Melodies one after the other, each from its own barline, in the metre, key and tempo of the first.

    `ValueError` for no part, for parts of different metres, or for one that does not fill its measures.
    """
    if not parts:
        raise ValueError("there is nothing to join")
    first, notes, position = parts[0], [], Fraction(0)
    for part in parts:
        if [change.metre for change in part.metres] != [first.metre] or part.duration % first.metre.duration:
            raise ValueError(f"only whole measures of {first.metre} can be joined")
        notes += [replace(note, onset=note.onset + position) for note in part.notes]
        position += part.duration
    return Melody(
        notes=tuple(notes),
        duration=position,
        metres=first.metres,
        keys=(KeyAt(Fraction(0), first.key),),
        tempos=tuple(TempoAt(Fraction(0), change.tempo_bpm, change.text) for change in first.tempos[:1]),
        title=title,
        transposition=first.transposition,
    )
