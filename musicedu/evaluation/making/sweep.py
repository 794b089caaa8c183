"""The whole table: every engine and every baseline, at every length, row by row; finished rows are kept.

Its record is a JSON file with the setting and every row, from which tables and plots are made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from math import isnan
from pathlib import Path
from typing import Any, Literal

import numpy as np
from threadpoolctl import threadpool_limits

from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.errors import FileProblem
from musicedu.evaluation.making.baselines import Maker, Pool, RandomInKey, WithoutLatent, drawn_by
from musicedu.evaluation.making.judging import (
    Figures,
    Setting,
    choose_requests,
    judge,
    judge_windows,
    time_maker,
)
from musicedu.evaluation.making.material import Material, Tunes
from musicedu.evaluation.making.pieces import requests_like
from musicedu.evaluation.making.reconstructing import by_holding, by_vae, judge_reconstruction
from musicedu.generation.engine import Engine
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.storage import write_atomically

VERSION = 1
"""To be raised when a figure means something else than before: rows kept from then are made anew."""
BEST_OF = 16
POOL = 8000
PEOPLE, RANDOM, MEMORY, NO_LATENT, POOLED, HELD, TO_VARY = (
    "held-out people",
    "random in key",
    "training tune retrieved",
    "vae without latent",
    "markov pool",
    "always hold",
    "vae to vary",
)
Kind = Literal["matched", "independent", "reconstruction"]
_REMEDY = "Make a new one: musicedu evaluate --out FOLDER"


@dataclass(frozen=True)
class Job:
    """One row to be made: who writes, the best of how many draws, what is asked, how many measures."""

    name: str
    draws: int
    kind: Kind
    n_measures: int


@dataclass(frozen=True)
class Row:
    """One row of the table: every figure's mean over the seeds, and its standard deviation (0 for one seed)."""

    name: str
    draws: int
    kind: Kind
    n_measures: int
    figures: Mapping[str, tuple[float, float]]

    def mean(self, figure: str) -> float:
        """The mean of a figure over the seeds; NaN if the row does not have it."""
        return self.figures.get(figure, (float("nan"), 0.0))[0]

    @property
    def weakest_control(self) -> tuple[str, float]:
        """The attribute with the lowest control, and that control; NaN where none could be judged."""
        known = {name: self.mean(f"control_{name}") for name in CONDITION_ATTRIBUTES}
        name = min(known, key=lambda one: known[one] if f"control_{one}" in self.figures else 2.0)
        return name, known[name]


def list_jobs(engines: Sequence[str], measures: Sequence[int]) -> list[Job]:
    """The rows of a table for these engines, baselines first."""
    drawn = [(RANDOM, 1), (RANDOM, BEST_OF), (MEMORY, 1)]
    for name in engines:
        if name == TO_VARY:  # it gives back what is there, and is not asked for anything new
            continue
        drawn += [(name, 1), (name, BEST_OF)]
        drawn += [(NO_LATENT, 1), (NO_LATENT, BEST_OF)] if name == "vae" else []
        drawn += [(POOLED, POOL)] if name == "markov" else []
    jobs = []
    for n_measures in measures:
        jobs.append(Job(PEOPLE, 1, "matched", n_measures))
        jobs += [Job(*one, "matched", n_measures) for one in drawn]
        jobs += [Job(*one, "independent", n_measures) for one in drawn]
        jobs.append(Job(HELD, 1, "reconstruction", n_measures))
        jobs += [Job(name, 1, "reconstruction", n_measures) for name in ("vae", TO_VARY) if name in engines]
    return jobs


