"""`musicedu evaluate` refuses what it does not know, and writes the record, the tables and the plots."""

import json

import pytest

from musicedu.cli import evaluate, main
from musicedu.evaluation.making.judging import Setting
from musicedu.evaluation.making.sweep import PEOPLE, TO_VARY, Row, load_record

FIGURES = {"overlap": (0.9, 0.01), "copied": (0.2, 0.0), "copied_low": (0.1, 0.0), "copied_high": (0.3, 0.0)}


def run(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", *map(str, arguments)])
    return ended.value.code


@pytest.fixture
def made(monkeypatch):
    """What was asked of a sweep that makes every row at once."""
    asked = []

    class Made:
        def rows(self, jobs, *, fresh):
            for job in jobs:
                yield Row(job.name, job.draws, job.kind, job.n_measures, FIGURES)

    monkeypatch.setattr(evaluate, "_sweep", lambda engines, setting: asked.append((tuple(engines), setting)) or Made())
    return asked


def test_the_record_the_tables_and_the_plots_are_written(made, tmp_path, capsys):
    out = tmp_path / "report"
    assert run("--engine", "vae", "--measures", 2, "--quick", "--out", out, "--json") == 0
    record = load_record(out / "evaluation.json")
    assert json.loads(capsys.readouterr().out)["rows"]
    assert made == [(("vae", TO_VARY), Setting(60, 1, 600))]
    assert record.lengths == (2,)
    assert record.find(PEOPLE, 1, 2).mean("overlap") == 0.9
    assert "held-out people" in (out / "evaluation.md").read_text(encoding="utf-8")
    assert (out / "overlap_2.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--engine", "transformer"], "transformer"), (["--measures", "3"], "2 and 4"), (["--seeds", "0"], "seeds")],
)
def test_what_there_is_not_is_one_line(made, arguments, words, capsys):
    assert run(*arguments) == 2
    line = capsys.readouterr().err
    assert words in line
    assert line.count("\n") == 1
