"""The audit: make many exercises over the whole space of wishes, check each, and count violations by rule.

Exercise i of an audit depends on the audit's seed and on i alone, so the count does not depend on how many processes
share the work, and any recipe it prints can be made again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.random import Generator

from musicedu.corpus.pool import Client, in_order, map_over
from musicedu.errors import MusicEduError, Unsatisfiable
from musicedu.exercise.checker import violations
from musicedu.exercise.composing import N_CANDIDATES
from musicedu.exercise.exercise import Exercise
from musicedu.exercise.recipe import format_recipe
from musicedu.exercise.resolve import resolve
from musicedu.exercise.specification import Specification
from musicedu.exercise.wish import wishes_of
from musicedu.exercise.wishable import ENGINES
from musicedu.syllabus.instruments import instrument, instruments
from musicedu.syllabus.levels import LEVEL_NUMBERS, level

CHUNK = 5
"""How many exercises a process makes at once: after Ctrl-C it makes these to their end."""
MOST_EXAMPLES = 3


@dataclass(frozen=True)
class AuditReport:
    """What an audit found.

    n_asked: specifications drawn; n_made: exercises made and checked; n_refused: wishes that cannot be met, each
    refused by name; refused_late: those of them that were not before composing, by reason; by_rule: violations by rule;
    failures: what went wrong otherwise, by kind; examples: a few recipes for each of these; made_by: exercises by
    level, instrument and metre.
    """

    n_asked: int = 0
    n_made: int = 0
    n_refused: int = 0
    refused_late: Counter[str] = field(default_factory=Counter)
    by_rule: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    made_by: Counter[str] = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        """Whether every wish was either met without a violation or refused by name."""
        return not self.by_rule and not self.failures

    def joined(self, other: AuditReport) -> AuditReport:
        """Both reports as one."""
        examples = dict(self.examples)
        for name, recipes in other.examples.items():
            examples[name] = (*examples.get(name, ()), *recipes)[:MOST_EXAMPLES]
        return AuditReport(
            self.n_asked + other.n_asked,
            self.n_made + other.n_made,
            self.n_refused + other.n_refused,
            self.refused_late + other.refused_late,
            self.by_rule + other.by_rule,
            self.failures + other.failures,
            examples,
            self.made_by + other.made_by,
        )

    def lines(self) -> tuple[str, ...]:
        """The report as lines of text."""
        found = [
            f"{self.n_made} exercises made and checked, {self.n_refused} of {self.n_asked} requests refused by name"
        ]
        found.append(f"{sum(self.by_rule.values())} violations, {sum(self.failures.values())} failures")
        found.append(f"{self.refused_late.total()} of the refusals came only while composing")
        for name, count in (self.by_rule + self.failures).most_common():
            found.append(f"  {count:6d}  {name}")
            found.extend(f"          {recipe}" for recipe in self.examples.get(name, ()))
        for name in sorted(self.refused_late):
            found.extend((f"          {name}", *(f"          {recipe}" for recipe in self.examples[name])))
        return tuple(found)


Generate = Callable[[Specification], Exercise]


def drawn_from(n_candidates: int) -> Generate:
    """The generator as shipped, keeping the best of so many draws a phrase; 1 audits every draw."""
    return partial(_shipped_generate, n_candidates=n_candidates)


def _shipped_generate(specification: Specification, n_candidates: int = N_CANDIDATES) -> Exercise:
    from musicedu.exercise.generator import generate  # loads the weights: only in the process that needs them

    return generate(specification, n_candidates=n_candidates, n_attempts=1 if n_candidates == 1 else 3)


def audit(
    n: int,
    *,
    seed: int = 0,
    engine: str = ENGINES[0],
    workers: int | None = 1,
    client: Client | None = None,
    generate: Generate = _shipped_generate,
    on_progress: Callable[[int, AuditReport], None] = lambda done, report: None,
) -> AuditReport:
    """Draw `n` specifications, make and check an exercise for each, and report.

    engine: what proposes the notes. workers: processes that share the work, as many as there are cores if None; a
    cluster's `client` takes their place. generate: what makes an exercise; with more than one worker a function of a
    module. on_progress: called with the number done and the report so far.
    """
    report = AuditReport()
    chunks = [range(begin, min(n, begin + CHUNK)) for begin in range(0, n, CHUNK)]
    work = partial(_audited, seed=seed, engine=engine, generate=generate)
    with closing(in_order(map_over(work, chunks, jobs=workers, client=client, copies=True))) as parts:
        for part in parts:
            report = report.joined(part)
            on_progress(report.n_asked, report)
    return report


def _audited(numbers: range, *, seed: int, engine: str, generate: Generate) -> AuditReport:
    report = AuditReport()
    for index in numbers:
        wish = replace(draw_specification(np.random.default_rng((seed, index))), engine=engine)
        report = report.joined(_audit_one(wish, generate))
    return report


def _audit_one(wish: Specification, generate: Generate) -> AuditReport:
    recipe = format_recipe(wish)
    try:
        resolve(wish)
    except Unsatisfiable:
        return AuditReport(n_asked=1, n_refused=1)
    try:
        exercise = generate(wish)
    except Unsatisfiable as refusal:
        name = f"refused late: {refusal}"[:100]
        return AuditReport(n_asked=1, n_refused=1, refused_late=Counter({name: 1}), examples={name: (recipe,)})
    except (MusicEduError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        name = f"{type(error).__name__}: {error}"[:100]
        return AuditReport(n_asked=1, failures=Counter({name: 1}), examples={name: (recipe,)})
    found = violations(exercise.melody, exercise.plan, exercise.phrases)
    plan = exercise.plan
    return AuditReport(
        n_asked=1,
        n_made=1,
        by_rule=Counter(violation.rule for violation in found),
        examples={violation.rule: (f"{recipe}   {violation}",) for violation in found},
        made_by=Counter([f"level {plan.level.number}", plan.instrument.name, plan.metre.name]),
    )


def draw_specification(rng: Generator) -> Specification:
    """Draw wishes from the whole space: any level and instrument, each other wish now and then.

    Single wishes lie within the level, so that most are refused only where they do not go together.
    """
    at = level(int(rng.choice(LEVEL_NUMBERS)))
    players = tuple(instruments())
    player = instrument(players[int(rng.integers(len(players)))])
    wishes: dict[str, Any] = {}
    for name, wish in wishes_of(Specification).items():
        if wish.drawn is not None and rng.random() < wish.share:
            wishes[name] = wish.drawn(at, player, rng)
    return Specification(level=at.number, instrument=player.name, seed=int(rng.integers(2**31)), **wishes)
