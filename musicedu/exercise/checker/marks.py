"""Rules of marks and focus: what stands around the notes, and what must occur in them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from musicedu.exercise.checker.checked import Checked, Faults, twelfths
from musicedu.exercise.checker.pitch import count_of_accidentals, diatonic_number
from musicedu.exercise.checker.rhythm import count_of_cell, count_of_ties
from musicedu.melody import ORNAMENTS
from musicedu.syllabus.levels import cells

_INTERVALS = {"thirds": 3, "fourths": 4, "fifths": 5, "sixths": 6, "sevenths": 7, "octaves": 8}


def dynamics(piece: Checked) -> Faults:
    """Dynamic marks and hairpins only of the level, and of an instrument that has them."""
    for mark in piece.melody.dynamics:
        if mark.mark not in piece.plan.dynamics or not piece.plan.instrument.dynamics:
            yield piece.number_at(twelfths(mark.onset)), f"the dynamic {mark.mark} is not allowed"
    for hairpin in piece.melody.hairpins:
        if not piece.plan.hairpins or not piece.plan.instrument.dynamics:
            yield piece.number_at(twelfths(hairpin.onset)), f"a {hairpin.kind} is not allowed"


def articulations(piece: Checked) -> Faults:
    """Articulations and ornaments only of the level."""
    allowed = {*piece.plan.articulations, *piece.plan.ornaments}
    for note in piece.melody.notes:
        for mark in sorted(note.marks - allowed):
            kind = "ornament" if mark in ORNAMENTS else "articulation"
            yield piece.number_at(twelfths(note.onset)), f"the {kind} {mark} is not allowed"


def slurs(piece: Checked) -> Faults:
    """Slurs only where the level has them, inside a phrase, over no rest, never two at once."""
    last_end = -1
    for slur in piece.melody.slurs:
        start, end = twelfths(slur.onset), twelfths(slur.last_onset)
        number = piece.number_at(start)
        if not piece.plan.slurs:
            yield number, "a slur is not allowed"
        if piece.phrase_index_at(start) != piece.phrase_index_at(end):
            yield number, "a slur joins two phrases"
        if any(start < span.start < end for span in piece.rests):
            yield number, "a slur goes over a rest"
        if start <= last_end:
            yield number, "two slurs overlap"
        last_end = end


def tempo_marks(piece: Checked) -> Faults:
    """Changes of tempo only where the level has them; a ritardando only in the last two measures."""
    plan = piece.plan
    marks = piece.melody.tempos
    for before, mark in pairwise(marks):
        number = piece.number_at(twelfths(mark.onset))
        is_ritardando = plan.ritardando and mark.tempo_bpm < before.tempo_bpm and number >= plan.measures - 1
        if not plan.tempo_change and not is_ritardando:
            yield number, "a change of tempo is not allowed here"
        if "accel" in mark.text and not plan.accelerando:
            yield number, "an accelerando is not allowed"


def focus(piece: Checked) -> Faults:
    """What is to be practised occurs often enough."""
    for name in piece.plan.focus:
        found = count_of_cell(piece, name) if name in cells() else _COUNTS[name](piece)
        if found < piece.plan.focus_count:
            yield 1, f"{name} occur {found} times; {piece.plan.focus_count} are wanted"


def _intervals_of(number: int) -> Callable[[Checked], int]:
    return lambda piece: sum(1 for size in _sizes(piece) if size == number)


def _sizes(piece: Checked) -> list[int]:
    spellings = [note.spelling for note in piece.melody.notes]
    return [diatonic_number(before, after) for before, after in pairwise(spellings)]


_COUNTS: dict[str, Callable[[Checked], int]] = {
    "rests": lambda piece: len(piece.rests),
    "ties": count_of_ties,
    "leaps": lambda piece: sum(1 for size in _sizes(piece) if size > 2),
    "accidentals": count_of_accidentals,
} | {name: _intervals_of(number) for name, number in _INTERVALS.items()}
