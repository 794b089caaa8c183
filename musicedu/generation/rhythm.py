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
class Cell:
    """A group of note values: its name and its elements."""

    name: str
    elements: tuple[Element, ...]

    @property
    def n_steps(self) -> int:
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
    """The automaton of a phrase: state 0 begins it, `final` ends it.

    positions: the step at which each state stands; arcs: for each state, by what the event does and its value index.
    """

    positions: tuple[int, ...]
    arcs: tuple[dict[tuple[Sound, int], Arc], ...]
    final: int


Placement = Callable[[int], Sequence[Cell]]
"""The cells that may begin at a step of the phrase (none where no beat begins)."""

_Open = frozenset[tuple[Cell, int]]
_State = tuple[int, bool, _Open]
"""(step, whether a cell may begin here, the cells begun that may go on here)."""
_Arcs = dict[_State, dict[tuple[Sound, int], tuple[_State, frozenset[str]]]]


def build_rhythm(grid: Grid, cells_at: Placement, *, ties_at: Callable[[int], bool]) -> Rhythm | None:
    """Build the automaton of a phrase; None if no row of cells fills it. `ties_at` says where a tie may lead to."""
    start: _State = (0, True, frozenset())
    arcs: _Arcs = {}
    agenda = [start]
    while agenda:
        state = agenda.pop()
        if state not in arcs:
            arcs[state] = _arcs_of(state, cells_at, ties_at(state[0]), grid.n_steps)
            agenda.extend(target for target, _ in arcs[state].values())
    alive = _alive(arcs, grid.n_steps)
    return _numbered(arcs, sorted(alive, key=_order)) if start in alive else None


def _arcs_of(
    state: _State, cells_at: Placement, may_tie: bool, n_steps: int
) -> dict[tuple[Sound, int], tuple[_State, frozenset[str]]]:
    position, is_fresh, pending = state
    if position >= n_steps:
        return {}
    begun = [(cell, 0) for cell in cells_at(position) if position + cell.n_steps <= n_steps] if is_fresh else []
    groups: dict[tuple[Sound, int], set[tuple[Cell, int]]] = {}
    for cell, index in (*begun, *pending):
        value, may_rest = cell.elements[index]
        groups.setdefault((Sound.NOTE, value), set()).add((cell, index))
        if may_rest:
            groups.setdefault((Sound.REST, value), set()).add((cell, index))
        if may_tie and index == 0:
            groups.setdefault((Sound.TIE, value), set()).add((cell, index))
    return {key: _after(position + key[1], group) for key, group in groups.items()}


def _after(position: int, group: set[tuple[Cell, int]]) -> tuple[_State, frozenset[str]]:
    done = frozenset(cell.name for cell, index in group if index + 1 == len(cell.elements))
    going_on = frozenset((cell, index + 1) for cell, index in group if index + 1 < len(cell.elements))
    return (position, bool(done), going_on), done


def _alive(arcs: _Arcs, n_steps: int) -> set[_State]:
    alive: set[_State] = set()
    for state in sorted(arcs, key=lambda one: -one[0]):
        ended = state[0] == n_steps and state[1]
        if ended or any(target in alive for target, _ in arcs[state].values()):
            alive.add(state)
    return alive


def _order(state: _State) -> tuple[int, bool, list[tuple[str, int]]]:
    return state[0], state[1], sorted((cell.name, index) for cell, index in state[2])


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
    return Rhythm(tuple(state[0] for state in states), tables, len(states) - 1)
