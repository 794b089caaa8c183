"""From a wish to an exercise: resolve, compose, write down, mark, measure, explain.

Where only composing shows that wishes are too many, the nearest that can be met are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from itertools import accumulate, combinations

from musicedu.encoding.events import decode
from musicedu.errors import Unsatisfiable
from musicedu.exercise.composed import ComposedPhrase
from musicedu.exercise.composing import N_CANDIDATES, compose
from musicedu.exercise.engines import shipped_engine
from musicedu.exercise.exercise import Exercise
from musicedu.exercise.marking import PhraseSpan, mark
from musicedu.exercise.must_occur import budgets
from musicedu.exercise.phrase_rules import Known, compile_phrase
from musicedu.exercise.plan import Plan
from musicedu.exercise.reasons import reasons_for
from musicedu.exercise.recipe import wish_text
from musicedu.exercise.resolve import plans, resolve, rng_for
from musicedu.exercise.specification import Specification
from musicedu.exercise.wish import wishes_of
from musicedu.generation.engine import Engine
from musicedu.grid import TICKS_PER_QUARTER
from musicedu.melody import KeyAt, Melody, MetreAt, Note, TempoAt
from musicedu.originality.quotes import find_quote
from musicedu.syllabus.difficulty import estimate_difficulty

N_ATTEMPTS = 3
_LEVEL_TOLERANCE = 0.9
_WIDEST_LEAP = 8


def generate(
    specification: Specification,
    *,
    engine: Engine | None = None,
    n_candidates: int = N_CANDIDATES,
    n_attempts: int = N_ATTEMPTS,
) -> Exercise:
    """Make the exercise of a specification; the same specification makes the same exercise.

    If its measured difficulty is more than `_LEVEL_TOLERANCE` from its level, it is composed again, `n_attempts` times
    at most, and the nearest is kept.

    engine: what proposes the notes, by default the shipped one that the specification names. n_candidates: draws a
    phrase, the best of which is kept; recipes hold for the defaults. `Unsatisfiable` names a wish that cannot be met.
    """
    proposer = engine or shipped_engine(specification.engine)
    refusals: list[Unsatisfiable] = []
    for plan in plans(specification):
        try:
            return _with_quote(_nearest_to_level(plan, proposer, n_candidates, n_attempts))
        except Unsatisfiable as refusal:
            refusals.append(refusal)
    change = nearest_wishes(specification, lambda wishes: _attempt(resolve(wishes), proposer, 0, 1, {}))
    raise refusals[0] if change is None else Unsatisfiable(refusals[0].problem, remedy=change)


def _nearest_to_level(plan: Plan, engine: Engine, n_candidates: int, n_attempts: int) -> Exercise:
    """The attempt nearest to the level; `Unsatisfiable` only if none comes to its end.

    Whether a tight plan can be filled may hang on the note that its first phrase happens to end on: if no attempt comes
    to its end, one more is made that looks where its phrases end.
    """
    attempts: list[Exercise] = []
    known: Known = {}
    for number in range(max(1, n_attempts)):
        try:
            attempts.append(_attempt(plan, engine, number, n_candidates, known))
        except Unsatisfiable:
            compile_phrase(plan, 0, None, budgets(plan, (), 0, ()), known)  # a first phrase that cannot be never can
            continue
        if _off_level(attempts[-1]) <= _LEVEL_TOLERANCE:
            break
    if not attempts:
        attempts.append(_attempt(plan, engine, n_attempts, n_candidates, known, carefully=True))
    return min(attempts, key=_off_level)


def _off_level(exercise: Exercise) -> float:
    return abs(exercise.difficulty.score - exercise.plan.level.number)


def _attempt(
    plan: Plan, engine: Engine, number: int, n_candidates: int, known: Known, *, carefully: bool = False
) -> Exercise:
    wishes = plan.specification
    rng = rng_for(wishes, f"melody {number}")
    composed = compose(plan, engine, rng, n_candidates=n_candidates, known=known, carefully=carefully)
    spans = _spans(composed)
    melody = mark(_melody(plan, composed, spans), plan, spans, rng_for(wishes, f"marks {number}"))
    difficulty = estimate_difficulty(melody)
    return Exercise(melody, plan, reasons_for(plan, melody, difficulty, _cells(composed)), difficulty, plan.phrases)


def _with_quote(exercise: Exercise) -> Exercise:
    """The exercise, which says so if it quotes a tune."""
    quote = find_quote(exercise.melody)
    return exercise if quote is None else replace(exercise, reasons=(*exercise.reasons, quote))


def _spans(composed: Sequence[ComposedPhrase]) -> list[PhraseSpan]:
    lengths = [Fraction(one.compiled.grid.n_ticks, TICKS_PER_QUARTER) for one in composed]
    ends = list(accumulate(lengths))
    return [PhraseSpan(one.phrase, end - length, end) for one, end, length in zip(composed, ends, lengths, strict=True)]


def _cells(composed: Sequence[ComposedPhrase]) -> Counter[str]:
    return sum((one.cells() for one in composed), Counter())


def _melody(plan: Plan, composed: Sequence[ComposedPhrase], spans: Sequence[PhraseSpan]) -> Melody:
    notes: list[Note] = []
    for one, span in zip(composed, spans, strict=True):
        notes.extend(decode(one.events, one.compiled.frame, span.onset))
    return Melody(
        notes=tuple(notes),
        duration=spans[-1].offset,
        metres=_metres(plan, spans),
        keys=(KeyAt(Fraction(0), plan.key),),
        anacrusis=Fraction(sum(plan.anacrusis), TICKS_PER_QUARTER),
        tempos=(TempoAt(Fraction(0), Fraction(plan.tempo_bpm)),),
        title=f"{plan.instrument.title}, level {plan.level.number}",
        transposition=plan.instrument.transposition,
    )


def _metres(plan: Plan, spans: Sequence[PhraseSpan]) -> tuple[MetreAt, ...]:
    """The metres planned, each where the phrase begins that brings it."""
    onset_of = {phrase.first_measure: span.onset for phrase, span in zip(plan.phrases, spans, strict=True)}
    changes = [MetreAt(onset_of[number], grid.metre) for number, grid in plan.metre_changes if number in onset_of]
    return (MetreAt(Fraction(0), plan.metre.metre), *changes)


def nearest_wishes(wishes: Specification, make: Callable[[Specification], object]) -> str | None:
    """What to change of wishes that cannot be met, as a sentence; None if changing two of them is not enough.

    make: makes an exercise of wishes, or raises `Unsatisfiable`. The fewest changes come first, and of these a larger
    leap before a wish left out.
    """
    for change, changed in _changes(wishes):
        try:
            make(changed)
        except Unsatisfiable:
            continue
        return change
    return None


def _changes(wishes: Specification) -> Iterator[tuple[str, Specification]]:
    if wishes.largest_leap is not None:
        for leap in range(wishes.largest_leap + 1, _WIDEST_LEAP + 1):
            yield f"The nearest that works: largest_leap={leap}", replace(wishes, largest_leap=leap)
    table = wishes_of(Specification)
    defaults = {field.name: field.default for field in fields(wishes) if table[field.name].let_go}
    made = wishes.to_dict()
    # The last to be named are the finest wishes: those go first.
    names = [name for name in reversed(defaults) if name in made]
    for size in (1, 2):
        for left_out in combinations(names, size):
            words = " and ".join(wish_text(wishes, name) for name in left_out)
            without = replace(wishes, **{name: defaults[name] for name in left_out})  # type: ignore[arg-type]
            yield f"The nearest that works: the same without {words}", without
