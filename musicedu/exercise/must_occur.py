"""What an exercise must contain: its focus, and something of what its level adds; shared out over the phrases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from musicedu.exercise.composed import ComposedPhrase, count_focus
from musicedu.exercise.phrase_rules import LEADING_NOTE, Budget
from musicedu.exercise.plan import Plan
from musicedu.exercise.rhythm_rules import Placed
from musicedu.syllabus.levels import LEVEL_NUMBERS, Cell, MetreGrid, places

_MOST_PLACES = 4


def drawn_feature(plan: Plan, rng: np.random.Generator) -> tuple[Placed, ...]:
    """Where the exercise has something of what its level adds: places for one new cell, in the order to try them.

    The cell is new at the level, or at the nearest below that has any for the metre. It stands in the first two
    measures of the first phrase, so that phrases which begin alike repeat it. Empty where a teacher chose.
    """
    if plan.focus or plan.specification.rhythms:
        return ()
    metre = plan.metre
    cells = [cell for cell in plan.cells_in(metre) if cell.level > LEVEL_NUMBERS[0] and _leaves_room(cell, metre)]
    newest = max((cell.level for cell in cells), default=0)
    pool = [cell for cell in cells if cell.level == newest]
    if not pool:
        return ()
    cell = pool[int(rng.integers(len(pool)))]
    upbeat = sum(plan.anacrusis)
    steps = [upbeat + metre.total * measure + onset for measure in (0, 1) for onset in places(cell, metre)]
    return tuple(Placed(cell.name, int(step)) for step in rng.permutation(steps)[:_MOST_PLACES])


def _leaves_room(cell: Cell, metre: MetreGrid) -> bool:
    """Whether a cell is a figure in a measure of this metre, and not one note that is the measure."""
    return cell.total < metre.total or (cell.total == metre.total and len(cell.values) > 1)


def budgets(plan: Plan, composed: Sequence[ComposedPhrase], index: int, feature: Sequence[Placed]) -> Iterator[Budget]:
    """What a phrase may and must use: ties by its share, each focus spread out, the feature in its place.

    What would be good to have (`_liked`) comes first, and is let go where it cannot be had.
    """
    n_left = len(plan.phrases) - index
    ties_left = plan.max_ties - sum(count_focus(one, "ties") for one in composed)
    ties = -(-ties_left // n_left)
    missing = {name: max(0, plan.focus_count - sum(count_focus(one, name) for one in composed)) for name in plan.focus}
    spread = {name: -(-count // n_left) for name, count in missing.items()}
    liked = _liked(plan, index)
    for wished in ({**spread, **liked}, *({**spread, name: 1} for name in liked), spread):
        if index == 0:
            yield from (Budget(ties, wished, placed) for placed in feature)
        yield Budget(ties, wished)
    if n_left > 1:
        for name in spread:
            yield Budget(ties, {other: n for other, n in spread.items() if other != name})
        yield Budget(ties, {})


def _liked(plan: Plan, index: int) -> dict[str, int]:
    """What a phrase should have once: minor its leading note, and now a rest, now a tie, now a chromatic note."""
    liked: dict[str, int] = {}
    last = len(plan.phrases) - 1
    if plan.focus or plan.specification.rhythms:
        return liked
    has_accidentals = plan.accidentals != "none" and plan.max_accidentals > 0
    if plan.key.is_minor and has_accidentals and index in (0, last):
        liked[LEADING_NOTE] = 1
    if plan.rests and plan.seed % 2 == 0 and index == 0:
        liked["rests"] = 1
    if plan.max_ties and plan.seed % 2 and index == last:
        liked["ties"] = 1
    if has_accidentals and plan.accidentals != "leading note" and not plan.key.is_minor and index == last:
        liked["accidentals"] = 1
    return liked
