"""The skills a pupil climbs: strands of rungs with what each needs and what shows it, from `data/skills.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from musicedu.data import data_path
from musicedu.errors import unknown_name

ATTRIBUTES = (
    "fifths", "minor", "leading_notes", "accidentals", "double_accidentals", "modulations", "ledger_lines", "interval",
    "range", "ties", "tempo_bpm", "steps_in_a_row", "repeats", "sequences",
)  # fmt: skip
"""The numbers that may show a rung in an exercise."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a strand.

    strand, number: its place (number from 1); level: the first that has it; requires: names of the rungs needed first,
    the one before it in its strand included. What shows it in an exercise: cells, metres, rests (twelfths of a
    quarter), marks, and attributes with the least number of each.
    """

    strand: str
    number: int
    title: str
    level: int
    requires: tuple[str, ...]
    cells: tuple[str, ...]
    metres: tuple[str, ...]
    rests: tuple[int, ...]
    marks: tuple[str, ...]
    attributes: tuple[tuple[str, int], ...]

    @property
    def name(self) -> str:
        """Such as `values 2`."""
        return f"{self.strand} {self.number}"


@dataclass(frozen=True, slots=True)
class Strand:
    """One line of learning, rung by rung."""

    name: str
    title: str
    rungs: tuple[Rung, ...]


@lru_cache(maxsize=1)
def strands() -> dict[str, Strand]:
    """All strands by name."""
    with data_path("skills.toml").open("rb") as file:
        rows = tomllib.load(file)["strands"]
    return {name: Strand(name, row["title"], _rungs(name, row["rungs"])) for name, row in rows.items()}


def _rungs(strand: str, rows: list[dict[str, Any]]) -> tuple[Rung, ...]:
    return tuple(
        Rung(
            strand,
            number,
            row["title"],
            row["level"],
            (*((f"{strand} {number - 1}",) if number > 1 else ()), *row.get("requires", ())),
            tuple(row.get("cells", ())),
            tuple(row.get("metres", ())),
            tuple(row.get("rests", ())),
            tuple(row.get("marks", ())),
            tuple(row.get("attributes", {}).items()),
        )
        for number, row in enumerate(rows, start=1)
    )


@lru_cache(maxsize=1)
def rungs() -> dict[str, Rung]:
    """All rungs by name, strand after strand."""
    return {rung.name: rung for strand in strands().values() for rung in strand.rungs}


def rung(name: str) -> Rung:
    """The rung of this name, such as `values 2`; `UnknownName` lists them."""
    if name not in rungs():
        raise unknown_name("skill", name, rungs())
    return rungs()[name]


def learning_order() -> tuple[Rung, ...]:
    """All rungs so that each comes after what it requires; among those that could come next, by level."""
    placed: dict[str, Rung] = {}
    left = list(rungs().values())
    while left:
        ready = [one for one in left if all(name in placed for name in one.requires)]
        if not ready:
            raise ValueError(f"the skills require each other in a circle: {', '.join(one.name for one in left)}")
        chosen = min(ready, key=lambda one: one.level)
        placed[chosen.name] = chosen
        left.remove(chosen)
    return tuple(placed.values())