class Sweep:
    """Makes rows; what was made with the same weights and setting is taken from `folder`.

    engines: by name, at least one; digests: of their weights, by name, so that other weights make other rows. tunes:
    called when a row has to be made.
    """

    def __init__(
        self,
        engines: Mapping[str, Engine],
        digests: Mapping[str, str],
        tunes: Callable[[], Tunes],
        setting: Setting,
        folder: Path,
    ) -> None:
        if not engines:
            raise ValueError("a sweep needs an engine")
        self._engines, self._digests, self._setting, self._folder = engines, digests, setting, folder
        self._load_tunes = tunes
        self._tunes: Tunes | None = None
        self._material: dict[int, Material] = {}
        self._pools: dict[int, Pool] = {}

    def rows(self, jobs: Sequence[Job], *, fresh: bool = False) -> Iterator[Row]:
        """Every job's row, in order; `fresh` makes them anew."""
        for job in jobs:
            path = self._folder / f"{self._key(job)}.json"
            figures = None if fresh else _kept(path)
            if figures is None:
                with threadpool_limits(1, user_api="blas"):  # small matrices: more threads only cost
                    figures = _summary(self._made(job))
                write_atomically(path, json.dumps({**asdict(job), "figures": figures}, indent=1).encode())
            yield Row(job.name, job.draws, job.kind, job.n_measures, figures)

    def _made(self, job: Job) -> list[Figures]:
        material = self._material_of(job.n_measures)
        if job.kind == "reconstruction":
            vae = self._engines.get(job.name)
            repeater = by_vae(vae) if isinstance(vae, NumpyVae) else by_holding
            return judge_reconstruction(repeater, material, self._setting)
        if job.name == PEOPLE:
            return _people(material, self._setting)
        maker = self._maker(job, material)
        figures = judge(maker, material, self._setting, independent=job.kind == "independent")
        return [{**one, **time_maker(maker, material)} for one in figures[:1]] + figures[1:]

    def _maker(self, job: Job, material: Material) -> Maker:
        if job.name == MEMORY:
            return material.memory
        if job.name == POOLED:
            pool = self._pools.get(job.n_measures) or Pool(self._engines["markov"], job.draws)
            self._pools[job.n_measures] = pool
            return pool
        if job.name == RANDOM:
            return drawn_by(RandomInKey(material.rank), job.draws)
        vae = self._engines.get("vae")
        if job.name == NO_LATENT and isinstance(vae, NumpyVae):
            return drawn_by(WithoutLatent(vae), job.draws)
        return drawn_by(self._engines[job.name], job.draws)

    def _material_of(self, n_measures: int) -> Material:
        if self._tunes is None:
            self._tunes = self._load_tunes()
        if n_measures not in self._material:
            rank = next(iter(self._engines.values())).rank
            self._material[n_measures] = Material(self._tunes, n_measures, rank)
        return self._material[n_measures]

    def _key(self, job: Job) -> str:
        source = {NO_LATENT: "vae", POOLED: "markov"}.get(job.name, job.name)
        known = [VERSION, self._digests.get(source, ""), asdict(self._setting), asdict(job)]
        return sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:20]


def _people(material: Material, setting: Setting) -> list[Figures]:
    """What real tunes give that were kept aside: the ones that are asked like, against the others."""
    figures = []
    for seed in range(1, setting.n_seeds + 1):
        rng = np.random.default_rng([seed, material.n_measures])
        chosen = choose_requests(material.requests, setting.n_requests, rng)
        judged = judge_windows(chosen.windows, requests_like(chosen), chosen, material, rng)
        figures.append({**judged, "spread_within": 1.0})
    return figures


def _summary(seeds: Sequence[Figures]) -> dict[str, tuple[float, float]]:
    summary: dict[str, tuple[float, float]] = {}
    for name in seeds[0]:
        values = [one[name] for one in seeds if name in one and not isnan(one[name])]
        if not values:  # nothing there to be judged, such as control of what is always asked alike
            continue
        spread = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
        summary[name] = (round(float(np.mean(values)), 4), round(spread, 4))
    return summary


def _kept(path: Path) -> dict[str, tuple[float, float]] | None:
    try:
        known: dict[str, Any] = json.loads(path.read_bytes())["figures"]
        return {name: (float(mean), float(spread)) for name, (mean, spread) in known.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None  # not there, or damaged: made anew


@dataclass(frozen=True)
class Record:
    """Rows and the setting they were made in."""

    setting: Setting
    rows: tuple[Row, ...]

    def find(self, name: str, draws: int, n_measures: int, kind: Kind = "matched") -> Row | None:
        """The row of a name, None if it was not made."""
        wanted = (name, draws, kind, n_measures)
        return next((row for row in self.rows if (row.name, row.draws, row.kind, row.n_measures) == wanted), None)

    @property
    def lengths(self) -> tuple[int, ...]:
        """The numbers of measures there are rows for, the longest first."""
        return tuple(sorted({row.n_measures for row in self.rows}, reverse=True))


def render_record(setting: Setting, rows: Sequence[Row]) -> bytes:
    """Write a record as JSON, a line a row."""
    lines = ",\n".join("  " + json.dumps(asdict(row), ensure_ascii=False) for row in rows)
    return f'{{\n "setting": {json.dumps(asdict(setting))},\n "rows": [\n{lines}\n ]\n}}\n'.encode()


def load_record(path: Path) -> Record:
    """Read a record; `FileProblem` where it is missing or not one."""
    try:
        known = json.loads(path.read_bytes())
        rows = tuple(
            Row(
                str(row["name"]),
                int(row["draws"]),
                row["kind"],
                int(row["n_measures"]),
                {str(name): (float(mean), float(spread)) for name, (mean, spread) in row["figures"].items()},
            )
            for row in known["rows"]
        )
        return Record(Setting(**known["setting"]), rows)
    except OSError as fault:
        raise FileProblem("there is no record here", where=str(path), remedy=_REMEDY) from fault
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise FileProblem("this is no record of an evaluation", where=str(path), remedy=_REMEDY) from fault
