"""Look-ahead: from which places can the phrase still be finished within the rules?

A *place* is (rhythm state, last pitch, whether the last event was a rest, counts). `look_ahead` works backwards from
the end of the phrase and marks the places from which some end can be reached; an event is allowed if the place it
leads to is marked. So a phrase never runs into a dead end, and whether a set of rules can be met at all is known
before the first note: the place at the start is marked or it is not.

`free_ahead` has the rules of no rule: measures are filled, and that is all. What a model does when nothing guides it.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Event
from musicedu.encoding.vocabulary import FIRST_PITCH, N_PITCHES, N_TOKENS, N_VALUES, REST, TIE, VALUES
from musicedu.generation.rhythm import Arc, CellShape, Sound, build_rhythm
from musicedu.generation.rules import NOTHING_YET, Mask, Rules, any_move
from musicedu.grid import Grid

_PITCHES = np.arange(N_PITCHES)
_CELLS = tuple(CellShape(str(value), ((value, True),)) for value in VALUES)


class Place(NamedTuple):
    """Where a phrase stands: rhythm state, last pitch index, whether the last event was a rest, index of the counts."""

    state: int
    last: int
    rested: bool
    counts: int


class LookAhead:
    """Rules with the places from which they can be met; see `musicedu.generation.lookahead`."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._shape = tuple(counter.n_states for counter in rules.counters)
        self._n_counts = int(np.prod(self._shape, dtype=int))
        self._classes, self._class_of_move = _classes_of_moves(rules)
        self._maps: dict[tuple[int, ...], NDArray[np.int64]] = {}
        self._maps_of_notes: dict[frozenset[str], NDArray[np.int64]] = {}
        self._moves: dict[tuple[int, int], Mask] = {}
        self._moves_by_class: dict[int, list[NDArray[np.float32]]] = {}
        self._possible: dict[tuple[int, int, frozenset[str]], Mask] = {}
        self._allowed_tokens: dict[tuple[Place, int], Mask] = {}
        self._after: dict[tuple[Place, Event], Place | None] = {}
        n_states = len(rules.rhythm.positions)
        self._finishable = np.zeros((n_states, N_PITCHES + 1, 2, self._n_counts + 1), dtype=bool)
        self._values = np.zeros((n_states, N_VALUES, N_PITCHES + 1, 2, self._n_counts), dtype=bool)
        self._work_backwards()

    @property
    def start(self) -> Place:
        """The place before the first event."""
        return Place(0, self.rules.entering, False, 0)

    def entered_from(self, pitch: int) -> LookAhead:
        """The same rules for a phrase that follows another pitch (an index, or `NOTHING_YET`)."""
        other = copy(self)
        other.rules = replace(self.rules, entering=pitch)
        return other

    @property
    def is_satisfiable(self) -> bool:
        """Whether any phrase obeys the rules."""
        return self._is_finishable(self.start)

    def is_finished(self, place: Place) -> bool:
        """Whether the phrase is complete."""
        return self.rules.rhythm.is_final(place.state)

    def allowed_values(self, place: Place) -> Mask:
        """The values the next event may have: (`N_VALUES`,)."""
        allowed: Mask = self._values[place.state, :, place.last, int(place.rested), place.counts]
        return allowed

    def allowed_tokens(self, place: Place, value_index: int) -> Mask:
        """What the next event may be, given its value: (`N_TOKENS`,)."""
        key = (place, value_index)
        if key not in self._allowed_tokens:  # candidates drawn together pass through the same places
            self._allowed_tokens[key] = self._worked_out_tokens(place, value_index)
        return self._allowed_tokens[key]

    def _worked_out_tokens(self, place: Place, value_index: int) -> Mask:
        allowed = np.zeros(N_TOKENS, dtype=bool)
        arcs = self.rules.rhythm.arcs[place.state]
        for token, sound in ((REST, Sound.REST), (TIE, Sound.TIE)):
            arc = arcs.get((sound, value_index))
            after = None if arc is None else self._after_same_pitch(place, sound, arc)
            allowed[token] = after is not None and self._is_finishable(after)
        arc = arcs.get((Sound.NOTE, value_index))
        if arc is not None:
            moves = self._moves_of(place.state, value_index)[place.last]
            counts = self._note_maps(arc)[self._class_of_move[place.last], place.counts]
            allowed[FIRST_PITCH:] = moves & self._finishable[arc.target, _PITCHES, 0, counts]
        return allowed

    def after(self, place: Place, event: Event) -> Place | None:
        """The place an event leads to, or None if the rules forbid it."""
        key = (place, event)
        if key not in self._after:
            self._after[key] = self._worked_out_after(place, event)
        return self._after[key]

    def _worked_out_after(self, place: Place, event: Event) -> Place | None:
        value_index, token = event
        if not self.allowed_tokens(place, value_index)[token]:
            return None
        sound = {REST: Sound.REST, TIE: Sound.TIE}.get(token, Sound.NOTE)
        arc = self.rules.rhythm.arcs[place.state][sound, value_index]
        if sound is not Sound.NOTE:
            return self._after_same_pitch(place, sound, arc)
        pitch = token - FIRST_PITCH
        counts = self._note_maps(arc)[self._class_of_move[place.last, pitch], place.counts]
        return Place(arc.target, pitch, False, int(counts))

    def accepts(self, events: Sequence[Event]) -> bool:
        """Whether a whole phrase obeys the rules."""
        place = self.start
        for event in events:
            after = self.after(place, event)
            if after is None:
                return False
            place = after
        return self.is_finished(place)

    def _is_finishable(self, place: Place) -> bool:
        return bool(self._finishable[place.state, place.last, int(place.rested), place.counts])

    def _after_same_pitch(self, place: Place, sound: Sound, arc: Arc) -> Place | None:
        nothing_to_tie = sound is Sound.TIE and place.last == NOTHING_YET
        if place.rested or nothing_to_tie or not self.rules.may_keep_pitch(place.state, sound, arc):
            return None
        counts = int(self._map(self._happened(sound, arc))[place.counts])
        return None if counts == self._n_counts else Place(arc.target, place.last, sound is Sound.REST, counts)

    def _moves_of(self, state: int, value_index: int) -> Mask:
        key = (state, value_index)
        if key not in self._moves:
            self._moves[key] = self.rules.moves_of(state, VALUES[value_index])
        return self._moves[key]

    def _happened(self, sound: Sound, arc: Arc) -> tuple[int, ...]:
        return tuple(
            int(sound in counter.sounds) + int(bool(counter.cells & arc.completes)) for counter in self.rules.counters
        )

    def _note_maps(self, arc: Arc) -> NDArray[np.int64]:
        if arc.completes not in self._maps_of_notes:
            happened = self._happened(Sound.NOTE, arc)
            self._maps_of_notes[arc.completes] = np.stack(
                [self._map(tuple(a + b for a, b in zip(happened, moved, strict=True))) for moved in self._classes]
            )
        return self._maps_of_notes[arc.completes]

    def _map(self, happened: tuple[int, ...]) -> NDArray[np.int64]:
        """The index of the counts after some events, for every index before; `_n_counts` where that breaks a bound."""
        if happened not in self._maps:
            table = np.full(self._n_counts, self._n_counts, dtype=np.int64)
            for index, counts in enumerate(np.ndindex(self._shape)):
                after = [c.after(n, h) for c, n, h in zip(self.rules.counters, counts, happened, strict=True)]
                within = [count for count in after if count is not None]
                if len(within) == len(after):
                    table[index] = np.ravel_multi_index(within, self._shape) if within else 0
            self._maps[happened] = table
        return self._maps[happened]

    def _work_backwards(self) -> None:
        rhythm = self.rules.rhythm
        final = slice(len(rhythm.positions) - rhythm.n_final, None)
        for index, counts in enumerate(np.ndindex(self._shape)):
            enough = all(count >= counter.at_least for counter, count in zip(self.rules.counters, counts, strict=True))
            self._finishable[final, :, :, index] = enough
        self._finishable[final, :, 1] &= self.rules.may_end_with_rest
        for state in range(len(rhythm.positions) - rhythm.n_final - 1, -1, -1):
            self._work_out(state)

    def _work_out(self, state: int) -> None:
        reached = np.zeros((N_PITCHES + 1, 2, self._n_counts), dtype=bool)
        for (sound, value_index), arc in self.rules.rhythm.arcs[state].items():
            values = self._values[state, value_index]
            if sound is Sound.NOTE:
                possible = self._notes_possible(state, value_index, arc)[:, None]
                values |= possible
                reached |= possible
            elif self.rules.may_keep_pitch(state, sound, arc):
                n_lasts = N_PITCHES if sound is Sound.TIE else N_PITCHES + 1
                counts = self._map(self._happened(sound, arc))
                goes_on = self._finishable[arc.target, :n_lasts, int(sound is Sound.REST)][:, counts]
                values[:n_lasts, 0] |= goes_on
                reached[:n_lasts, 0] |= goes_on
        self._finishable[state, ..., : self._n_counts] = reached

    def _notes_possible(self, state: int, value_index: int, arc: Arc) -> Mask:
        moves = self._moves_of(state, value_index)
        key = (arc.target, id(moves), arc.completes)
        if key not in self._possible:  # several states lead to one
            self._possible[key] = self._worked_out_notes(moves, arc)
        return self._possible[key]

    def _worked_out_notes(self, moves: Mask, arc: Arc) -> Mask:
        if id(moves) not in self._moves_by_class:  # most states share one array of moves
            of_class = [(moves & (self._class_of_move == index)) for index in range(len(self._classes))]
            self._moves_by_class[id(moves)] = [mask.astype(np.float32) for mask in of_class]
        goes_on = self._finishable[arc.target, :N_PITCHES, 0].astype(np.float32)
        n_ways = np.zeros((N_PITCHES + 1, self._n_counts), dtype=np.float32)
        for of_class_moves, counts in zip(self._moves_by_class[id(moves)], self._note_maps(arc), strict=True):
            n_ways += of_class_moves @ goes_on[:, counts]
        possible: Mask = n_ways > 0
        return possible


