"""`Plan`: a specification with nothing left open, which the generator obeys and the checker verifies."""

from __future__ import annotations

from dataclasses import dataclass

from musicedu.exercise.phrases import Phrase
from musicedu.exercise.recipe import format_recipe
from musicedu.exercise.specification import Specification
from musicedu.melody import Key
from musicedu.pitch import Spelling
from musicedu.syllabus.instruments import Instrument, NamedSkip
from musicedu.syllabus.levels import Cell, Level, MetreGrid


@dataclass(frozen=True)
class Plan:
    """All that an exercise must obey.

    Parameters
    ----------
    specification: what was asked. level, instrument: the values behind the names.
    key: home key, written. metre: at the start; metre_changes: (first measure, metre) of every later one.
    measures: full measures; anacrusis: durations of the upbeat's notes in twelfths of a quarter, () for none.
    tempo_bpm: quarter notes a minute.
    cells: rhythm cells to use. rests: durations allowed as rests, in twelfths, () for none.
    lowest, highest: the window of written notes. largest_leap: diatonic number, 2 for steps only.
    skips: "none", "tonic triad", "consonant" or "any"; named_skips: the only ones a singer may meet, None if free.
    skips_land_on: ticks of the notes that a skip may lead to, empty for any.
    accidentals: "none", "leading note", "neighbour", "modulation" or "double"; max_accidentals: in a phrase.
    max_ties: in the exercise. syncopation: whether a tie may be inside a measure or begin off the pulse.
    dynamics, articulations, ornaments: marks allowed; slurs, hairpins, ritardando, tempo_change, accelerando.
    focus: cells and topics that must occur, each `focus_count` times at least.
    form, phrases: how it is divided. seed: for all further choices.
    """

    specification: Specification
    level: Level
    instrument: Instrument
    key: Key
    metre: MetreGrid
    metre_changes: tuple[tuple[int, MetreGrid], ...]
    measures: int
    anacrusis: tuple[int, ...]
    tempo_bpm: int
    cells: tuple[Cell, ...]
    rests: tuple[int, ...]
    measure_rest: bool
    tuplet_rests: bool
    lowest: Spelling
    highest: Spelling
    largest_leap: int
    skips: str
    named_skips: tuple[NamedSkip, ...] | None
    no_leap_in_sixteenths: bool
    skips_land_on: frozenset[int]
    accidentals: str
    max_accidentals: int
    max_ties: int
    syncopation: bool
    dynamics: tuple[str, ...]
    articulations: tuple[str, ...]
    ornaments: tuple[str, ...]
    slurs: bool
    hairpins: bool
    ritardando: bool
    tempo_change: bool
    accelerando: bool
    focus: tuple[str, ...]
    focus_count: int
    form: str
    phrases: tuple[Phrase, ...]
    seed: int

    @property
    def recipe(self) -> str:
        """The short line that makes this exercise again."""
        return format_recipe(self.specification)

    @property
    def begins_with_note(self) -> bool:
        """Whether the first sound may not be a rest."""
        return not self.level.opening_rest

    def metre_of(self, measure: int) -> MetreGrid:
        """The metre of a measure, counted from 1 (0 for the anacrusis)."""
        current = self.metre
        for first_measure, grid in self.metre_changes:
            if first_measure <= measure:
                current = grid
        return current

    def cells_in(self, grid: MetreGrid) -> tuple[Cell, ...]:
        """The cells of this exercise that can stand somewhere in a metre."""
        return tuple(cell for cell in self.level.cells_in(grid.name) if cell in self.cells)

    @property
    def metres(self) -> tuple[MetreGrid, ...]:
        """All metres of the exercise, each once."""
        return tuple(dict.fromkeys((self.metre, *(grid for _, grid in self.metre_changes))))
