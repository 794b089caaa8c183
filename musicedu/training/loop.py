"""The training loop: epochs, checkpoints, and going on after a kill with the same result as without one.

A checkpoint is written after every epoch, in one step, and holds the history and every variable of the network and its
optimisers, the seeds of dropout and sampling among them; the order of the batches is drawn from (seed, epoch). So a run
that was killed at any moment and resumed ends with the same weights as one that was not.
"""

from __future__ import annotations

import io
import json
import logging
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import keras
import numpy as np

from musicedu.arrays import read_arrays
from musicedu.errors import FileProblem
from musicedu.storage import write_atomically
from musicedu.training.devices import Strategy, rows_of, scope_of, share_out
from musicedu.training.feed import Batch, Feed
from musicedu.training.record import EpochReport, render_record, reports_of

_CHECKPOINT, _BEST, HISTORY, HEARD = "checkpoint.npz", "best.npz", "history.json", "heard.json"
_MOST_BYTES = 2**30
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What reading a checkpoint may raise that was cut short, damaged or written by something else."""


class Watcher(Protocol):
    """Who is told how training goes."""

    def on_batch(self, epoch: int, done: int, total: int, losses: dict[str, float]) -> None: ...

    def on_epoch(self, report: EpochReport, model: Any) -> None: ...


class Silent:
    """A watcher that keeps to itself."""

    def on_batch(self, epoch: int, done: int, total: int, losses: dict[str, float]) -> None:
        """Nothing is shown."""

    def on_epoch(self, report: EpochReport, model: Any) -> None:
        """Nothing is shown."""


@dataclass(frozen=True)
class Progress:
    """How far a training is before a step: `epoch` from 1, `step` from 0 over all epochs."""

    epoch: int
    epochs: int
    step: int


Judge = Callable[[Any], Mapping[str, float]]
"""Figures of a network after an epoch, by name."""

_Prepare = Callable[[Any, Progress], None]


def fit(
    make_model: Callable[[], Any],
    feed: Feed,
    folder: Path | None = None,
    *,
    epochs: int,
    watcher: Watcher | None = None,
    judge: Judge | None = None,
    judged_by: str | None = "loss",
    patience: int | None = None,
    before_step: _Prepare | None = None,
    strategy: Strategy | None = None,
) -> Any:
    """Train until `epochs` are done or the judge's figure has not fallen for `patience` epochs; return the best model.

    make_model: builds and compiles a `keras.Model` whose `settings` are a frozen dataclass with a `seed`, its variables
    and those of its optimisers made; it is called under the scope of `strategy`. judge: its figure `judged_by` says
    which epoch is the best, small is good; without a judge the last is. before_step: may set rates and weights.
    folder: goes on from the checkpoint there if it is of the same settings, `FileProblem` if it is of others; None
    keeps nothing.
    """
    if folder is None:
        with TemporaryDirectory() as kept:
            return fit(
                make_model, feed, Path(kept), epochs=epochs, watcher=watcher, judge=judge, judged_by=judged_by,
                patience=patience, before_step=before_step, strategy=strategy,
            )  # fmt: skip
    # Every training traces its own graph, and from the fifth on TensorFlow would call that a mistake.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    run, heard = _begin(make_model, folder, strategy), watcher or Silent()
    while len(run.history) < epochs and not _is_stale(run.history, patience):
        epoch = len(run.history) + 1
        trained = _train_epoch(run, feed, Progress(epoch, epochs, (epoch - 1) * feed.n_batches), heard, before_step)
        judged = dict(judge(run.model)) if judge else {}
        report = EpochReport(epoch, trained, judged, _is_best(judged, judged_by, run.history))
        run.history.append(report)
        if report.is_best:
            run.save(_BEST)  # before the checkpoint: what is the best so far is there whenever the checkpoint says so
        run.save(_CHECKPOINT)
        run.save_history()
        heard.on_epoch(report, run.model)
    if run.history:
        run.restore(_BEST)
    return run.model


def judged_on(batches: Callable[[], Iterable[Batch]]) -> Judge:
    """A judge that takes the mean of every loss over batches which are not trained on."""

    def judge(model: Any) -> dict[str, float]:
        mean = _Mean()
        for batch in batches():
            mean.add(_numbers(model.test_on_batch(batch, return_dict=True)), rows_of(batch))
        return mean.result()

    return judge


def forget_training(folder: Path) -> None:
    """Remove what a training left in `folder`; the next begins anew."""
    for name in (HISTORY, _CHECKPOINT, _BEST, HEARD):
        (folder / name).unlink(missing_ok=True)


@dataclass
class _Run:
    model: Any
    folder: Path
    history: list[EpochReport]
    strategy: Strategy | None = None

    def variables(self) -> Iterator[tuple[str, Any]]:
        held = [variable for optimizer in _optimizers(self.model) for variable in optimizer.variables]
        for index, variable in enumerate([*self.model.variables, *held]):
            yield f"v{index:03d}", variable

    def save(self, name: str) -> None:
        buffer = io.BytesIO()
        record = np.frombuffer(self._record(), dtype=np.uint8)
        arrays = {key: np.asarray(variable) for key, variable in self.variables()}
        np.savez(buffer, allow_pickle=False, record=record, **arrays)
        write_atomically(self.folder / name, buffer.getvalue())

    def save_history(self) -> None:
        """Write the losses where people can read them."""
        write_atomically(self.folder / HISTORY, self._record())

    def _record(self) -> bytes:
        return render_record(asdict(self.model.settings), self.history)

    def restore(self, name: str) -> dict[str, Any]:
        """Take every variable from a checkpoint; return the configuration it was trained with."""
        path = self.folder / name
        try:
            arrays = read_arrays(path.read_bytes(), most_bytes=_MOST_BYTES)
            record = json.loads(arrays["record"].tobytes())
            config: dict[str, Any] = record["config"]
            if config == _as_json(self.model.settings):
                history = reports_of(record["epochs"])
                for key, variable in self.variables():
                    variable.assign(arrays[key])
                self.history[:] = history
        except _UNREADABLE as fault:
            remedy = "Begin anew with --fresh"
            raise FileProblem(f"the checkpoint cannot be read ({fault})", where=str(path), remedy=remedy) from fault
        return config


def _begin(make_model: Callable[[], Any], folder: Path, strategy: Strategy | None) -> _Run:
    folder.mkdir(parents=True, exist_ok=True)
    with scope_of(strategy):
        model = make_model()
    run = _Run(model, folder, [], strategy)
    if (folder / _CHECKPOINT).exists() and run.restore(_CHECKPOINT) != _as_json(model.settings):
        remedy = "Choose another folder, or begin anew with --fresh"
        raise FileProblem("holds a training of another configuration", where=str(folder), remedy=remedy)
    return run


def _as_json(settings: Any) -> Any:
    """Settings as a file gives them back: tuples as lists."""
    return json.loads(json.dumps(asdict(settings)))


def _optimizers(model: Any) -> list[Any]:
    """Every optimiser of a network, by the name of the attribute that holds it; a GAN has two."""
    held = (value for _, value in sorted(vars(model).items(), key=lambda item: item[0]))
    return [value for value in held if isinstance(value, keras.optimizers.Optimizer)]


def _train_epoch(
    run: _Run, feed: Feed, begun: Progress, watcher: Watcher, before_step: _Prepare | None
) -> dict[str, float]:
    rng, mean = np.random.default_rng([run.model.settings.seed, begun.epoch]), _Mean()
    for index, batch in enumerate(feed.batches(rng)):
        if before_step:
            before_step(run.model, Progress(begun.epoch, begun.epochs, begun.step + index))
        losses = _numbers(run.model.train_on_batch(share_out(batch, run.strategy), return_dict=True))
        mean.add(losses, rows_of(batch))
        watcher.on_batch(begun.epoch, index + 1, feed.n_batches, losses)
    return mean.result()


class _Mean:
    """The mean of losses by name; Keras reports one batch at a time."""

    def __init__(self) -> None:
        self._sums: dict[str, float] = {}
        self._n = 0

    def add(self, losses: dict[str, float], n: int) -> None:
        for name, loss in losses.items():
            self._sums[name] = self._sums.get(name, 0.0) + n * loss
        self._n += n

    def result(self) -> dict[str, float]:
        return {name: total / max(1, self._n) for name, total in self._sums.items()}


def _numbers(losses: dict[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in losses.items()}


def _is_best(judged: Mapping[str, float], judged_by: str | None, history: list[EpochReport]) -> bool:
    if not judged or judged_by is None:
        return True
    if judged_by not in judged:
        raise ValueError(f"the judge gives no {judged_by!r}, only {', '.join(judged)}")
    return judged[judged_by] < min((report.validation[judged_by] for report in history), default=math.inf)


def _is_stale(history: list[EpochReport], patience: int | None) -> bool:
    if patience is None or not history:
        return False
    best = max((report.epoch for report in history if report.is_best), default=0)
    return history[-1].epoch - best >= patience
