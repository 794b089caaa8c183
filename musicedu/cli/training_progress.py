"""What is shown while a network is trained: a bar with the losses, and a tune after every epoch."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from musicedu.encoding.events import decode
from musicedu.encoding.features import CONDITION_ATTRIBUTES, condition_vector
from musicedu.encoding.vocabulary import Frame
from musicedu.evaluation.level_windows import level_ahead
from musicedu.generation.decoding import draw_phrases
from musicedu.generation.engine import Engine
from musicedu.grid import Grid
from musicedu.melody import Key, Melody, Metre
from musicedu.training.heard import text_of

if TYPE_CHECKING:
    from musicedu.training.record import EpochReport

SAMPLE_LEVEL, SAMPLE_GRID, SAMPLE_SEED = 4, Grid(Metre(4, 4), 2), 1


class TrainingProgress:
    """A `musicedu.training.loop.Watcher` that shows all on standard error.

    play: what a network in training plays, to be heard after every epoch.
    """

    def __init__(self, n_epochs: int, play: Callable[[Any], Melody], *, is_quiet: bool = False) -> None:
        self._n_epochs, self._play, self._is_quiet = n_epochs, play, is_quiet
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[losses]}"),
        )
        self._bar = Progress(*columns, console=console, transient=True, disable=is_quiet or not console.is_terminal)
        self._task = self._bar.add_task("training", total=None, losses="")
        self._stack = ExitStack()

    def __enter__(self) -> TrainingProgress:
        self._stack.enter_context(self._bar)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def on_batch(self, epoch: int, done: int, total: int, losses: dict[str, float]) -> None:
        """Move the bar."""
        self._bar.update(
            self._task,
            description=f"epoch {epoch} of {self._n_epochs}",
            completed=done,
            total=total,
            losses=_listed(losses),
        )

    def on_epoch(self, report: EpochReport, model: Any) -> None:
        """Print the losses of the epoch and a tune."""
        if self._is_quiet:
            return
        best = " (the best so far)" if report.is_best else ""
        print(f"epoch {report.epoch}: {_listed(report.validation)}{best}", file=sys.stderr)
        print(f"  {text_of(self._play(model))}", file=sys.stderr)


def sample_tune(engine: Engine, seed: int = SAMPLE_SEED) -> Melody:
    """Two measures that an engine makes under the rules of level 4; the same seed asks for the same."""
    grid, rng = SAMPLE_GRID, np.random.default_rng(seed)
    ahead = level_ahead(SAMPLE_LEVEL, grid, is_minor=False)
    if ahead is None:
        raise ValueError(f"level {SAMPLE_LEVEL} has no {grid.metre}")
    ranks = [0.0] * len(CONDITION_ATTRIBUTES)
    condition = condition_vector(ranks, grid, is_minor=False, begins_tune=True, ends_tune=True)[None].astype(np.float64)
    (phrase,) = draw_phrases(ahead, engine.decoder(engine.draw_latents(condition, rng), condition, grid), 1, rng)
    notes = decode(phrase, Frame(Key(0), 0))
    return Melody(notes=notes, duration=grid.metre.duration * grid.n_measures)


def _listed(losses: Mapping[str, float]) -> str:
    return ", ".join(f"{name.removesuffix('_loss').replace('_', ' ')} {value:.2f}" for name, value in losses.items())
