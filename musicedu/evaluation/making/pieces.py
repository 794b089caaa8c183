"""Windows cut from tunes for judging: what is asked for, what is compared with, what can be retrieved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.encoding.events import Window, line_of_events
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.encoding.vocabulary import FIRST_PITCH
from musicedu.encoding.windows import cut_windows, doubled, moved_octaves
from musicedu.generation.engine import Asked
from musicedu.grid import GridLine
from musicedu.melody import Melody

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAMILIAR = (("4/4", 0), ("4/4", 24), ("4/4", 36), ("3/4", 0), ("3/4", 24), ("6/8", 30))
"""The commonest metres with the step of the measure at which a window begins: four windows of five."""

_MOST_EVENTS = 48
_MODES = ("major", "minor")


@dataclass(frozen=True, eq=False)
class Pieces:
    """Windows, their attributes in units (windows, attributes), and which tune each is cut from (windows,)."""

    windows: tuple[Window, ...]
    values: Floats
    tunes: Ints

    def __len__(self) -> int:
        return len(self.windows)

    def chosen(self, rows: Ints) -> Pieces:
        """Some of the windows, in this order."""
        return Pieces(tuple(self.windows[row] for row in rows), self.values[rows], self.tunes[rows])


def cut_pieces(melodies: Iterable[Melody], n_measures: int, rng: np.random.Generator) -> Pieces:
    """Cut tunes into windows of so many measures, side by side, in the commonest metres (`FAMILIAR`).

    As in training, tunes in major and minor are taken as they stand and in notes twice as long, each window at a random
    register.
    """
    found = [
        (number, window)
        for number, melody in enumerate(melodies)
        if melody.key.mode in _MODES
        for window in _windows_of(melody, n_measures, rng)
    ]
    windows = tuple(window for _, window in found)
    return Pieces(windows, measure_windows(windows), np.array([number for number, _ in found], dtype=np.int64))


def _windows_of(melody: Melody, n_measures: int, rng: np.random.Generator) -> Iterator[Window]:
    for tune in (melody, doubled(melody)):
        for window in cut_windows(tune, n_measures) if tune is not None else ():
            n_sounding = sum(token >= FIRST_PITCH for _, token in window.events)
            is_familiar = (str(window.grid.metre), window.grid.phase) in FAMILIAR
            if is_familiar and n_sounding >= n_measures and len(window.events) <= _MOST_EVENTS:
                registers = [moved for octaves in (-1, 0, 1) if (moved := moved_octaves(window, octaves)) is not None]
                yield registers[int(rng.integers(len(registers)))]


def line_of_window(window: Window) -> GridLine:
    """A window's notes on the grid."""
    return line_of_events(window.events, window.grid.weights())


def measure_windows(windows: Iterable[Window]) -> Floats:
    """The condition attributes of windows, in their units: (windows, attributes)."""
    rows = [[GRID_ATTRIBUTES[name](line_of_window(window)) for name in CONDITION_ATTRIBUTES] for window in windows]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(CONDITION_ATTRIBUTES))


def requests_like(pieces: Pieces) -> list[Asked]:
    """Requests for windows just like these: their metre, attributes, mode and place in the tune."""
    return [_asked(window, row) for window, row in zip(pieces.windows, pieces.values, strict=True)]


def independent_requests(pieces: Pieces, rng: np.random.Generator) -> list[Asked]:
    """Requests with each attribute of another window: no tune goes with them, and some ask for what hardly can be."""
    mixed = np.column_stack([rng.permutation(column) for column in pieces.values.T])
    return [_asked(window, row) for window, row in zip(pieces.windows, mixed, strict=True)]


def asked_values(requests: Sequence[Asked]) -> Floats:
    """The attributes of requests as a table: (requests, attributes)."""
    return np.array([[one.attributes[name] for name in CONDITION_ATTRIBUTES] for one in requests])


def _asked(window: Window, row: Floats) -> Asked:
    attributes = dict(zip(CONDITION_ATTRIBUTES, row.tolist(), strict=True))
    return Asked(window.grid, attributes, window.is_minor, window.begins_tune, window.ends_tune)
