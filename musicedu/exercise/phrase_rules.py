"""A plan's rules for one of its phrases, compiled for the look-ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from musicedu.encoding.vocabulary import HIGHEST_PITCH, LOWEST_PITCH, N_PITCHES, Frame
from musicedu.errors import Unsatisfiable
from musicedu.exercise.frames import NATURALS, PITCH_CLASSES, frame_for, inside
from musicedu.exercise.phrases import Phrase
from musicedu.exercise.pitch_rules import (
    NATURAL_SEVENTH,
    allowed_moves,
    cadence_moves,
    chromatic_notes,
    leading_notes,
    opening_moves,
    skip_moves,
    step_moves,
)
from musicedu.exercise.plan import Plan
from musicedu.exercise.rhythm_rules import SHORT_STEPS, Placed, end_placed, phrase_grid, phrase_rhythm
from musicedu.exercise.wishable import TOPICS
from musicedu.generation.lookahead import LookAhead
from musicedu.generation.rhythm import Sound
from musicedu.generation.rules import NOTHING_YET, Cadence, Counter, Mask, Rules, moves_to
from musicedu.grid import Grid
from musicedu.syllabus.levels import MetreGrid

SOUNDS = {"rests": Sound.REST, "ties": Sound.TIE}
"""Topics that a rhythm has, whatever its notes are."""
Ends = frozenset[int] | None
LEADING_NOTE = "leading note"
"""What minor wants once in its last phrase."""
_MOST_COUNTED = 4
"""Accidentals counted in a phrase: more would not be music, and every count costs look-ahead."""


@dataclass(frozen=True)
class Budget:
    """What a phrase may use of the exercise's ties, how often each focus must occur in it, and a cell in its place."""

    ties: int
    focus: Mapping[str, int]
    placed: Placed | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a phrase should begin and end if it can: on a note of the tonic triad, and on a strong beat."""

    ends_strictly: bool
    opens_on_triad: bool


LOOSEST = Manner(False, False)
_MANNERS = (Manner(True, True), Manner(False, True), LOOSEST)


@dataclass(frozen=True)
class CompiledPhrase:
    """A phrase ready to be drawn: its look-ahead, grid and frame."""

    ahead: LookAhead
    grid: Grid
    frame: Frame
    metre: MetreGrid


@dataclass(frozen=True, slots=True)
class _Setting:
    """Where a phrase stands: its measures, its frame, and the pitch index it comes from (None at the beginning).

    ends: the written pitches that it may end on, None for any.
    """

    phrase: Phrase
    grid: Grid
    frame: Frame
    metre: MetreGrid
    entering: int | None
    ends: Ends

    @property
    def is_first(self) -> bool:
        return self.phrase.first_measure == 1

    @property
    def entering_index(self) -> int:
        return NOTHING_YET if self.entering is None else self.entering


Known = dict[tuple[object, ...], LookAhead | None]
"""Look-aheads of one plan that have been worked out: phrases of one kind differ only in where they come from."""


def compile_phrase(
    plan: Plan,
    index: int,
    last_pitch: int | None,
    budgets: Iterator[Budget],
    known: Known,
    *,
    suits: Callable[[CompiledPhrase], bool] = lambda compiled: True,
    ends: Ends = None,
) -> CompiledPhrase:
    """Compile a phrase's rules under the first budget that they can be met with.

    last_pitch: the written MIDI pitch that the phrase before ended on. The best manner is tried first.
    known: look-aheads of this plan, added to. suits: what to look for among the budgets; if none suits, the first that
    can be met will do. ends: the written pitches that it may end on, None for any. `Unsatisfiable` if no budget works.
    """
    phrase, setting = plan.phrases[index], _setting(plan, index, last_pitch, ends)
    first: CompiledPhrase | None = None
    for budget in budgets:
        for manner in _MANNERS:
            ahead = _look_ahead(plan, setting, budget, known, manner)
            if ahead is not None and ahead.is_satisfiable:
                compiled = CompiledPhrase(ahead, setting.grid, setting.frame, setting.metre)
                if suits(compiled):
                    return compiled
                first = first or compiled
                break
    if first is not None:
        return first
    raise Unsatisfiable(
        f"measures {phrase.first_measure} to {phrase.last_measure} cannot be filled with what these wishes leave",
        remedy="Allow more rhythms, a wider range or larger leaps, or leave out a focus",
    )


def may_sound(plan: Plan, sound: Sound) -> bool:
    """Whether some phrase of a plan may have a rest, or a tie, anywhere."""
    free = Budget(plan.max_ties, {})
    found = (phrase_rules(plan, index, None, free, LOOSEST) for index in range(len(plan.phrases)))
    return any(rules is not None and rules.may_sound(sound) for rules in found)


def phrase_rules(plan: Plan, index: int, last_pitch: int | None, budget: Budget, manner: Manner) -> Rules | None:
    """All that a phrase must obey that comes after the written MIDI pitch `last_pitch`; None if no rhythm fills it."""
    return _rules(plan, _setting(plan, index, last_pitch), budget, manner)


def ends_to_go_on_from(plan: Plan) -> tuple[Ends, ...]:
    """For each phrase the written pitches that it may end on so that those after it can be written; None for any.

    What is to be practised is left out of account.
    """
    ends: list[Ends] = [None]
    known: Known = {}
    lowest, highest = common_range(plan)
    for index in reversed(range(1, len(plan.phrases))):
        settings = {pitch: _setting(plan, index, pitch, ends[0]) for pitch in range(lowest, highest + 1)}
        free = Budget(plan.max_ties, {})
        aheads = {pitch: _look_ahead(plan, one, free, known, LOOSEST) for pitch, one in settings.items()}
        fitting = [pitch for pitch, ahead in aheads.items() if ahead is not None and ahead.is_satisfiable]
        ends.insert(0, frozenset(fitting))
    return tuple(ends)


def _setting(plan: Plan, index: int, last_pitch: int | None, ends: Ends = None) -> _Setting:
    phrase = plan.phrases[index]
    metre = plan.metre_of(phrase.first_measure)
    grid = phrase_grid(metre, phrase.n_measures, sum(plan.anacrusis))
    frame = frame_for(phrase.key, plan.lowest, plan.highest)
    entering = None if last_pitch is None else last_pitch - LOWEST_PITCH - frame.shift
    return _Setting(phrase, grid, frame, metre, entering, ends)


def _look_ahead(plan: Plan, setting: _Setting, budget: Budget, known: Known, manner: Manner) -> LookAhead | None:
    of_budget = (budget.ties, tuple(sorted(budget.focus.items())), budget.placed)
    # Rules depend on where the phrase comes from only if `_entered` may open a way on from there.
    entering = setting.entering if setting.entering is not None and _may_be_stuck(setting) else None
    key = (
        setting.grid,
        setting.frame,
        setting.phrase.cadence,
        setting.is_first,
        of_budget,
        manner,
        entering,
        setting.ends,
    )
    if key not in known:
        rules = _rules(plan, setting, budget, manner)
        known[key] = None if rules is None else LookAhead(rules)
    ahead = known[key]
    return None if ahead is None else ahead.entered_from(setting.entering_index)


def _may_be_stuck(setting: _Setting) -> bool:
    """Whether the note before may have no way on: it is outside the signature, or minor's falling seventh."""
    seventh = setting.phrase.key.is_minor and PITCH_CLASSES[setting.entering_index] == NATURAL_SEVENTH
    return bool(seventh or not NATURALS[setting.entering_index])


