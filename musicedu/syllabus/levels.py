"""The levels, and the metres and rhythm cells they are made of: `data/levels.toml` as frozen values.

A measure is a row of *cells*; `data/levels.toml` says where a cell may stand and which of its elements may be rests.
Durations called `twelfths` are twelfths of a quarter note (quarter 12, eighth 6, eighth of a triplet 4).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from musicedu.data import data_path
from musicedu.errors import UnknownName, unknown_name
from musicedu.melody import Key, Metre

TWELFTHS = 12
"""Parts of a quarter note in which cells are written."""

_LISTS = ("minors", "rests", "dynamics", "articulations", "ornaments")


@dataclass(frozen=True, slots=True)
class Cell:
    """A rhythm figure that fills whole pulses of one kind.

    values: durations in twelfths of a quarter note; kind: "simple" (pulses of 12) or "compound" (pulses of 18);
    level: the first that has it; metres: the only ones it may stand in, all if empty.
    """

    name: str
    title: str
    values: tuple[int, ...]
    kind: str
    level: int
    tuplet: bool = False
    syncopated: bool = False
    metres: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How long the cell lasts, in twelfths of a quarter note."""
        return sum(self.values)


@dataclass(frozen=True, slots=True)
class MetreGrid:
    """Where cells may stand in a metre.

    pulses: durations in twelfths (12 simple, 18 compound); divisions: where the main parts begin;
    anacruses: the upbeats allowed, as durations; level: the first that has the metre.
    """

    name: str
    level: int
    pulses: tuple[int, ...]
    divisions: tuple[int, ...]
    anacruses: tuple[tuple[int, ...], ...]

    @property
    def metre(self) -> Metre:
        return Metre.parse(self.name)

    @property
    def total(self) -> int:
        """How long a measure lasts, in twelfths of a quarter note."""
        return sum(self.pulses)

    @property
    def pulse_onsets(self) -> tuple[int, ...]:
        """Where the pulses begin, in twelfths of a quarter note."""
        return tuple(sum(self.pulses[:index]) for index in range(len(self.pulses)))

    @property
    def beat_onsets(self) -> tuple[int, ...]:
        """Where the felt beats begin, in twelfths: as the pulses, but in halves in 2/2."""
        return tuple(int(onset * TWELFTHS) for onset in self.metre.beat_onsets)

    def beat_at(self, onset: int) -> int:
        """The duration of the felt beat that begins at or before `onset`, in twelfths of a quarter note."""
        beats = zip(self.beat_onsets, self.metre.beats, strict=True)
        return [int(beat * TWELFTHS) for start, beat in beats if start <= onset][-1]


@dataclass(frozen=True, slots=True)
class Modulation:
    """A key a phrase may visit, seen from the home key."""

    name: str
    level: int
    fifths: int
    changes_mode: bool

    def target(self, home: Key) -> Key | None:
        """The key it leads to from a major or minor `home`, or None where a signature would pass 7."""
        fifths = home.fifths + self.fifths
        if not -7 <= fifths <= 7:
            return None
        if not self.changes_mode:
            return Key(fifths, home.mode)
        return Key(fifths, "major" if home.mode == "minor" else "minor")


@dataclass(frozen=True, slots=True)
class Level:
    """All that an exercise of a level may contain; `data/levels.toml` says what each figure means."""

    number: int
    grade: int
    measures: tuple[int, ...]
    measures_in: tuple[tuple[str, tuple[int, ...]], ...]
    max_measures: int
    metres: tuple[str, ...]
    cells: tuple[Cell, ...]
    max_fifths: int
    any_major: bool
    minors: tuple[Key, ...]
    rests: tuple[int, ...]
    measure_rest: bool
    tuplet_rests: bool
    opening_rest: bool
    opening: str
    range: int
    least_range_semitones: int
    largest_skip: int
    skips: str
    accidentals: str
    max_accidentals: int
    modulations: tuple[Modulation, ...]
    ties_per_measure: float
    syncopation: bool
    anacrusis: bool
    metre_change: bool
    dynamics: tuple[str, ...]
    articulations: tuple[str, ...]
    ornaments: tuple[str, ...]
    slurs: bool
    hairpins: bool
    ritardando: bool
    tempo_change: bool
    accelerando: bool
    tempo_bpm: tuple[int, int]
    fastest_unasked_bpm: int
    staff_mm: float
    tune_measures: int
    band: bool

    def measures_of(self, metre: str) -> tuple[int, ...]:
        """The usual numbers of measures in a metre."""
        return dict(self.measures_in).get(metre, self.measures)

    @property
    def ties(self) -> bool:
        """Whether a cell may begin with a note tied to the one before."""
        return self.ties_per_measure > 0

    @property
    def comparable_grade(self) -> int | None:
        """The grade of an exam it is comparable to; None before grade 1."""
        return self.grade or None

    def cells_in(self, metre: str) -> tuple[Cell, ...]:
        """The cells of this level that can stand somewhere in `metre`."""
        grid = metre_grid(metre)
        return tuple(cell for cell in self.cells if places(cell, grid))


