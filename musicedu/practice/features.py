"""What an exercise must contain: its focus, and something of what its level adds; shared out over the phrases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from musicedu.practice.composed import ComposedPhrase, count_focus
from musicedu.practice.phrase_rules import Budget
from musicedu.practice.resolved import Resolved

_TWO_FEATURES_FROM = 4


def drawn_features(plan: Resolved, rng: np.random.Generator) -> tuple[str, ...]:
    """One or two things that make the exercise one of its level; none where a teacher chose focus or rhythms.

    New cells of the level (or of the nearest below that has any for the metre) come first, then rests, ties and
    accidentals if the plan has them.
    """
    if plan.focus or plan.specification.rhythms:
        return ()
    cells = [cell for cell in plan.cells_in(plan.metre) if cell.level > 1]
    newest = max((cell.level for cell in cells), default=0)
    pool = [cell.name for cell in cells if cell.level == newest]
    topics = [
        name
        for name, has in (
            ("rests", bool(plan.rests)),
            ("ties", plan.max_ties > 0),
            ("accidentals", plan.max_accidentals > 0 and (plan.key.is_minor or plan.accidentals != "leading note")),
        )
        if has
    ]
    drawn = [pool[int(rng.integers(len(pool)))]] if pool else []
    if topics and plan.level.number >= _TWO_FEATURES_FROM:
        drawn.append(topics[int(rng.integers(len(topics)))])
    return tuple(drawn)


def budgets(
    plan: Resolved, composed: Sequence[ComposedPhrase], index: int, features: Sequence[str]
) -> Iterator[Budget]:
    """What a phrase may and must use: ties by its share, each focus spread out, features while they are missing."""
    n_left = len(plan.phrases) - index
    ties_left = plan.max_ties - sum(count_focus(one, "ties") for one in composed)
    ties = -(-ties_left // n_left)
    missing = {name: max(0, plan.focus_count - sum(count_focus(one, name) for one in composed)) for name in plan.focus}
    wished = {name: 1 for name in features if not any(count_focus(one, name) for one in composed)}
    spread = {name: -(-count // n_left) for name, count in missing.items()}
    yield Budget(ties, {**spread, **wished})
    for name in wished:
        yield Budget(ties, {**spread, **{other: 1 for other in wished if other != name}})
    yield Budget(ties, spread)
    if n_left > 1:
        for name in spread:
            yield Budget(ties, {other: n for other, n in spread.items() if other != name})
        yield Budget(ties, {})
