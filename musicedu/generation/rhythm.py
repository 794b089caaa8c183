"""Rhythm as an automaton: which note values may follow, so that cells stay whole and every measure is filled.

A *cell* is a short group of note values that is read at one glance (a dotted quarter with its eighth, a triplet). A
measure is a row of cells. The automaton's states are places in the phrase with the cells that are still possible
there; `build_rhythm` keeps only the states from which the phrase can be completed, so that a value it allows never
leads to a measure that cannot be filled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from musicedu.encoding.vocabulary import VALUE_INDEX
from musicedu.grid import Grid

Element = tuple[int, bool]
"""(value in steps, whether it may be a rest)."""


@dataclass(frozen=True, slots=True)
class CellShape:
    """A group of note values: its name and its elements."""

    name: str
    elements: tuple[Element, ...]

    @property
    def n_ticks(self) -> int:
        return sum(value for value, _ in self.elements)


class Sound(Enum):
    """What an event does: begins a note, goes on with the one before, or is silent."""

    NOTE = "note"
    TIE = "tie"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Arc:
    """A step of the automaton: the state it leads to and the cells that it may complete."""

    target: int
    completes: frozenset[str]


@dataclass(frozen=True)
class Rhythm:
    """The automaton of a phrase: state 0 begins it, the last `n_final` states end it.

    positions: the step at which each state stands; after_short: whether the event before it was a short one;
    arcs: for each state, by what the event does and its value index.
    """

    positions: tuple[int, ...]
    after_short: tuple[bool, ...]
    arcs: tuple[dict[tuple[Sound, int], Arc], ...]
    n_final: int

    def is_final(self, state: int) -> bool:
        """Whether the phrase is complete in a state."""
        return state >= len(self.positions) - self.n_final


Placement = Callable[[int], Sequence[CellShape]]
"""The cells that may begin at a step of the phrase (none where no beat begins)."""

TieRule = Callable[[int, int], bool]
"""Whether a note that began at one step may be tied on at another."""


@dataclass(frozen=True)
class _State:
    """A place: step, whether a cell may begin, cells begun that may go on, what matters of the event before."""

    step: int
    is_fresh: bool
    pending: frozenset[tuple[CellShape, int]]
    may_tie: bool = False
    after_short: bool = False

    @property
    def order(self) -> tuple[int, bool, bool, bool, list[tuple[str, int]]]:
        begun = sorted((cell.name, index) for cell, index in self.pending)
        return self.step, self.is_fresh, self.may_tie, self.after_short, begun


_Arcs = dict[_State, dict[tuple[Sound, int], tuple[_State, frozenset[str]]]]


def build_rhythm(
    grid: Grid, cells_at: Placement, *, may_tie: TieRule = lambda begun, step: False, short: int = 0
) -> Rhythm | None:
    """Build the automaton of a phrase; None if no row of cells fills it.

    may_tie: where a note may be tied on. short: states tell events of at most so many steps from longer ones.
    """
    start = _State(0, True, frozenset())
    arcs: _Arcs = {}
    agenda = [start]
    while agenda:
        state = agenda.pop()
        if state not in arcs:
            arcs[state] = _arcs_of(state, cells_at, may_tie, short, grid.n_ticks)
            agenda.extend(target for target, _ in arcs[state].values())
    alive = _alive(arcs, grid.n_ticks)
    return _numbered(arcs, sorted(alive, key=lambda state: state.order)) if start in alive else None


def _arcs_of(
    state: _State, cells_at: Placement, may_tie: TieRule, short: int, n_ticks: int
) -> dict[tuple[Sound, int], tuple[_State, frozenset[str]]]:
    step = state.step
    if step >= n_ticks:
        return {}
    fresh_cells = cells_at(step) if state.is_fresh else ()
    begun = [(cell, 0) for cell in fresh_cells if step + cell.n_ticks <= n_ticks]
    groups: dict[tuple[Sound, int], set[tuple[CellShape, int]]] = {}
    for cell, index in (*begun, *state.pending):
        value, may_rest = cell.elements[index]
        groups.setdefault((Sound.NOTE, value), set()).add((cell, index))
        if may_rest:
            groups.setdefault((Sound.REST, value), set()).add((cell, index))
        if state.may_tie and index == 0:
            groups.setdefault((Sound.TIE, value), set()).add((cell, index))
    return {key: _after(state, key, group, may_tie, short) for key, group in groups.items()}


def _after(
    state: _State, key: tuple[Sound, int], group: set[tuple[CellShape, int]], may_tie: TieRule, short: int
) -> tuple[_State, frozenset[str]]:
    sound, value = key
    done = frozenset(cell.name for cell, index in group if index + 1 == len(cell.elements))
    going_on = frozenset((cell, index + 1) for cell, index in group if index + 1 < len(cell.elements))
    end = state.step + value
    tie_on = bool(done) and sound is not Sound.REST and may_tie(state.step, end)
    # A rest does not part a short note from the leap after it.
    is_short = value <= short or (sound is Sound.REST and state.after_short)
    return _State(end, bool(done), going_on, tie_on, is_short), done


def _alive(arcs: _Arcs, n_ticks: int) -> set[_State]:
    alive: set[_State] = set()
    for state in sorted(arcs, key=lambda one: -one.step):
        ended = state.step == n_ticks and state.is_fresh
        if ended or any(target in alive for target, _ in arcs[state].values()):
            alive.add(state)
    return alive


def _numbered(arcs: _Arcs, states: list[_State]) -> Rhythm:
    number = {state: index for index, state in enumerate(states)}
    tables = tuple(
        {
            (sound, VALUE_INDEX[value]): Arc(number[target], completes)
            for (sound, value), (target, completes) in arcs[state].items()
            if target in number
        }
        for state in states
    )
    n_final = sum(not table for table in tables)
    return Rhythm(tuple(state.step for state in states), tuple(state.after_short for state in states), tables, n_final)
