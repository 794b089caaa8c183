"""What to ask the network for: attributes that go with a level, from the real tunes that obey it.

`data/models/requests.json` holds, for every level, metre and mode, the attributes of windows of training tunes that
obey the level's rules (`musicedu train requests` makes it). Asking only for what the rules allow is what keeps the
rules from bending the music.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from musicedu.data import data_path
from musicedu.melody import Key, Metre

FIELDS = ("range", "mean_interval", "note_density", "rhythm_entropy", "syncopation", "height")
"""The columns of a row: attributes in their units; `height` is where the mean pitch lies between lowest and highest."""

_FEWEST = 12


@dataclass(frozen=True, slots=True)
class Request:
    """Attributes asked of a phrase, in the units of `musicedu.attributes`; height from 0 to 1."""

    range: float
    mean_interval: float
    note_density: float
    rhythm_entropy: float
    syncopation: float
    height: float


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
    for nearby in sorted(range(1, 11), key=lambda number: (abs(number - level), number)):
        for wanted_metre in (metre, twin):
            for wanted_mode in (mode, other):
                rows = _table().get(f"{nearby} {wanted_metre} {wanted_mode}", [])
                if len(rows) >= _FEWEST:
                    return tuple(tuple(row) for row in rows)
    raise ValueError("the table of requests is empty")