def _rules(plan: Plan, setting: _Setting, budget: Budget, manner: Manner) -> Rules | None:
    phrase, grid, metre = setting.phrase, setting.grid, setting.metre
    rhythm = phrase_rhythm(plan, metre, grid, is_first=setting.is_first, placed=budget.placed)
    if rhythm is None:
        return None
    window = inside(setting.frame, *common_range(plan))
    moves = _entered(allowed_moves(plan, phrase.key) & moves_to(window), setting.entering)
    if manner.opens_on_triad and (plan.level.opening == "tonic triad" or plan.named_skips is not None):
        moves &= opening_moves(phrase.key)
    cadence = cadence_moves(plan, phrase.key, phrase.cadence)
    if setting.ends is not None:
        cadence &= moves_to(np.isin(np.arange(N_PITCHES) + LOWEST_PITCH + setting.frame.shift, list(setting.ends)))
    return Rules(
        grid,
        rhythm,
        moves,
        short=SHORT_STEPS if plan.no_leap_in_sixteenths else 0,
        short_moves=step_moves() if plan.no_leap_in_sixteenths else None,
        landing=plan.skips_land_on,
        landing_moves=step_moves() if plan.skips_land_on else None,
        cadence=Cadence(cadence, end_placed(metre, grid, strictly=manner.ends_strictly)),
        counters=_counters(plan, phrase, budget),
        entering=setting.entering_index,
        rests_until=grid.n_ticks - (2 if phrase.n_measures > 3 else 1) * metre.total,
        may_begin_with_rest=not (setting.is_first and (plan.begins_with_note or bool(plan.anacrusis))),
    )


