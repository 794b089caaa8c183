"""Which skills an exercise trains, read off its notes measure by measure, by what `data/skills.toml` says of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from musicedu.attributes.on_melody import ledger_lines
from musicedu.exercise.exercise import Exercise
from musicedu.melody import Key, Measure, Melody, Note
from musicedu.notation import Symbol, write
from musicedu.syllabus.levels import TWELFTHS, Cell, cells, metre_grids, places
from musicedu.syllabus.skills import Rung, rungs, strands

_FEWEST_OF_A_PATTERN = 3  # notes: two that come again are no idea
_FARTHEST_BACK = 4  # measures: as long as a phrase
Shape = tuple[tuple[int, int, int], ...]
"""The notes of a measure: when each begins and how long it lasts, in twelfths, and its place on the staff."""


def skills_of(exercise: Exercise) -> tuple[frozenset[str], ...]:
    """The names of the rungs that each measure exercises (`values 2`), in the order of `exercise.melody.measures`.

    Where a rung needs a number (a leap of a fifth, three sharps), the highest of its strand that is reached counts, not
    those below it. What belongs to the whole exercise stands where it shows: a wide range at its lowest and highest
    notes, several ties at each of them.
    """
    reading = _Reading(exercise)
    return tuple(
        frozenset(rung.name for rung in rungs().values() if _is_shown(rung, reading, index))
        for index in range(len(exercise.melody.measures))
    )


def _is_shown(rung: Rung, reading: _Reading, index: int) -> bool:
    return bool(
        reading.cells[index].intersection(rung.cells)
        or reading.metres[index] in rung.metres
        or reading.rests[index].intersection(rung.rests)
        or reading.marks[index].intersection(rung.marks)
        or any(_is_reached(rung, name, least, reading.numbers[name][index]) for name, least in rung.attributes)
    )


def _is_reached(rung: Rung, name: str, least: int, found: Iterable[int]) -> bool:
    """Whether a number lies between what a rung needs and what the next of its strand does."""
    higher = [n for other in strands()[rung.strand].rungs for own, n in other.attributes if own == name and n > least]
    return any(least <= number < min(higher, default=number + 1) for number in found)


@dataclass(frozen=True, eq=False)
class _Reading:
    """What stands in every measure of an exercise; each value has an entry for every measure."""

    exercise: Exercise

    @property
    def melody(self) -> Melody:
        return self.exercise.melody

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        return self.melody.measures

    @cached_property
    def symbols(self) -> list[tuple[Symbol, ...]]:
        return [symbols for _, symbols in write(self.melody)]

    @cached_property
    def notes(self) -> list[list[tuple[int, Note]]]:
        """The notes that begin in each measure, with their numbers."""
        numbered = list(enumerate(self.melody.notes))
        return [
            [one for one in numbered if measure.onset <= one[1].onset < measure.offset] for measure in self.measures
        ]

    @cached_property
    def metres(self) -> list[str]:
        return [str(measure.metre) for measure in self.measures]

    @cached_property
    def cells(self) -> list[set[str]]:
        return [_cells_in(self, index) for index in range(len(self.measures))]

    @cached_property
    def rests(self) -> list[set[int]]:
        """How long the rests are, in twelfths; a whole-measure rest is a whole one."""
        return [
            {48 if one.full_measure else int(one.duration * TWELFTHS) for one in symbols if one.is_rest}
            for symbols in self.symbols
        ]

    @cached_property
    def marks(self) -> list[set[str]]:
        melody = self.melody
        placed = [(one.onset, one.mark) for one in melody.dynamics]
        placed += [(one.onset, one.kind) for one in melody.hairpins]
        placed += [(one.onset, "slur") for one in melody.slurs]
        placed += [(one.onset, one.text) for one in melody.tempos]
        placed += [(note.onset, mark) for note in melody.notes for mark in note.marks]
        return [{mark for onset, mark in placed if one.onset <= onset < one.offset} for one in self.measures]

    @cached_property
    def numbers(self) -> Mapping[str, list[list[int]]]:
        """The numbers that a rung may need (`musicedu.syllabus.skills.ATTRIBUTES`)."""
        home, count = self.exercise.plan.key, len(self.measures)
        lines = self.exercise.plan.instrument.clef
        outside = [[one for _, one in notes if not home.has(one.spelling)] for notes in self.notes]
        leading = [[one for one in notes if home.is_leading_note(one.spelling)] for notes in outside]
        others = [[one for one in notes if not home.is_leading_note(one.spelling)] for notes in outside]
        tied = [sum(symbol.tied_to for symbol in symbols) for symbols in self.symbols]
        return {
            "fifths": [[abs(home.fifths)]] * count,
            "minor": [[int(home.is_minor)]] * count,
            "leading_notes": _totals([len(notes) for notes in leading]),
            "accidentals": _totals([len(notes) for notes in others]),
            "double_accidentals": [[sum(abs(one.spelling.alter) > 1 for one in notes)] for notes in outside],
            "modulations": self._visits(home),
            "ledger_lines": [[ledger_lines(one.spelling, lines) for _, one in notes] for notes in self.notes],
            "interval": [[self._interval(number) for number, _ in notes if number] for notes in self.notes],
            "range": self._range(),
            "ties": _totals(tied),
            "tempo_bpm": [[self._tempo(measure)] for measure in self.measures],
            "steps_in_a_row": self._runs(),
            "repeats": [[int(shape in self.shapes[:i])] if shape else [] for i, shape in enumerate(self.shapes)],
            "sequences": [[self._moved(index)] for index in range(count)],
        }

    def _visits(self, home: Key) -> list[list[int]]:
        phrases = self.exercise.phrases
        n_visited = len({phrase.key for phrase in phrases} - {home})
        away = {n for one in phrases if one.key != home for n in range(one.first_measure, one.last_measure + 1)}
        return [[n_visited] if measure.number in away else [] for measure in self.measures]

    def _interval(self, number: int) -> int:
        before, after = self.melody.notes[number - 1].spelling, self.melody.notes[number].spelling
        return max(2, abs(after.diatonic - before.diatonic) + 1)  # a note that is repeated is read like a step

    def _range(self) -> list[list[int]]:
        places = [note.spelling.diatonic for note in self.melody.notes]
        if not places:
            return [[]] * len(self.measures)
        ends, size = {min(places), max(places)}, max(places) - min(places) + 1
        return [[size] if any(one.spelling.diatonic in ends for _, one in notes) else [] for notes in self.notes]

    def _tempo(self, measure: Measure) -> int:
        before = [one.tempo_bpm for one in self.melody.tempos if one.onset <= measure.onset]
        return int(before[-1]) if before else 0

    def _runs(self) -> list[list[int]]:
        """For each measure the longest rows of steps one way that its notes belong to."""
        moves = [b.spelling.diatonic - a.spelling.diatonic for a, b in pairwise(self.melody.notes)]
        row_of = [0] * len(self.melody.notes)
        begin = 0
        while begin < len(moves):
            end = begin
            while end < len(moves) and moves[end] == moves[begin] and abs(moves[end]) == 1:
                end += 1
            for number in range(begin, end + 1):
                row_of[number] = max(row_of[number], end - begin)
            begin = max(end, begin + 1)
        return [[max((row_of[number] for number, _ in notes), default=0)] for notes in self.notes]

    @cached_property
    def shapes(self) -> list[Shape]:
        return [
            tuple(
                (int((one.onset - measure.onset) * TWELFTHS), int(one.duration * TWELFTHS), one.spelling.diatonic)
                for _, one in notes
            )
            for measure, notes in zip(self.measures, self.notes, strict=True)
        ]

    def _moved(self, index: int) -> int:
        """How often in a row, this measure the last time, one comes again moved by the same distance."""
        return max((_times_moved(self.shapes, index, back) for back in range(1, _FARTHEST_BACK + 1)), default=0)


def _totals(counts: Sequence[int]) -> list[list[int]]:
    """The number of all, at each measure that has some."""
    return [[sum(counts)] if count else [] for count in counts]


def _times_moved(shapes: Sequence[Shape], index: int, back: int) -> int:
    distance, count = _distance(shapes, index, back), 0
    while distance and _distance(shapes, index, back) == distance:
        count, index = count + 1, index - back
    return count


def _distance(shapes: Sequence[Shape], index: int, back: int) -> int:
    """How far a measure is one so many measures back, moved; 0 if it is not."""
    after, before = shapes[index], shapes[index - back] if index >= back else ()
    if len(after) < _FEWEST_OF_A_PATTERN or [one[:2] for one in after] != [one[:2] for one in before]:
        return 0
    distances = {new[2] - old[2] for new, old in zip(after, before, strict=True)}
    return distances.pop() if len(distances) == 1 else 0


def _cells_in(reading: _Reading, index: int) -> set[str]:
    """The cells of which a measure has all notes and rests, and none between."""
    measure, symbols = reading.measures[index], reading.symbols[index]
    grid = metre_grids().get(str(measure.metre))
    if grid is None:
        return set()
    origin = measure.onset - measure.shift
    written = {int((one.onset - origin) * TWELFTHS) for one in symbols}
    heard = {int((one.onset - origin) * TWELFTHS) for one in symbols if not one.tied_from}
    begun = {int((one.onset - origin) * TWELFTHS) for _, one in reading.notes[index]}
    end = int((measure.offset - origin) * TWELFTHS)
    return {
        cell.name
        for cell in cells().values()
        if any(
            _is_cell(cell, place, cuts | {end}) and begun.intersection(range(place, place + cell.total))
            for place in places(cell, grid)
            for cuts in (written, heard)
        )
    }


def _is_cell(cell: Cell, place: int, cuts: set[int]) -> bool:
    wanted = {place + sum(cell.values[:n]) for n in range(len(cell.values) + 1)}
    return {cut for cut in cuts if place <= cut <= place + cell.total} == wanted
