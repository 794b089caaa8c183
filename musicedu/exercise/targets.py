"""What to ask the network for: attributes that go with a level, from the real tunes that obey it.

`data/models/requests.json` holds, for every level, metre and mode, the attributes of windows of training tunes that
obey the level's rules (`musicedu train requests` makes it). Asking only for what the rules allow is what keeps the
rules from bending the music.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from musicedu.data import data_path
from musicedu.melody import Key, Metre
from musicedu.syllabus.levels import LEVEL_NUMBERS

FIELDS = ("range", "mean_interval", "note_density", "rhythm_entropy", "syncopation", "height")
"""The columns of a row: attributes in their units; `height` is where the mean pitch lies between lowest and highest."""

_FEWEST = 12
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Request:
    """Attributes asked of a phrase, in the units of `musicedu.attributes`; height from 0 to 1."""

    range: float
    mean_interval: float
    note_density: float
    rhythm_entropy: float
    syncopation: float
    height: float


@dataclass(frozen=True)
class Scale:
    """How values compare within a set of melodies: the sorted values of every attribute.

    A difference that is nothing among all tunes may be much among those of level 2, so a level has a scale of its own.
    """

    values: Mapping[str, Sequence[float]]

    @classmethod
    def of_table(cls, names: tuple[str, ...], table: Floats) -> Scale:
        """The scale of a table (melodies, attributes)."""
        return cls({name: tuple(np.sort(table[:, column]).tolist()) for column, name in enumerate(names)})

    def rank(self, name: str, value: float) -> float:
        """The share of values below `value`, those equal to it counted half."""
        known = self.values[name]
        return (bisect_left(known, value) + bisect_right(known, value)) / (2 * len(known))  # NumPy's search costs more

    def distance(self, asked: Mapping[str, float], realised: Mapping[str, float]) -> float:
        """The mean distance of ranks over the attributes of the scale, 0 to 1."""
        distances = [abs(self.rank(name, asked[name]) - self.rank(name, realised[name])) for name in self.values]
        return sum(distances) / len(distances)


@lru_cache(maxsize=512)
def scale_for(level: int, metre: Metre, key: Key) -> Scale:
    """The scale of a level's own melodies."""
    rows = _rows_for(level, str(metre), "minor" if key.is_minor else "major", metre.is_compound)
    return Scale.of_table(FIELDS[:-1], np.array(rows)[:, :-1])


def draw_request(level: int, metre: Metre, key: Key, rng: np.random.Generator) -> Request:
    """Draw the attributes of one real window that obeys the level, of this metre and mode or the nearest there is."""
    rows = _rows_for(level, str(metre), "minor" if key.is_minor else "major", metre.is_compound)
    return Request(*(float(value) for value in rows[int(rng.integers(len(rows)))]))


@lru_cache(maxsize=1)
def _table() -> dict[str, list[list[float]]]:
    table: dict[str, list[list[float]]] = json.loads(data_path("models", "requests.json").read_text())["rows"]
    return table


@lru_cache(maxsize=512)
def _rows_for(level: int, metre: str, mode: str, is_compound: bool) -> tuple[tuple[float, ...], ...]:
    twin = "6/8" if is_compound else "4/4"
    other = "major" if mode == "minor" else "minor"
    for nearby in sorted(LEVEL_NUMBERS, key=lambda number: (abs(number - level), number)):
        for wanted_metre in (metre, twin):
            for wanted_mode in (mode, other):
                rows = _table().get(f"{nearby} {wanted_metre} {wanted_mode}", [])
                if len(rows) >= _FEWEST:
                    return tuple(tuple(row) for row in rows)
    raise ValueError("the table of requests is empty")
