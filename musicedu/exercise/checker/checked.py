"""What the rules look at: the melody in twelfths of a quarter note, laid over the measures it should have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from musicedu.exercise.phrases import Phrase
from musicedu.exercise.plan import Plan
from musicedu.melody import Key, Melody
from musicedu.pitch import STEPS, Spelling
from musicedu.syllabus.levels import MetreGrid

Fault = tuple[int, str]
"""(measure number, what is wrong)."""

Faults = Iterator[Fault]


@dataclass(frozen=True, slots=True)
class Sounding:
    """Something that sounds (or, for a rest, is silent) from `start` to `end`, in twelfths of a quarter note."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class ExpectedMeasure:
    """A measure as the plan has it: where it begins, how long it lasts (twelfths) and the metre's grid."""

    number: int
    start: int
    length: int
    grid: MetreGrid

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True, eq=False)
class Checked:
    """A melody, the plan it should obey and the phrases it claims to have."""

    melody: Melody
    plan: Plan
    phrases: tuple[Phrase, ...]

    @cached_property
    def is_on_grid(self) -> bool:
        """Whether every onset and duration is a whole number of twelfths of a quarter note."""
        return all((12 * note.onset).denominator == (12 * note.duration).denominator == 1 for note in self.melody.notes)

    @cached_property
    def notes(self) -> tuple[Sounding, ...]:
        """When the notes sound, in order."""
        return tuple(Sounding(twelfths(note.onset), twelfths(note.offset)) for note in self.melody.notes)

    @cached_property
    def rests(self) -> tuple[Sounding, ...]:
        """The silences between the notes, barlines disregarded."""
        return tuple(Sounding(twelfths(start), twelfths(end)) for start, end in self.melody.rests)

    @cached_property
    def end(self) -> int:
        return twelfths(self.melody.duration)

    @cached_property
    def upbeat(self) -> int:
        """How long the anacrusis should last."""
        return sum(self.plan.anacrusis)

    @cached_property
    def measures(self) -> tuple[ExpectedMeasure, ...]:
        """The measures the plan asks for, the last cut short by the anacrusis."""
        laid, start = [], 0
        if self.upbeat:
            laid.append(ExpectedMeasure(0, 0, self.upbeat, self.plan.metre))
            start = self.upbeat
        for number in range(1, self.plan.measures + 1):
            grid = self.plan.metre_of(number)
            length = sum(grid.pulses) - (self.upbeat if number == self.plan.measures else 0)
            laid.append(ExpectedMeasure(number, start, length, grid))
            start += length
        return tuple(laid)

    def measure_at(self, moment: int) -> ExpectedMeasure:
        """The measure in which `moment` lies; the last one for anything later."""
        return next((measure for measure in self.measures if moment < measure.end), self.measures[-1])

    def number_at(self, moment: int) -> int:
        return self.measure_at(moment).number

    @cached_property
    def phrase_ends(self) -> tuple[int, ...]:
        """Where each phrase ends: at the barline after it, less the upbeat of the next."""
        starts = {measure.number: measure.start for measure in self.measures}
        end = self.measures[-1].end
        return tuple(starts.get(phrase.last_measure + 1, end + self.upbeat) - self.upbeat for phrase in self.phrases)

    def phrase_index_at(self, moment: int) -> int:
        """Which phrase `moment` belongs to."""
        return next((i for i, end in enumerate(self.phrase_ends) if moment < end), len(self.phrases) - 1)

    def key_at(self, moment: int) -> Key:
        """The key of the phrase at `moment`."""
        return self.phrases[self.phrase_index_at(moment)].key


def twelfths(quarters: Fraction) -> int:
    """A time in quarter notes, in twelfths of a quarter note, the nearest one below."""
    return int(12 * quarters)


def degree(note: Spelling, key: Key) -> int:
    """The degree of a note in a key by its letter, 1 for the tonic."""
    return (STEPS.index(note.step) - STEPS.index(key.tonic.step)) % 7 + 1
