"""The record of a training: written exactly or short, read back, and named when it is something else."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from musicedu.errors import FileProblem
from musicedu.training.record import EpochReport, TrainingRecord, load_record, render_record, render_short

REPORTS = (
    EpochReport(1, {"loss": 2.123456789}, {"loss": 2.5, "kl": 17.98765}, is_best=True),
    EpochReport(2, {"loss": 1.0}, {"loss": 2.75, "kl": 12.0}, is_best=False),
)
RECORD = TrainingRecord({"beta": 0.2, "seed": 1}, REPORTS, {2: "C4:1 D4:1 E4:2"})


def read(tmp_path: Path, data: bytes) -> TrainingRecord:
    (tmp_path / "history.json").write_bytes(data)
    return load_record(tmp_path / "history.json")


def test_a_record_comes_back_exactly(tmp_path: Path) -> None:
    assert read(tmp_path, render_record(RECORD.config, REPORTS)) == TrainingRecord(RECORD.config, REPORTS)


def test_a_short_record_keeps_four_digits_and_the_melodies(tmp_path: Path) -> None:
    record = read(tmp_path, render_short(RECORD))
    assert record.losses("loss") == [2.5, 2.75]
    assert record.losses("loss", of="training") == [2.123, 1.0]
    assert record.losses("kl") == [17.99, 12.0]
    assert record.melody(2).pitches == (60, 62, 64)
    assert [asdict(report)["is_best"] for report in record.epochs] == [True, False]
    assert read(tmp_path, render_short(record)) == record


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"\xff", b'{"config": {}, "epochs": [{"epoch": 1}]}', b'{"config": 3, "epochs": []}',
     b"[" * 99999,
     b'{"config": {}, "epochs": [{"epoch": 1, "training": {"loss": "low"}, "validation": {}, "is_best": true}]}',
     b'{"config": {}, "epochs": [], "melodies": {"one": "C4:1"}}', b" " * (5 * 2**20)],
    ids=["empty", "list", "nothing", "no text", "no losses", "no settings", "deep", "words", "no number", "large"],
)  # fmt: skip
def test_what_is_no_record_is_named(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(FileProblem, match=r"history\.json: the record cannot be read"):
        read(tmp_path, data)


def test_a_missing_record_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"none\.json: there is no record of a training here"):
        load_record(tmp_path / "none.json")
