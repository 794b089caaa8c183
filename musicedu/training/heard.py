"""What a network plays while it learns, kept as texts beside the history of its training."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from musicedu.errors import FileProblem
from musicedu.melody import Melody
from musicedu.storage import write_atomically
from musicedu.training.loop import HEARD, HISTORY, Watcher
from musicedu.training.record import EpochReport, load_record, render_short


class Hearing:
    """A watcher that keeps a melody after the first epoch and every `every` epochs, and passes on what it is told."""

    def __init__(self, watcher: Watcher, folder: Path, play: Callable[[Any], Melody], *, every: int = 5) -> None:
        self._watcher, self._folder, self._play, self._every = watcher, folder, play, every

    def on_batch(self, epoch: int, done: int, total: int, losses: dict[str, float]) -> None:
        """Pass on."""
        self._watcher.on_batch(epoch, done, total, losses)

    def on_epoch(self, report: EpochReport, model: Any) -> None:
        """Keep a melody if it is time, pass on."""
        if report.epoch == 1 or report.epoch % self._every == 0:
            earlier = {epoch: text for epoch, text in load_heard(self._folder).items() if epoch < report.epoch}
            heard = {**earlier, report.epoch: text_of(self._play(model))}
            write_atomically(self._folder / HEARD, json.dumps(heard, indent=1).encode())
        self._watcher.on_epoch(report, model)


def load_heard(folder: Path) -> dict[int, str]:
    """The melodies that a training in `folder` kept, as texts by epoch; none if it kept none."""
    path = folder / HEARD
    if not path.is_file():
        return {}
    try:
        return {int(epoch): str(text) for epoch, text in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, AttributeError, RecursionError) as fault:
        remedy = "Remove the file: the weights do not need it"
        raise FileProblem(f"the melodies cannot be read ({fault})", where=str(path), remedy=remedy) from fault


def short_record(folder: Path) -> bytes:
    """The record of a training in `folder` and what was heard of it, as small as it is shipped."""
    record = load_record(folder / HISTORY)
    return render_short(replace(record, melodies=load_heard(folder)))


def text_of(melody: Melody) -> str:
    """A melody's notes and rests as `Melody.from_text` reads them, durations in quarter notes.

    >>> text_of(Melody.from_text("C4:1 r:1/2 E4:5/2"))
    'C4:1 r:1/2 E4:5/2'
    """
    sounds = [(note.onset, f"{note.spelling}:{note.duration}") for note in melody.notes]
    rests = [(begin, f"r:{end - begin}") for begin, end in melody.rests]
    return " ".join(text for _, text in sorted(sounds + rests))
