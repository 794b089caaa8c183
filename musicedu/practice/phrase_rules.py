"""A plan's rules for one of its phrases, compiled for the look-ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from musicedu.encoding.vocabulary import HIGHEST_PITCH, LOWEST_PITCH, N_PITCHES, Frame
from musicedu.errors import Unsatisfiable
from musicedu.generation.lookahead import LookAhead
from musicedu.generation.rhythm import Sound
from musicedu.generation.rules import NOTHING_YET, Cadence, Counter, Mask, Rules, moves_to
from musicedu.grid import Grid
from musicedu.practice.frames import NATURALS, frame_for, inside
from musicedu.practice.levels import MetreGrid
from musicedu.practice.phrases import Phrase
from musicedu.practice.pitch_rules import allowed_moves, cadence_moves, chromatic_notes, skip_moves, step_moves
from musicedu.practice.resolved import Resolved
from musicedu.practice.rhythm_rules import SHORT_STEPS, end_placed, phrase_grid, phrase_rhythm
from musicedu.practice.specification import TOPICS

_MOST_COUNTED = 4
"""Accidentals counted in a phrase: more would not be music, and every count costs look-ahead."""


@dataclass(frozen=True)
class Budget:
    """What a phrase may use up of the exercise's ties, and how often each focus must occur in it."""

    ties: int
    focus: Mapping[str, int]


@dataclass(frozen=True)
class CompiledPhrase:
    """A phrase ready to be drawn: its look-ahead, grid and frame."""

    ahead: LookAhead
    grid: Grid
    frame: Frame
    metre: MetreGrid


Known = dict[tuple[object, ...], LookAhead | None]
"""Look-aheads of one plan that have been worked out: phrases of one kind differ only in where they come from."""


def compile_phrase(
    plan: Resolved, index: int, last_pitch: int | None, budgets: Iterator[Budget], known: Known
) -> CompiledPhrase:
    """Compile a phrase's rules under the first budget that they can be met with.

    last_pitch: the written MIDI pitch that the phrase before ended on. Ends on a strong beat are tried before others.
    known: look-aheads of this plan, added to. `Unsatisfiable` if no budget works.
    """
    phrase = plan.phrases[index]
    metre = plan.metre_of(phrase.first_measure)
    grid = phrase_grid(metre, phrase.n_measures, sum(plan.anacrusis))
    frame = frame_for(phrase.key, plan.lowest, plan.highest)
    entering = None if last_pitch is None else last_pitch - LOWEST_PITCH - frame.shift
    for budget in budgets:
        for strictly in (True, False):
            ahead = _look_ahead(plan, phrase, grid, frame, metre, entering, budget, known, strictly=strictly)
            if ahead is not None and ahead.is_satisfiable:
                return CompiledPhrase(ahead, grid, frame, metre)
    first, last = phrase.first_measure, phrase.last_measure
    raise Unsatisfiable(
        f"measures {first} to {last} cannot be filled with what these wishes leave",
        remedy="Allow more rhythms, a wider range or larger leaps, or leave out a focus",
    )


def _look_ahead(
    plan: Resolved,
    phrase: Phrase,
    grid: Grid,
    frame: Frame,
    metre: MetreGrid,
    entering: int | None,
    budget: Budget,
    known: Known,
    *,
    strictly: bool,
) -> LookAhead | None:
    is_usual = entering is None or bool(NATURALS[entering])
    of_budget = (budget.ties, tuple(sorted(budget.focus.items())))
    is_first = phrase.first_measure == 1
    key = (grid, frame, phrase.cadence, is_first, of_budget, strictly, None if is_usual else entering)
    if key not in known:
        rules = _rules(plan, phrase, grid, frame, metre, entering, budget, strictly=strictly)
        known[key] = None if rules is None else LookAhead(rules)
    ahead = known[key]
    return None if ahead is None else ahead.entered_from(NOTHING_YET if entering is None else entering)


def _rules(
    plan: Resolved,
    phrase: Phrase,
    grid: Grid,
    frame: Frame,
    metre: MetreGrid,
    entering: int | None,
    budget: Budget,
    *,
    strictly: bool,
) -> Rules | None:
    is_first = phrase.first_measure == 1
    rhythm = phrase_rhythm(plan, metre, grid, is_first=is_first)
    if rhythm is None:
        return None
    window = inside(frame, *common_range(plan))
    moves = _entered(allowed_moves(plan, phrase.key), entering) & moves_to(window)
    cadence = _entered(cadence_moves(plan, phrase.key, phrase.cadence), entering)
    return Rules(
        grid,
        rhythm,
        moves,
        short=SHORT_STEPS if plan.no_leap_in_sixteenths else 0,
        short_moves=step_moves() if plan.no_leap_in_sixteenths else None,
        cadence=Cadence(cadence, end_placed(metre, grid, strictly=strictly)),
        counters=_counters(plan, budget),
        entering=NOTHING_YET if entering is None else entering,
        may_begin_with_rest=not (is_first and (plan.begins_with_note or bool(plan.anacrusis))),
    )


def _entered(moves: Mask, entering: int | None) -> Mask:
    """Let a phrase in a new key go on by semitone from a note that its signature does not have."""
    if entering is not None and not NATURALS[entering]:
        moves[entering] |= (np.abs(np.arange(N_PITCHES) - entering) <= 1) & NATURALS
    return moves


def common_range(plan: Resolved) -> tuple[int, int]:
    """The written MIDI pitches of the plan's range that lie in the frames of all its phrases."""
    shifts = [frame_for(phrase.key, plan.lowest, plan.highest).shift for phrase in plan.phrases]
    return max(plan.lowest.pitch, LOWEST_PITCH + max(shifts)), min(plan.highest.pitch, HIGHEST_PITCH + min(shifts))


def _counters(plan: Resolved, budget: Budget) -> tuple[Counter, ...]:
    counters = []
    wanted = dict(budget.focus)
    ties = frozenset({Sound.TIE})
    if plan.max_ties:
        counters.append(Counter("ties", min(wanted.pop("ties", 0), budget.ties), budget.ties, sounds=ties))
    if plan.accidentals != "none" and plan.max_accidentals:
        most = min(plan.max_accidentals, _MOST_COUNTED)
        counters.append(Counter("accidentals", wanted.pop("accidentals", 0), most, moves=chromatic_notes()))
    counters.extend(_focus_counter(name, n) for name, n in wanted.items() if n)
    return tuple(counters)


def _focus_counter(name: str, at_least: int) -> Counter:
    if name == "rests":
        return Counter(name, at_least, sounds=frozenset({Sound.REST}))
    if name in TOPICS:
        return Counter(name, at_least, moves=skip_moves(TOPICS[name]))
    return Counter(name, at_least, cells=frozenset({name}))
