"""What an exercise must contain: its focus, and something of what its level adds; shared out over the phrases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from musicedu.practice.composed import ComposedPhrase, count_focus
from musicedu.practice.levels import places
from musicedu.practice.phrase_rules import LEADING_NOTE, Budget
from musicedu.practice.resolved import Resolved
from musicedu.practice.rhythm_rules import Placed

_MOST_PLACES = 4


def drawn_feature(plan: Resolved, rng: np.random.Generator) -> tuple[Placed, ...]:
    """Where the exercise has something of what its level adds: places for one new cell, in the order to try them.

    The cell is new at the level, or at the nearest below that has any for the metre. It stands in the first two
    measures of the first phrase, so that phrases which begin alike repeat it. Empty where a teacher chose.
    """
    if plan.focus or plan.specification.rhythms:
        return ()
    metre = plan.metre
    cells = [cell for cell in plan.cells_in(metre) if cell.level > 1 and cell.total < metre.total]
    newest = max((cell.level for cell in cells), default=0)
    pool = [cell for cell in cells if cell.level == newest]
    if not pool:
        return ()
    cell = pool[int(rng.integers(len(pool)))]
    upbeat = sum(plan.anacrusis)
    steps = [upbeat + metre.total * measure + onset for measure in (0, 1) for onset in places(cell, metre)]
    return tuple(Placed(cell.name, int(step)) for step in rng.permutation(steps)[:_MOST_PLACES])


def budgets(
    plan: Resolved, composed: Sequence[ComposedPhrase], index: int, feature: Sequence[Placed]
) -> Iterator[Budget]:
    """What a phrase may and must use: ties by its share, each focus spread out, the feature in its place.

    The last phrase in minor has the leading note, if it can.
    """
    n_left = len(plan.phrases) - index
    ties_left = plan.max_ties - sum(count_focus(one, "ties") for one in composed)
    ties = -(-ties_left // n_left)
    missing = {name: max(0, plan.focus_count - sum(count_focus(one, name) for one in composed)) for name in plan.focus}
    spread = {name: -(-count // n_left) for name, count in missing.items()}
    wants_leading_note = n_left == 1 and plan.key.is_minor and plan.accidentals != "none" and plan.max_accidentals > 0
    for wished in ({**spread, LEADING_NOTE: 1}, spread) if wants_leading_note else (spread,):
        if index == 0:
            yield from (Budget(ties, wished, placed) for placed in feature)
        yield Budget(ties, wished)
    if n_left > 1:
        for name in spread:
            yield Budget(ties, {other: n for other, n in spread.items() if other != name})
        yield Budget(ties, {})
