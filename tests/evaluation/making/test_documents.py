"""The tables in the documents are those of the record in `data/`."""

from pathlib import Path

import pytest

from musicedu.evaluation.making.sweep import load_record
from musicedu.evaluation.making.table import BEGIN, placed, render_tables

ROOT = Path(__file__).resolve().parents[3]
REMEDY = "run .ci/evaluation_table"


@pytest.fixture(scope="module")
def record():
    return load_record(ROOT / "data" / "evaluation.json")


def test_all_tables_are_those_of_the_record(record):
    assert (ROOT / "data" / "evaluation.md").read_text(encoding="utf-8").endswith(render_tables(record) + "\n"), REMEDY


def test_the_readme_has_the_short_one(record):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    if BEGIN in readme:
        assert placed(readme, record) == readme, REMEDY