def _entered(moves: Mask, entering: int | None) -> Mask:
    """Let a phrase go on by step from a note that its own rules give no way on from.

    That is a note its signature does not have, or minor's falling seventh at the bottom of the range.
    """
    if entering is None:
        return moves
    pitches = np.arange(N_PITCHES)
    goes_on = moves[entering] & (pitches != entering)
    if not goes_on.any():
        reach = 2 if NATURALS[entering] else 1
        moves[entering] |= (np.abs(pitches - entering) <= reach) & NATURALS & moves.any(axis=0)
    return moves


def common_range(plan: Plan) -> tuple[int, int]:
    """The written MIDI pitches of the plan's range that lie in the frames of all its phrases."""
    shifts = [frame_for(phrase.key, plan.lowest, plan.highest).shift for phrase in plan.phrases]
    return max(plan.lowest.pitch, LOWEST_PITCH + max(shifts)), min(plan.highest.pitch, HIGHEST_PITCH + min(shifts))


def _counters(plan: Plan, phrase: Phrase, budget: Budget) -> tuple[Counter, ...]:
    counters = []
    wanted = dict(budget.focus)
    ties = frozenset({Sound.TIE})
    if plan.max_ties:
        counters.append(Counter("ties", min(wanted.pop("ties", 0), budget.ties), budget.ties, sounds=ties))
    if plan.accidentals != "none" and plan.max_accidentals:
        most = min(plan.max_accidentals, _MOST_COUNTED)
        counters.append(Counter("accidentals", wanted.pop("accidentals", 0), most, moves=chromatic_notes()))
    if plan.rests and "rests" not in plan.focus:
        most = max(1, phrase.n_measures // 4)
        counters.append(Counter("rests", wanted.pop("rests", 0), most, sounds=frozenset({Sound.REST})))
    if wanted.pop(LEADING_NOTE, 0):
        counters.append(Counter(LEADING_NOTE, 1, moves=leading_notes(phrase.key)))
    counters.extend(_focus_counter(name, n) for name, n in wanted.items() if n)
    return tuple(counters)


def _focus_counter(name: str, at_least: int) -> Counter:
    if name in SOUNDS:
        return Counter(name, at_least, sounds=frozenset({SOUNDS[name]}))
    if name == "accidentals":
        return Counter(name, at_least, moves=chromatic_notes())
    if name in TOPICS:
        return Counter(name, at_least, moves=skip_moves(TOPICS[name]))
    return Counter(name, at_least, cells=frozenset({name}))
