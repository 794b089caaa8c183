"""One row of the table: a maker's windows under every measure, for several seeds.

The first measure is control: does what was asked for come back? Spearman's correlation says whether more was made where
more was asked (Pati and Lerch 2021 use it for encoders; here it is taken from the music itself); the mean absolute
error says by how much a single request is missed. Four measures, `musicedu evaluate`: random notes 0.01, a training
tune looked up by its attributes 0.98.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Window
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.encoding.vocabulary import VALUES
from musicedu.evaluation.making.baselines import Maker
from musicedu.evaluation.making.copying import copied_interval
from musicedu.evaluation.making.diversity import (
    content_table,
    judge_coverage,
    mean_distance,
    mean_distance_within,
    unique_share,
)
from musicedu.evaluation.making.material import Material
from musicedu.evaluation.making.pieces import (
    Pieces,
    asked_values,
    independent_requests,
    line_of_window,
    measure_windows,
    requests_like,
)
from musicedu.evaluation.making.style import nats_of
from musicedu.evaluation.making.tonal import cadence_share, key_clarity, own_key_share
from musicedu.evaluation.overlap import control, mean_overlap
from musicedu.generation.engine import Asked

Floats = NDArray[np.float64]
Figures = dict[str, float]

N_WITHIN, N_ALIKE = 60, 4
"""How many requests are answered several times, and how often each."""
N_TIMED = 40
_SIXTEENTH = 3


@dataclass(frozen=True)
class Control:
    """By attribute: Spearman's correlation (NaN where all that is asked is equal) and mean absolute error in units."""

    spearman: dict[str, float]
    error: dict[str, float]

    @property
    def mean(self) -> float:
        """The mean correlation over the attributes that were asked for in more than one way; NaN if none was."""
        known = [value for value in self.spearman.values() if not np.isnan(value)]
        return float(np.mean(known)) if known else float("nan")


def judge_control(asked: Floats, realised: Floats, names: Sequence[str]) -> Control:
    """Compare tables (requests, attributes) of what was asked and what came; `ValueError` for unlike shapes.

    >>> judge_control(np.array([[1.0], [2.0], [4.0]]), np.array([[2.0], [3.0], [5.0]]), ["range"])
    Control(spearman={'range': 1.0}, error={'range': 1.0})
    """
    if asked.shape != realised.shape or asked.ndim != 2 or asked.shape[1] != len(names):
        raise ValueError(f"asked {asked.shape} and realised {realised.shape} must be (requests, {len(names)}) both")
    errors = np.abs(asked - realised).mean(axis=0)
    by_name = dict(zip(names, (round(value, 12) for value in control(asked, realised)), strict=True))
    return Control(by_name, dict(zip(names, errors.tolist(), strict=True)))


@dataclass(frozen=True)
class Setting:
    """How much is asked: requests a seed, and how many seeds; each seed draws requests and music anew.

    most_training: so many training tunes are looked at for copies and retrieval, or all.
    """

    n_requests: int = 500
    n_seeds: int = 5
    most_training: int | None = None


def judge(maker: Maker, material: Material, setting: Setting, *, independent: bool = False) -> list[Figures]:
    """A maker's figures for every seed; see `judge_windows` for what they are.

    independent: each attribute is asked for on its own, as no tune has them together.
    """
    return [_judged(maker, material, setting, seed, independent) for seed in range(1, setting.n_seeds + 1)]


def _judged(maker: Maker, material: Material, setting: Setting, seed: int, independent: bool) -> Figures:
    rng = np.random.default_rng([seed, material.n_measures])
    chosen = choose_requests(material.requests, setting.n_requests, rng)
    requests = independent_requests(chosen, rng) if independent else requests_like(chosen)
    figures = judge_windows(maker(requests, rng), requests, chosen, material, rng)
    if not independent:
        figures["spread_within"] = _spread_within(maker, requests[:N_WITHIN], material, rng)
    return figures