@lru_cache(maxsize=4096)
def places(cell: Cell, grid: MetreGrid) -> tuple[int, ...]:
    """The onsets, in twelfths, at which `cell` may stand in a full measure of `grid`.

    >>> places(cell("half"), metre_grid("4/4")), places(cell("half"), metre_grid("3/4"))
    ((0, 24), (0, 12))
    """
    if cell.metres and grid.name not in cell.metres:
        return ()
    pulse = TWELFTHS if cell.kind == "simple" else 18
    onsets = []
    for index, onset in enumerate(grid.pulse_onsets):
        n_pulses, left = divmod(cell.total, pulse)
        covered = grid.pulses[index : index + n_pulses]
        crosses = any(onset < division < onset + cell.total for division in grid.divisions)
        if not left and len(covered) == n_pulses and set(covered) == {pulse} and (onset == 0 or not crosses):
            onsets.append(onset)
    return tuple(onsets)


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    with data_path("levels.toml").open("rb") as file:
        return tomllib.load(file)


LEVEL_NUMBERS = tuple(int(number) for number in _tables()["levels"])
"""The numbers of the levels, the easiest first."""

FIRST_TO_LAST = f"{LEVEL_NUMBERS[0]} to {LEVEL_NUMBERS[-1]}"


@lru_cache(maxsize=1)
def cells() -> dict[str, Cell]:
    """All cells by name, in order of level."""
    made = [
        Cell(name, row.pop("title"), tuple(row.pop("values")), metres=tuple(row.pop("metres", ())), **row)
        for name, row in ((name, dict(row)) for name, row in _tables()["cells"].items())
    ]
    return {cell.name: cell for cell in sorted(made, key=lambda cell: cell.level)}


def cell(name: str) -> Cell:
    """The cell of this name; `UnknownName` lists them."""
    if name not in cells():
        raise unknown_name("rhythm", name, cells())
    return cells()[name]


@lru_cache(maxsize=1)
def metre_grids() -> dict[str, MetreGrid]:
    """All metres by name, in order of level."""
    return {
        name: MetreGrid(
            name,
            row["level"],
            tuple(row["pulses"]),
            tuple(row["divisions"]),
            tuple(tuple(values) for values in row["anacruses"]),
        )
        for name, row in _tables()["metres"].items()
    }


def metre_grid(name: str) -> MetreGrid:
    """The grid of the metre of this name; `UnknownName` lists them."""
    if name not in metre_grids():
        raise unknown_name("metre", name, metre_grids())
    return metre_grids()[name]


@lru_cache(maxsize=1)
def modulations() -> dict[str, Modulation]:
    """All modulations by name."""
    return {name: Modulation(name, **row) for name, row in _tables()["modulations"].items()}


@lru_cache(maxsize=1)
def levels() -> tuple[Level, ...]:
    """The levels in order."""
    made: list[Level] = []
    joined: dict[str, Any] = {}
    for number in LEVEL_NUMBERS:
        row = _tables()["levels"][str(number)]
        added = {name: [*joined.get(name, []), *row.get(name, [])] for name in _LISTS}
        joined = joined | row | added
        made.append(_made_level(number, joined))
    return tuple(made)


def _made_level(number: int, row: dict[str, Any]) -> Level:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    fields["measures_in"] = tuple((metre, tuple(choices)) for metre, choices in row["measures_in"].items())
    fields["minors"] = tuple(Key.parse(text) for text in row["minors"])
    return Level(
        number=number,
        metres=tuple(name for name, grid in metre_grids().items() if grid.level <= number),
        cells=tuple(cell for cell in cells().values() if cell.level <= number),
        modulations=tuple(change for change in modulations().values() if change.level <= number),
        **fields,
    )


def level(number: int) -> Level:
    """The level of this number; `UnknownName` otherwise."""
    if isinstance(number, bool) or number not in LEVEL_NUMBERS:
        nearest = min(LEVEL_NUMBERS, key=lambda known: abs(known - number))
        raise UnknownName(
            f"there is no level {number}", remedy=f"Levels go from {FIRST_TO_LAST}: the nearest is {nearest}"
        )
    return levels()[LEVEL_NUMBERS.index(number)]
