"""Cutting a stretch out of a melody, and joining stretches to a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from musicedu.melody.laying import Measure
from musicedu.melody.marks import IrregularAt, KeyAt, MetreAt, TempoAt
from musicedu.melody.melody import Melody


def cut_measures(melody: Melody, first: int, n_measures: int) -> Melody:
    """The music of `n_measures` from measure number `first` on, as a melody of its own.

    A note that is held on is cut; the metre, key and tempo that hold at its beginning hold throughout, and marks other
    than those on notes are left out. An irregular measure stays one; a short one at the beginning is an anacrusis.
    `ValueError` if the melody has no such measures.
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
        anacrusis=_opening(measures),
        tempos=tuple(replace(change, onset=Fraction(0)) for change in tempo),
        title=melody.title,
        transposition=melody.transposition,
        irregular=irregular_among(measures),
    )


def irregular_among(measures: Sequence[Measure]) -> tuple[IrregularAt, ...]:
    """The irregular measures in a stretch of a melody, counted from its beginning; none for a short first or last."""
    begins = measures[0].onset
    return tuple(
        IrregularAt(measure.onset - begins, measure.duration)
        for measure in measures
        if measure.is_irregular
        and (measure.duration > measure.metre.duration or measure not in (measures[0], measures[-1]))
    )


def _opening(measures: Sequence[Measure]) -> Fraction:
    first = measures[0]
    is_short = first.is_irregular and first.duration < first.metre.duration
    return first.duration if is_short and len(measures) > 1 else Fraction(0)


def join(parts: Sequence[Melody], title: str = "") -> Melody:
    """Melodies one after the other, each from its own barline, in the metre, key and tempo of the first.

    `ValueError` for no part, for parts of different metres, or for one that does not fill its measures.
    """
    if not parts:
        raise ValueError("there is nothing to join")
    first, notes, irregular, position = parts[0], [], [], Fraction(0)
    for part in parts:
        regular = part.duration - sum(one.duration for one in part.irregular)
        if [change.metre for change in part.metres] != [first.metre] or regular % first.metre.duration:
            raise ValueError(f"only whole measures of {first.metre} can be joined")
        irregular += [replace(one, onset=one.onset + position) for one in part.irregular]
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
        irregular=tuple(irregular),
    )