def _spread_within(maker: Maker, requests: Sequence[Asked], material: Material, rng: np.random.Generator) -> float:
    repeated = [one for one in requests for _ in range(N_ALIKE)]
    places = [index for index in range(len(requests)) for _ in range(N_ALIKE)]
    return mean_distance_within(maker(repeated, rng), places) / real_distance_within(requests, material)


def choose_requests(pieces: Pieces, n: int, rng: np.random.Generator) -> Pieces:
    """So many windows to ask like, all different ones as long as there are enough."""
    return pieces.chosen(rng.choice(len(pieces), n, replace=n > len(pieces)))


def real_distance_within(requests: Sequence[Asked], material: Material) -> float:
    """How far training tunes that answer one request lie from one another: what a composer's freedom is worth."""
    nearest = material.memory.nearest(requests, N_ALIKE)
    windows = [window for alike in nearest for window in alike]
    return mean_distance_within(windows, [index for index, alike in enumerate(nearest) for _ in alike])


def judge_windows(
    windows: Sequence[Window],
    requests: Sequence[Asked],
    real: Pieces,
    material: Material,
    rng: np.random.Generator,
) -> Figures:
    """Every figure of windows that answer requests one by one.

    control, control_*: Spearman, mean and by attribute; error_*: mean absolute error in units; overlap: with the
    reference; unique; spread: mean distance as a share of that of `real` windows; density, coverage: beside as many
    reference windows; copied, copied_low, copied_high: share of runs of eight notes that stand in training tunes, and
    its 95 % interval over the tunes asked like; longest: notes of the longest such run, the median; nats,
    nats_sixteenth: surprise under the style model, an event and a sixteenth; clarity; own_key; cadence. To these
    `judge` adds spread_within: how far answers to one request lie apart, as a share of how far tunes do that answer it.
    """
    values, lines = measure_windows(windows), [line_of_window(window) for window in windows]
    asked = judge_control(asked_values(requests), values, CONDITION_ATTRIBUTES)
    beside = choose_requests(material.reference, min(len(windows), len(material.reference)), rng)
    covered = judge_coverage(content_table(beside.windows), content_table(windows))
    known, runs = material.tunes.index.counts(lines)
    low, high = copied_interval(known, runs, real.tunes, rng)
    n_events = np.array([len(window.events) for window in windows])
    nats = float((nats_of(windows, material.style) * n_events).sum())
    sixteenths = sum(VALUES[value] for window in windows for value, _ in window.events) / _SIXTEENTH
    return {
        "control": asked.mean,
        **{f"control_{name}": value for name, value in asked.spearman.items()},
        **{f"error_{name}": value for name, value in asked.error.items()},
        "overlap": mean_overlap(values, material.reference.values),
        "unique": unique_share(windows),
        "spread": mean_distance(windows, rng) / mean_distance(real.windows, rng),
        "density": covered.density,
        "coverage": covered.coverage,
        "copied": float(known.sum() / max(1, runs.sum())),
        "copied_low": low,
        "copied_high": high,
        "longest": float(np.median(material.tunes.index.longest(lines))),
        "nats": nats / float(n_events.sum()),
        "nats_sixteenth": nats / sixteenths,
        "clarity": float(key_clarity(windows).mean()),
        "own_key": own_key_share(windows),
        "cadence": cadence_share(windows),
    }


def time_maker(maker: Maker, material: Material, n: int = N_TIMED) -> Figures:
    """How long one request takes alone, the music's choosing included: median and 95th percentile, milliseconds.

    Time of the processor, which on a computer that does nothing else is time on the clock.
    """
    rng = np.random.default_rng(1)
    requests = requests_like(choose_requests(material.requests, n + 1, rng))
    taken = []
    for one in requests:
        start = time.thread_time()
        maker([one], rng)
        taken.append(1000 * (time.thread_time() - start))
    return {"ms": float(np.median(taken[1:])), "ms_95": float(np.quantile(taken[1:], 0.95))}
