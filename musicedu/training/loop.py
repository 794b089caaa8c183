"""The training loop: epochs, checkpoints, and going on after a kill with the same result as without one.

A checkpoint is written after every epoch, in one step, and holds the history and every variable of model and
optimiser, the seeds of dropout and sampling among them; the order of the batches is drawn from (seed, epoch). So a run
that was killed at any moment and resumed ends with the same weights as one that was not.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np

from musicedu.errors import FileProblem
from musicedu.models.vae import Vae, build_vae
from musicedu.storage import write_atomically
from musicedu.training.dataset import Batch, Packed, batches
from musicedu.weights import VaeConfig

_CHECKPOINT, _BEST, _HISTORY = "checkpoint.npz", "best.npz", "history.json"
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)
"""What reading a checkpoint may raise that was cut short, damaged or written by something else."""


@dataclass(frozen=True)
class EpochReport:
    """The losses of an epoch: training and validation, by name, in nats a window."""

    epoch: int
    training: dict[str, float]
    validation: dict[str, float]
    is_best: bool


class Watcher(Protocol):
    """Who is told how training goes."""

    def on_batch(self, epoch: int, done: int, total: int, losses: dict[str, float]) -> None: ...

    def on_epoch(self, report: EpochReport, model: Vae) -> None: ...


@dataclass
class _Run:
    model: Vae
    folder: Path
    history: list[EpochReport]

    def variables(self) -> Iterator[tuple[str, Any]]:
        optimizer = self.model.optimizer
        for index, variable in enumerate([*self.model.variables, *optimizer.variables]):
            yield f"v{index:03d}", variable

    def save(self, name: str) -> None:
        buffer = io.BytesIO()
        record = np.frombuffer(self._record(), dtype=np.uint8)
        arrays = {key: np.asarray(variable) for key, variable in self.variables()}
        np.savez(buffer, allow_pickle=False, record=record, **arrays)
        write_atomically(self.folder / name, buffer.getvalue())

    def save_history(self) -> None:
        """Write the losses where people can read them."""
        write_atomically(self.folder / _HISTORY, self._record())

    def _record(self) -> bytes:
        record = {"config": asdict(self.model.settings), "epochs": [asdict(report) for report in self.history]}
        return json.dumps(record, indent=1).encode()

    def restore(self, name: str) -> dict[str, Any]:
        """Take every variable from a checkpoint; return the configuration it was trained with."""
        path = self.folder / name
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
                record = json.loads(arrays["record"].tobytes())
                config: dict[str, Any] = record["config"]
                if config == asdict(self.model.settings):
                    for key, variable in self.variables():
                        variable.assign(arrays[key])
                    self.history[:] = [EpochReport(**report) for report in record["epochs"]]
        except _UNREADABLE as fault:
            remedy = "Begin anew with --fresh"
            raise FileProblem(f"the checkpoint cannot be read ({fault})", where=str(path), remedy=remedy) from fault
        return config


def fit_vae(
    config: VaeConfig,
    training: Packed,
    validation: Packed,
    folder: Path,
    *,
    epochs: int,
    watcher: Watcher,
    patience: int = 6,
    make_model: Callable[[VaeConfig], Vae] = build_vae,
) -> Vae:
    """Train until `epochs` are done or validation has not improved for `patience`; return the best model.

    Goes on from the checkpoint in `folder` if there is one of the same configuration; `FileProblem` if it is of
    another. `make_model` may build under a `tf.distribute` strategy.
    """
    run = _begin(config, folder, make_model)
    n_batches = max(1, len(training) // config.batch_size)
    while len(run.history) < epochs and not _is_stale(run.history, patience):
        epoch = len(run.history) + 1
        trained = _train_epoch(run.model, config, training, epoch, epochs, n_batches, watcher)
        report = _validated(run, validation, epoch, trained)
        run.history.append(report)
        if report.is_best:
            run.save(_BEST)  # before the checkpoint: what is the best so far is there whenever the checkpoint says so
        run.save(_CHECKPOINT)
        run.save_history()
        watcher.on_epoch(report, run.model)
    run.restore(_BEST)
    return run.model


def _begin(config: VaeConfig, folder: Path, make_model: Callable[[VaeConfig], Vae]) -> _Run:
    folder.mkdir(parents=True, exist_ok=True)
    model = make_model(config)
    model.compile(optimizer=keras.optimizers.Adam(config.learning_rate, clipnorm=5.0), jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    run = _Run(model, folder, [])
    if (folder / _CHECKPOINT).exists() and run.restore(_CHECKPOINT) != asdict(config):
        remedy = "Choose another folder, or begin anew with --fresh"
        raise FileProblem("holds a training of another configuration", where=str(folder), remedy=remedy)
    return run


def _train_epoch(
    model: Vae, config: VaeConfig, data: Packed, epoch: int, epochs: int, n_batches: int, watcher: Watcher
) -> dict[str, float]:
    rng, mean = np.random.default_rng([config.seed, epoch]), _Mean()
    share = (epoch - 1) / max(1, epochs)
    model.optimizer.learning_rate.assign(config.learning_rate * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * share))))
    for index, batch in enumerate(batches(data, config.batch_size, rng)):
        step = (epoch - 1) * n_batches + index
        model.kl_weight.assign(config.beta * min(1.0, step / max(1, config.warmup_steps)))
        losses = _numbers(model.train_on_batch(batch, return_dict=True))
        mean.add(losses, len(batch["mask"]))
        watcher.on_batch(epoch, index + 1, n_batches, losses)
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


def _validated(run: _Run, validation: Packed, epoch: int, trained: dict[str, float]) -> EpochReport:
    mean = _Mean()
    for batch in _in_order(validation, 256):
        mean.add(_numbers(run.model.test_on_batch(batch, return_dict=True)), len(batch["mask"]))
    judged = mean.result()
    # Judged at the full weight of the KL term, so that warm-up epochs can be compared with later ones.
    beta = run.model.settings.beta
    judged["loss"] = judged["value_loss"] + judged["token_loss"] + beta * judged["kl"]
    best = min((report.validation["loss"] for report in run.history), default=math.inf)
    return EpochReport(epoch, trained, judged, judged["loss"] < best)


def _in_order(data: Packed, batch_size: int) -> Iterator[Batch]:
    order = np.argsort(data.lengths, kind="stable")
    for begin in range(0, len(order), batch_size):
        yield data.batch(order[begin : begin + batch_size])


def _is_stale(history: list[EpochReport], patience: int) -> bool:
    best = max((report.epoch for report in history if report.is_best), default=0)
    return bool(history) and history[-1].epoch - best >= patience


def forget_training(folder: Path) -> None:
    """Remove what a training left in `folder`, so that the next one begins anew."""
    for name in (_HISTORY, _CHECKPOINT, _BEST):
        (folder / name).unlink(missing_ok=True)
