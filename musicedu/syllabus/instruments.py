"""The instruments: clef, transposition, keys in teaching order and compass by level, from `data/instruments.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from musicedu.data import data_path
from musicedu.errors import unknown_name
from musicedu.melody import Key
from musicedu.pitch import Spelling
from musicedu.syllabus.levels import LEVEL_NUMBERS, level

SYLLABLES = ("do", "re", "mi", "fa", "sol", "la", "ti")


@dataclass(frozen=True, slots=True)
class NamedSkip:
    """A skip a singer may meet: from one degree of the key (1 to 7) to another, up (1) or down (-1)."""

    from_degree: int
    to_degree: int
    direction: int
    level: int

    @property
    def steps(self) -> int:
        """Staff steps, signed: mi to sol up is 2, do to the do above is 7."""
        return self.direction * ((self.direction * (self.to_degree - self.from_degree) - 1) % 7 + 1)

    @property
    def title(self) -> str:
        words = f"{SYLLABLES[self.from_degree - 1]}-{SYLLABLES[self.to_degree - 1]}"
        return f"{words} {'up' if self.direction > 0 else 'down'}"


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument as a pupil meets it; pitches and keys are written ones.

    program: General MIDI number from 0; transposition: sounding minus written, in semitones; majors: (level, key)
    in teaching order; lowest, highest: compass, an entry for each level; skips: the only ones below level
    `free_skips_from`, if any; largest_skip: diatonic number, 0 for the level's.
    """

    name: str
    title: str
    aliases: tuple[str, ...]
    clef: str
    program: int
    transposition: int
    majors: tuple[tuple[int, Key], ...]
    lowest: tuple[Spelling, ...]
    highest: tuple[Spelling, ...]
    dynamics: bool
    skips: tuple[NamedSkip, ...] = ()
    free_skips_from: int = 1
    largest_skip: int = 0
    no_leap_in_sixteenths: bool = False

    def majors_at(self, number: int) -> tuple[Key, ...]:
        """The major keys taught up to a level, in teaching order."""
        return tuple(key for first, key in self.majors if first <= number)

    def keys_at(self, number: int) -> tuple[Key, ...]:
        """The keys of a level: majors in teaching order, then the level's minors."""
        return (*self.majors_at(number), *level(number).minors)

    def new_keys_at(self, number: int) -> tuple[Key, ...]:
        """The keys that a level adds; none at the lowest, where there is nothing to add them to."""
        earlier = self.keys_at(max((lower for lower in LEVEL_NUMBERS if lower < number), default=number))
        return tuple(key for key in self.keys_at(number) if key not in earlier)

    def compass_at(self, number: int) -> tuple[Spelling, Spelling]:
        """The lowest and highest written note at a level."""
        return self.lowest[number - 1], self.highest[number - 1]

    def skips_at(self, number: int) -> tuple[NamedSkip, ...] | None:
        """The only skips allowed at a level, or None where the level's own rule holds."""
        if not self.skips or number >= self.free_skips_from:
            return None
        return tuple(skip for skip in self.skips if skip.level <= number)


@lru_cache(maxsize=1)
def instruments() -> dict[str, Instrument]:
    """All instruments by name."""
    with data_path("instruments.toml").open("rb") as file:
        rows = tomllib.load(file)["instruments"]
    return {name: _made_instrument(name, row) for name, row in rows.items()}


def _made_instrument(name: str, row: dict[str, Any]) -> Instrument:
    fields = {key: value for key, value in row.items() if key not in ("keys", "skips")}
    fields["aliases"] = tuple(row["aliases"])
    for end in ("lowest", "highest"):
        fields[end] = tuple(Spelling.parse(text) for text in row[end])
    return Instrument(
        name=name,
        majors=tuple((int(number), Key.parse(text)) for number, texts in row["keys"].items() for text in texts),
        skips=tuple(_parsed_skip(text, int(n)) for n, texts in row.get("skips", {}).items() for text in texts),
        **fields,
    )


def _parsed_skip(text: str, number: int) -> NamedSkip:
    syllables, direction = text.split()
    start, end = (SYLLABLES.index(syllable) + 1 for syllable in syllables.split("-"))
    return NamedSkip(start, end, 1 if direction == "up" else -1, number)


def instrument(name: str) -> Instrument:
    """The instrument of this name, title or alias, in any case; `UnknownName` lists them."""
    wanted = " ".join(name.lower().split())
    for known in instruments().values():
        if wanted in (known.name, known.title.lower(), *known.aliases):
            return known
    raise unknown_name("instrument", name, instruments())
