"""The audit counts what the checker finds, names what fails, and does not depend on who does the work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from musicedu.errors import Unsatisfiable
from musicedu.evaluation import audit as room
from musicedu.evaluation.audit import AuditReport, audit, draw_specification, drawn_from
from musicedu.exercise.exercise import Exercise
from musicedu.exercise.generator import generate
from musicedu.exercise.recipe import parse_recipe
from musicedu.exercise.resolve import resolve
from musicedu.exercise.specification import Specification
from musicedu.exercise.wishable import ENGINES
from musicedu.melody import Melody
from musicedu.syllabus.levels import LEVEL_NUMBERS

N = 5


def same_tune_for_all(specification: Specification) -> Exercise:
    """An exercise that breaks its plan: every wish gets the same four notes."""
    tune = Melody.from_text("C4:1 D4:1 E4:1 C4:1")
    exercise = generate(Specification(1, "piano"))
    return replace(exercise, melody=tune, plan=resolve(specification))


def broken(specification: Specification) -> Exercise:
    raise ValueError("no such thing")


def unwilling(specification: Specification) -> Exercise:
    raise Unsatisfiable("nobody can")


@pytest.fixture(scope="module")
def report() -> AuditReport:
    return audit(N, seed=11)


def test_exercises_of_the_shipped_generator_break_no_rule(report: AuditReport) -> None:
    assert report.is_clean, "\n".join(report.lines())
    assert report.n_asked == N == report.n_made + report.n_refused
    assert report.n_made > 0
    assert "0 violations, 0 failures" in report.lines()


@pytest.mark.parametrize("workers", [1, 2, None])
def test_however_many_processes_share_the_work_the_report_is_the_same(
    workers: int | None, report: AuditReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "CHUNK", 2)  # so that there is something to share
    told: list[int] = []
    assert audit(N, seed=11, workers=workers, on_progress=lambda done, _: told.append(done)) == report
    assert told == [2, 4, 5]


def test_a_cluster_finds_what_one_process_does(report: AuditReport) -> None:
    class Cluster:
        def map(self, function: Any, items: Any) -> list[Any]:
            return [function(item) for item in items]

        def gather(self, futures: Any) -> Any:
            return futures

    assert audit(N, seed=11, client=Cluster()) == report


def test_broken_rules_are_counted_with_recipes_that_can_be_read() -> None:
    found = audit(3, seed=1, generate=same_tune_for_all)
    assert not found.is_clean
    assert sum(found.by_rule.values()) >= found.n_made
    for name in found.by_rule:
        assert parse_recipe(found.examples[name][0].split("   ")[0])


def test_what_is_refused_only_while_composing_is_counted_and_listed_with_its_recipes() -> None:
    found = audit(3, seed=1, generate=unwilling)
    late = found.refused_late["refused late: nobody can"]
    assert found.is_clean
    assert late == found.refused_late.total() > 0
    assert f"{late} of the refusals came only while composing" in found.lines()
    listed = found.lines()[found.lines().index("          refused late: nobody can") + 1 :]
    assert len(listed) == late
    assert all(parse_recipe(line.strip()) for line in listed)


def test_a_failure_is_counted_and_named() -> None:
    found = audit(3, seed=1, generate=broken)
    assert sum(found.failures.values()) + found.n_refused == 3
    assert "ValueError: no such thing" in "\n".join(found.lines())


def test_progress_is_told() -> None:
    told: list[int] = []
    audit(3, seed=1, generate=broken, on_progress=lambda done, _: told.append(done))
    assert told == [3]


def test_wishes_are_drawn_from_the_whole_space() -> None:
    drawn = [draw_specification(np.random.default_rng((0, index))) for index in range(600)]
    assert {wish.level for wish in drawn} == set(LEVEL_NUMBERS)
    assert len({wish.instrument for wish in drawn}) == 12
    wished = {name for wish in drawn for name in wish.to_dict()}
    assert wished == set(Specification.__dataclass_fields__) - {"concert_pitch", "engine"}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_rules_hold_whatever_engine_proposes_the_notes(engine: str) -> None:
    report = audit(25, seed=8, engine=engine, generate=drawn_from(1))
    assert report.is_clean, "\n".join(report.lines())
    assert report.n_made > 10
