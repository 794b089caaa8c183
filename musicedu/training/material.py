"""What a network is trained and judged on: windows cut from tunes, packed, with the rank tables made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from musicedu.configs import GanConfig, VaeConfig
from musicedu.errors import MusicEduError
from musicedu.melody import Melody
from musicedu.training.dataset import Dataset, Packed, build_dataset, pack, quantile_tables
from musicedu.weights import Floats

VALIDATION_WINDOWS = 6000
_MODES = ("major", "minor")


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
