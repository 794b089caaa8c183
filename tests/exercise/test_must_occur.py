"""An exercise has something of what its level adds, and has it early; unless a teacher chose what to practise."""

from __future__ import annotations

import numpy as np
import pytest

from musicedu.exercise.composed import ComposedPhrase
from musicedu.exercise.composing import compose
from musicedu.exercise.engines import shipped_engine
from musicedu.exercise.must_occur import drawn_feature
from musicedu.exercise.plan import Plan
from musicedu.exercise.resolve import resolve
from musicedu.exercise.specification import Specification
from musicedu.syllabus.levels import LEVEL_NUMBERS, places

NAMES = ("violin", "clarinet", "voice", "guitar")


def plan_of(number: int, name: str = "violin", **wishes: object) -> Plan:
    return resolve(Specification(number, name, **wishes))  # type: ignore[arg-type]


def newest(plan: Plan) -> set[str]:
    """The cells of the plan's metre that came last, of those that are not one note for the whole measure."""
    cells = [
        cell
        for cell in plan.cells_in(plan.metre)
        if cell.level > 1 and (len(cell.values) > 1 or cell.total < plan.metre.total)
    ]
    latest = max((cell.level for cell in cells), default=0)
    return {cell.name for cell in cells if cell.level == latest}


def completed_by(composed: ComposedPhrase, step: int) -> set[str]:
    """The cells that are complete at a step of the phrase."""
    positions = composed.compiled.ahead.rules.rhythm.positions
    return {name for _, _, arc, after in composed.walk() if positions[after.state] <= step for name in arc.completes}


@pytest.mark.parametrize("number", LEVEL_NUMBERS[1:])
def test_the_first_two_measures_have_a_new_cell_of_the_level(number: int) -> None:
    for seed, name in enumerate(NAMES):
        plan = plan_of(number, name, seed=seed)
        first, *_ = compose(plan, shipped_engine(), np.random.default_rng(seed), n_candidates=1)
        end = sum(plan.anacrusis) + 2 * plan.metre.total
        assert not newest(plan) or newest(plan) & completed_by(first, end)


def test_the_first_level_has_nothing_new() -> None:
    assert drawn_feature(plan_of(1), np.random.default_rng(0)) == ()


@pytest.mark.parametrize("wish", [{"focus": ("thirds",)}, {"rhythms": ("quarter", "eighths", "half")}])
def test_what_a_teacher_chose_is_not_added_to(wish: dict[str, tuple[str, ...]]) -> None:
    assert drawn_feature(plan_of(4, metre="4/4", **wish), np.random.default_rng(0)) == ()


@pytest.mark.parametrize("number", LEVEL_NUMBERS[1:])
def test_a_feature_is_one_cell_in_some_of_its_places(number: int) -> None:
    for seed in range(8):
        plan = plan_of(number, seed=seed)
        feature = drawn_feature(plan, np.random.default_rng(seed))
        assert {placed.cell for placed in feature} <= newest(plan)
        assert len({placed.cell for placed in feature}) <= 1
        assert len(set(feature)) == len(feature)
        for placed in feature:
            found = next(cell for cell in plan.cells if cell.name == placed.cell)
            measure, onset = divmod(placed.step - sum(plan.anacrusis), plan.metre.total)
            assert measure in (0, 1)
            assert onset in places(found, plan.metre)
