"""The attributes that take the melody itself: its notes, and what stands around them.

How notes are spelled and stand on the staff, when they sound, what returns; key, metre, tempo and marks.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import pairwise

from musicedu.melody import Measure, Melody, Metre, Note
from musicedu.pitch import Spelling

STAVES = {"treble": (30, 38), "bass": (18, 26), "alto": (24, 32), "tenor": (22, 30), "treble-8vb": (23, 31)}
"""For every clef the staff positions (`Spelling.diatonic`) of its lowest and highest line."""


def accidental_share(melody: Melody) -> float:
    """The share (0-1) of notes outside the signature of the key that holds where they stand; 0 without notes."""
    outside = [not melody.key_at(note.onset).has(note.spelling) for note in melody.notes]
    return sum(outside) / len(outside) if outside else 0.0


def double_accidental_share(melody: Melody) -> float:
    """The share (0-1) of notes spelled with a double sharp or a double flat; 0 without notes."""
    doubled = [abs(note.spelling.alter) == 2 for note in melody.notes]
    return sum(doubled) / len(doubled) if doubled else 0.0


def ledger_lines(spelling: Spelling, clef: str = "treble") -> int:
    """How many ledger lines a note needs; `ValueError` lists the clefs.

    >>> [ledger_lines(Spelling.parse(name)) for name in ("D4", "C4", "G5", "A5", "C6")]
    [0, 1, 0, 1, 2]
    """
    if clef not in STAVES:
        raise ValueError(f"clef must be one of {', '.join(STAVES)}, not {clef!r}")
    lowest, highest = STAVES[clef]
    return max(0, lowest - spelling.diatonic, spelling.diatonic - highest) // 2


def mean_ledger_lines(melody: Melody, clef: str = "treble") -> float:
    """The mean number of ledger lines of a note; 0 without notes."""
    lines = [ledger_lines(note.spelling, clef) for note in melody.notes]
    return sum(lines) / len(lines) if lines else 0.0


def most_ledger_lines(melody: Melody, clef: str = "treble") -> float:
    """The ledger lines of the note that needs most; 0 without notes."""
    return float(max((ledger_lines(note.spelling, clef) for note in melody.notes), default=0))


def rest_share(melody: Melody) -> float:
    """The share (0-1) of the melody's duration that is silent; 1 without notes."""
    return 1 - float(sum(note.duration for note in melody.notes) / melody.duration)


def syncopated_share(melody: Melody) -> float:
    """The share (0-1) of notes that begin off the beat and sound on past the next one; 0 without notes."""
    if not melody.notes:
        return 0.0
    count = 0
    for note in melody.notes:
        measure = melody.measure_at(note.onset)
        position = note.onset - measure.onset + measure.shift
        beats = [*measure.metre.beat_onsets, measure.metre.duration]
        if measure.is_irregular:
            beats = [beat - measure.onset for beat in (*measure.beat_onsets, measure.offset)]
        following = [beat for beat in beats if beat > position]
        count += position not in beats and bool(following) and note.duration > following[0] - position
    return count / len(melody.notes)


def rhythm_pattern_share(melody: Melody) -> float:
    """The share (0-1) of measures with a note in them whose rhythm occurs in an earlier measure too."""
    return _share_heard_before(
        tuple((note.onset - measure.onset + measure.shift, note.duration) for note in notes)
        for measure, notes in _filled_measures(melody)
    )


def interval_pattern_share(melody: Melody) -> float:
    """The share (0-1) of measures with two notes or more whose intervals occur in an earlier measure too.

    Intervals are counted in staff steps, so that a sequence (the same figure a step higher) is a repetition.
    """
    return _share_heard_before(
        tuple(after.spelling.diatonic - before.spelling.diatonic for before, after in pairwise(notes))
        for _, notes in _filled_measures(melody)
        if len(notes) > 1
    )


def _filled_measures(melody: Melody) -> Iterator[tuple[Measure, list[Note]]]:
    """Every measure in which a note begins, with the notes that do."""
    beginning: dict[int, list[Note]] = {}
    for note in melody.notes:
        beginning.setdefault(melody.measure_at(note.onset).number, []).append(note)
    by_number = {measure.number: measure for measure in melody.measures}
    return ((by_number[number], notes) for number, notes in beginning.items())


def _share_heard_before(patterns: Iterable[Hashable]) -> float:
    heard: set[Hashable] = set()
    again = []
    for pattern in patterns:
        again.append(pattern in heard)
        heard.add(pattern)
    return sum(again) / len(again) if again else 0.0


def key_distance(melody: Melody) -> float:
    """The most sharps or flats that a key signature of the melody has."""
    return float(max(abs(change.key.fifths) for change in melody.keys))


def is_minor(melody: Melody) -> float:
    """1 if any key of the melody has a minor third, 0 otherwise."""
    return float(any(change.key.is_minor for change in melody.keys))


def felt_beats(melody: Melody) -> float:
    """The mean number of beats felt in a measure: 2 in 6/8, 4 in 4/4."""
    return _mean_over_measures(melody, lambda metre: len(metre.beats))


def compound_share(melody: Melody) -> float:
    """The share (0-1) of measures whose beats divide by three."""
    return _mean_over_measures(melody, lambda metre: metre.is_compound)


def uneven_share(melody: Melody) -> float:
    """The share (0-1) of measures that cannot be felt in equal groups of beats: 5/4, 5/8, 7/8 and their like."""
    return _mean_over_measures(melody, _is_uneven)


def _is_uneven(metre: Metre) -> bool:
    n_beats = len(metre.beats)
    return len(set(metre.beats)) > 1 or (n_beats > 3 and n_beats % 2 > 0 and n_beats % 3 > 0)


def _mean_over_measures(melody: Melody, number: Callable[[Metre], float]) -> float:
    return sum(number(measure.metre) for measure in melody.measures) / len(melody.measures)


def anacrusis(melody: Melody) -> float:
    """How long the upbeat lasts, in quarter notes; 0 if there is none."""
    return float(melody.anacrusis)


def tempo(melody: Melody) -> float:
    """The first tempo marked, in quarter notes a minute; 0 if none is."""
    return float(melody.tempos[0].tempo_bpm) if melody.tempos else 0.0


def mark_kinds(melody: Melody) -> float:
    """How many different marks there are to observe: dynamics, hairpins, slurs, and marks on notes."""
    kinds = {dynamic.mark for dynamic in melody.dynamics} | {hairpin.kind for hairpin in melody.hairpins}
    kinds |= {mark for note in melody.notes for mark in note.marks} | ({"slur"} if melody.slurs else set())
    return float(len(kinds))


def changes(melody: Melody) -> float:
    """How often the metre or the key changes."""
    return float(len(melody.metres) + len(melody.keys) - 2)