def _classes_of_moves(rules: Rules) -> tuple[list[tuple[int, ...]], NDArray[np.int64]]:
    """The ways a move can count, and which of them each move (pitch before, pitch) is."""
    nothing = np.zeros((N_PITCHES + 1, N_PITCHES), dtype=np.int64)
    counted = [nothing if c.moves is None else c.moves.astype(np.int64) for c in rules.counters]
    if not counted:
        return [()], nothing
    codes = sum((counts << index for index, counts in enumerate(counted)), start=nothing)
    classes, which = np.unique(codes, return_inverse=True)
    ways = [tuple((int(code) >> index) & 1 for index in range(len(counted))) for code in classes]
    return ways, which.reshape(N_PITCHES + 1, N_PITCHES)


@lru_cache(maxsize=64)
def free_ahead(grid: Grid) -> LookAhead:
    """A look-ahead that allows any value anywhere inside its measure, any pitch, any rest and any tie."""

    def cells_at(step: int) -> Sequence[CellShape]:
        left = grid.measure_ticks - (step + grid.phase) % grid.measure_ticks
        return [cell for cell in _CELLS if cell.n_ticks <= left]

    rhythm = build_rhythm(grid, cells_at, may_tie=lambda begun, step: True)
    if rhythm is None:
        raise ValueError(f"a measure of {grid.metre} cannot be filled with the values there are")
    return LookAhead(Rules(grid, rhythm, any_move(), may_end_with_rest=True))
