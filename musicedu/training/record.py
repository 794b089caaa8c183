"""The record of a training: its losses by epoch, and what the network played after some of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from musicedu.errors import FileProblem
from musicedu.melody import Melody

_LARGEST_BYTES = 4 * 2**20
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(frozen=True)
class EpochReport:
    """The figures of an epoch by name, in training and as judged afterwards; losses are in nats a window or example."""

    epoch: int
    training: dict[str, float]
    validation: dict[str, float]
    is_best: bool


@dataclass(frozen=True)
class TrainingRecord:
    """The settings of a training, a report an epoch, and melodies (texts for `Melody.from_text`) by epoch."""

    config: Mapping[str, Any]
    epochs: tuple[EpochReport, ...]
    melodies: Mapping[int, str] = field(default_factory=dict)

    def losses(self, name: str, *, of: str = "validation") -> list[float]:
        """One figure over the epochs, `of` training or validation; `KeyError` if it was not recorded."""
        return [getattr(report, of)[name] for report in self.epochs]

    def melody(self, epoch: int) -> Melody:
        """What was played after an epoch; `KeyError` if nothing was kept."""
        return Melody.from_text(self.melodies[epoch])


def render_record(config: Mapping[str, Any], epochs: Iterable[EpochReport]) -> bytes:
    """Write settings and reports as JSON, exactly, as a checkpoint keeps them."""
    record = {"config": dict(config), "epochs": [asdict(report) for report in epochs]}
    return json.dumps(record, indent=1).encode()


def render_short(record: TrainingRecord) -> bytes:
    """Write a record as small JSON: figures to four digits, an epoch a line."""
    epochs = ",\n".join(json.dumps(_rounded(asdict(report)), sort_keys=True) for report in record.epochs)
    head = json.dumps(dict(record.config), sort_keys=True)
    melodies = json.dumps({str(epoch): text for epoch, text in sorted(record.melodies.items())}, indent=1)
    return f'{{"config": {head},\n"epochs": [\n{epochs}\n],\n"melodies": {melodies}}}\n'.encode()


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return float(f"{value:.4g}") if isinstance(value, float) else value


def reports_of(epochs: Sequence[Mapping[str, Any]]) -> list[EpochReport]:
    """The reports in a record; `ValueError`, `TypeError` or `AttributeError` for what is none."""
    reports = [EpochReport(**report) for report in epochs]
    for number, report in enumerate(reports, 1):
        if report.epoch != number or not isinstance(report.is_best, bool):
            raise ValueError("the epochs do not follow each other")
        [float(figure) for figures in (report.training, report.validation) for figure in figures.values()]
    return reports


def load_record(path: Path) -> TrainingRecord:
    """Read what `render_record` or `render_short` wrote; `FileProblem` if it is missing or is something else."""
    remedy = "Name the history.json of a training, or install musicedu again"
    if not path.is_file():
        raise FileProblem("there is no record of a training here", where=str(path), remedy=remedy)
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ValueError("it is too large")
        found = json.loads(path.read_bytes())
        epochs = tuple(reports_of(found["epochs"]))
        melodies = {int(epoch): str(text) for epoch, text in found.get("melodies", {}).items()}
        return TrainingRecord(dict(found["config"]), epochs, melodies)
    except _UNREADABLE as fault:
        raise FileProblem(f"the record cannot be read ({fault})", where=str(path), remedy=remedy) from fault
