"""Windows of tunes as the arrays a network is trained on and judged by, packed, with the rank tables made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.configs import GanConfig, VaeConfig
from musicedu.encoding.events import Window, line_of_events
from musicedu.encoding.features import CONDITION_ATTRIBUTES, condition_vector, place_features
from musicedu.encoding.vocabulary import FIRST_PITCH, MIDDLE, VALUES
from musicedu.encoding.windows import cut_windows, doubled, moved_octaves
from musicedu.errors import MusicEduError
from musicedu.melody import Melody
from musicedu.weights import rank_in

Floats = NDArray[np.float32]
Batch = dict[str, NDArray[np.generic]]
VALIDATION_WINDOWS = 6000
_MODES = ("major", "minor")


@dataclass(frozen=True)
class Dataset:
    """Windows with their attributes: `values` is (n, attributes), in the order of `CONDITION_ATTRIBUTES`."""

    windows: tuple[Window, ...]
    values: Floats

    def __len__(self) -> int:
        return len(self.windows)


def window_attributes(window: Window) -> list[float]:
    """The condition attributes of a window, in order."""
    line = line_of_events(window.events, window.grid.weights())
    return [GRID_ATTRIBUTES[name](line) for name in CONDITION_ATTRIBUTES]


def build_dataset(melodies: Iterable[Melody], *, max_events: int, rng: np.random.Generator) -> Dataset:
    """Cut tunes into windows of four measures (and some of two and three), each also at a random register.

    Tunes are taken as they stand and in notes twice as long, which is what the first levels are made of.
    """
    windows = [window for melody in melodies for window in _windows_of(melody, max_events, rng)]
    values = np.array([window_attributes(window) for window in windows], dtype=np.float32)
    return Dataset(tuple(windows), values.reshape(len(windows), len(CONDITION_ATTRIBUTES)))


def _windows_of(melody: Melody, max_events: int, rng: np.random.Generator) -> Iterator[Window]:
    slow = doubled(melody)
    for tune, n_measures in (
        (melody, 4),
        (slow, 4),
        (melody, int(rng.integers(2, 4))),
        (slow, int(rng.integers(2, 4))),
    ):
        if tune is None:
            continue
        for window in cut_windows(tune, n_measures, hop=n_measures if n_measures < 4 else 2):
            if n_measures < 4 and rng.random() < 0.6:
                continue
            n_sounding = sum(token >= FIRST_PITCH for _, token in window.events)
            if len(window.events) > max_events or n_sounding < n_measures:
                continue
            registers = [moved for octaves in (-1, 0, 1) if (moved := moved_octaves(window, octaves)) is not None]
            yield registers[int(rng.integers(len(registers)))]


def quantile_tables(values: Floats) -> dict[str, Floats]:
    """The 101 quantiles of every attribute, by which a value becomes a rank."""
    tables = np.quantile(values, np.linspace(0, 1, 101), axis=0).astype(np.float32)
    return {name: tables[:, column] for column, name in enumerate(CONDITION_ATTRIBUTES)}


def ranks_of(values: Floats, tables: Mapping[str, Floats]) -> Floats:
    """Attribute values (n, attributes) as ranks from -1 to 1."""
    columns = [rank_in(tables[name], values[:, column]) for column, name in enumerate(CONDITION_ATTRIBUTES)]
    return np.stack(columns, axis=1).astype(np.float32)


@dataclass(frozen=True)
class Packed:
    """A dataset as padded arrays, ready to be cut into batches; positions are steps from the window's start."""

    values: NDArray[np.int8]
    tokens: NDArray[np.int8]
    last: NDArray[np.int8]
    positions: NDArray[np.int16]
    lengths: NDArray[np.int64]
    conditions: Floats
    windows: tuple[Window, ...]

    def __len__(self) -> int:
        return len(self.lengths)

    def batch(self, rows: Sequence[int] | NDArray[np.int64]) -> Batch:
        """The rows as a batch, padded to the longest of them rounded up to eight events."""
        longest = -(-int(self.lengths[rows].max()) // 8) * 8
        longest = min(longest, self.values.shape[1])
        place = np.stack([place_features(self.windows[row].grid)[self.positions[row, :longest]] for row in rows])
        mask = np.arange(longest)[None] < self.lengths[rows][:, None]
        return {
            "values": self.values[rows, :longest].astype(np.int32),
            "tokens": self.tokens[rows, :longest].astype(np.int32),
            "last": self.last[rows, :longest].astype(np.int32),
            "place": place,
            "condition": self.conditions[rows],
            "mask": mask.astype(np.float32),
        }


def pack(dataset: Dataset, tables: Mapping[str, Floats], max_events: int) -> Packed:
    """Lay windows out as arrays of `max_events` columns, with their conditions as ranks by `tables`."""
    n = len(dataset)
    values, tokens = np.zeros((n, max_events), np.int8), np.zeros((n, max_events), np.int8)
    last, positions = np.zeros((n, max_events), np.int8), np.zeros((n, max_events), np.int16)
    lengths = np.zeros(n, np.int64)
    ranks = ranks_of(dataset.values, tables)
    conditions = np.stack(
        [
            condition_vector(
                ranks[row], window.grid, is_minor=window.is_minor,
                begins_tune=window.begins_tune, ends_tune=window.ends_tune,
            )
            for row, window in enumerate(dataset.windows)
        ]
    )  # fmt: skip
    for row, window in enumerate(dataset.windows):
        lengths[row] = len(window.events)
        for column, (value, token) in enumerate(window.events):
            values[row, column], tokens[row, column] = value, token
        durations = np.array([VALUES[value] for value, _ in window.events])
        positions[row, : lengths[row]] = np.cumsum(durations) - durations
        last[row, : lengths[row]] = last_pitches(tokens[row, : lengths[row]])
    return Packed(values, tokens, last, positions, lengths, conditions, dataset.windows)


def last_pitches(tokens: NDArray[np.int8]) -> list[int]:
    """The index of the pitch that sounded last before each event (`MIDDLE` before the first)."""
    sounded, current = [], MIDDLE
    for token in tokens.tolist():
        sounded.append(current)
        current = token - FIRST_PITCH if token >= FIRST_PITCH else current
    return sounded


def batches(packed: Packed, batch_size: int, rng: np.random.Generator) -> Iterator[Batch]:
    """Every window once, in batches of windows of like length, the batches in random order."""
    order = np.argsort(packed.lengths + rng.random(len(packed)) * 4, kind="stable")
    chunks = [order[begin : begin + batch_size] for begin in range(0, len(order), batch_size)]
    for index in rng.permutation(len(chunks)):
        if len(chunks[index]) == batch_size or len(chunks) == 1:
            yield packed.batch(chunks[index])


@dataclass(frozen=True)
class Material:
    """Windows to train and to judge on, and the rank tables made of the former."""

    training: Packed
    validation: Packed
    quantiles: dict[str, Floats]


def prepare(config: VaeConfig | GanConfig, training: Iterable[Melody], validation: Iterable[Melody]) -> Material:
    """Cut tunes into windows and pack them; only major and minor tunes, since exercises are in no other mode."""
    rng = np.random.default_rng(config.seed)
    train = build_dataset(_tonal(training), max_events=config.max_events, rng=rng)
    judge = _at_most(build_dataset(_tonal(validation), max_events=config.max_events, rng=rng), VALIDATION_WINDOWS, rng)
    if len(train) < config.batch_size or not len(judge):
        raise MusicEduError(
            f"the tunes give {len(train)} windows to train on and {len(judge)} to judge by",
            remedy=f"Take more collections: at least {config.batch_size} windows are needed",
        )
    tables = quantile_tables(train.values)
    return Material(pack(train, tables, config.max_events), pack(judge, tables, config.max_events), tables)


def _tonal(melodies: Iterable[Melody]) -> Iterable[Melody]:
    return (melody for melody in melodies if melody.key.mode in _MODES)


def _at_most(dataset: Dataset, n: int, rng: np.random.Generator) -> Dataset:
    if len(dataset) <= n:
        return dataset
    rows = np.sort(rng.choice(len(dataset), n, replace=False))
    return Dataset(tuple(dataset.windows[row] for row in rows), dataset.values[rows])
