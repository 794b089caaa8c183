"""The cheapest phrase within the rules: what every event costs is given, and the least sum is found exactly.

The places are those of `musicedu.generation.lookahead`; where that works out backwards *whether* a phrase can be
finished, this works out at what price (dynamic programming, Bellman 1957; forwards it is known as Viterbi's algorithm).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Event
from musicedu.encoding.vocabulary import FIRST_PITCH, N_PITCHES, REST, TIE
from musicedu.generation.lookahead import LookAhead
from musicedu.generation.rhythm import Arc, Sound
from musicedu.generation.rules import NOTHING_YET, Mask

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Costs:
    """What an event costs, by the step at which it begins.

    notes: (n_ticks, `N_VALUES`, `N_PITCHES`); ties: the same, by the pitch that goes on; rests: (n_ticks, `N_VALUES`);
    moves: for every step (`N_PITCHES` + 1, `N_PITCHES`), what it costs to come from a pitch (the last row: from none).
    """

    notes: Floats
    ties: Floats
    rests: Floats
    moves: Sequence[Floats]


class CheapestAhead(LookAhead):
    """A look-ahead that can be asked at what price a phrase is finished; for phrases that follow no other."""

    def cheapest(self, costs: Costs, sets: Mask) -> tuple[Event, ...] | None:
        """The cheapest phrase that stays within one of several sets of pitches; None if none does.

        sets: (sets, `N_PITCHES`). Of phrases that cost the same the same one is always taken.
        """
        return _Prices(self, costs, sets).phrase() if len(sets) else None

    @property
    def n_counts(self) -> int:
        """How many counts there are to tell apart; this index stands for one too many."""
        return self._n_counts

    def may_end(self, state: int) -> Mask:
        """From which places of a final state the phrase is complete: (last pitch, rested, counts and one too many)."""
        complete: Mask = self._finishable[state]
        return complete

    def moves(self, state: int, value_index: int) -> Mask:
        """The moves a note may make; states that share them share the array."""
        return self._moves_of(state, value_index)

    def moves_by_count(self, state: int, value_index: int, arc: Arc) -> Iterator[tuple[Mask, Ints]]:
        """The moves a note may make, parted by what they count as; with each part the counts that follow."""
        moves = self._moves_of(state, value_index)
        for index, counts in enumerate(self._note_maps(arc)):
            yield moves & (self._class_of_move == index), counts

    def counts_after(self, state: int, sound: Sound, arc: Arc) -> Ints | None:
        """The counts that follow a tie or a rest; None where it may not stand."""
        return self._map(self._happened(sound, arc)) if self.rules.may_keep_pitch(state, sound, arc) else None


class _Here(NamedTuple):
    state: int
    row: int
    rested: int
    counts: int


class _Prices:
    """What finishing costs from every place, worked out backwards: (sets, rows, rested, counts) for every state.

    Rows are the pitches that any set holds, and a last one for no pitch yet; the last count is one too many.
    """

    def __init__(self, ahead: CheapestAhead, costs: Costs, sets: Mask) -> None:
        if ahead.rules.entering != NOTHING_YET:
            raise ValueError("the cheapest phrase is sought where no phrase has gone before")
        self._ahead, self._costs, self._rhythm = ahead, costs, ahead.rules.rhythm
        self._pitches = np.flatnonzero(sets.any(axis=0))
        self._rows = np.append(self._pitches, N_PITCHES)
        self._outside = np.where(sets[:, self._pitches], 0.0, np.inf)
        self._of_notes: dict[tuple[int, int, int, int, frozenset[str]], Floats] = {}
        self._left: list[Floats] = [np.zeros(0)] * len(self._rhythm.positions)
        for state in reversed(range(len(self._left))):
            self._left[state] = self._worked_out(state)

    def phrase(self) -> tuple[Event, ...] | None:
        """The events of the cheapest phrase, read off forwards."""
        here = _Here(0, len(self._pitches), 0, 0)
        of_sets = self._left[0][:, here.row, here.rested, here.counts]
        chosen = int(of_sets.argmin())
        if not np.isfinite(of_sets[chosen]):
            return None
        events: list[Event] = []
        while not self._rhythm.is_final(here.state):
            _, event, here = min(self._onwards(chosen, here), key=lambda one: (one[0], one[1]))
            events.append(event)
        return tuple(events)

    def _worked_out(self, state: int) -> Floats:
        if self._rhythm.is_final(state):
            at_end = np.where(self._ahead.may_end(state)[self._rows], 0.0, np.inf)
            return np.broadcast_to(at_end, (len(self._outside), *at_end.shape))
        n_counts = self._ahead.n_counts
        left = np.full((len(self._outside), len(self._rows), 2, n_counts + 1), np.inf)
        for (sound, value_index), arc in self._rhythm.arcs[state].items():
            if sound is Sound.NOTE:
                cheapest = self._note(state, value_index, arc)[:, :, None]
                np.minimum(left[..., :n_counts], cheapest, out=left[..., :n_counts])
                continue
            kept = self._kept(state, sound, value_index, arc)
            if kept is not None:
                np.minimum(left[:, :, 0, :n_counts], kept, out=left[:, :, 0, :n_counts])
        return left

    def _note(self, state: int, value_index: int, arc: Arc) -> Floats:
        """The least cost with a note next, over its pitches: (sets, rows, counts)."""
        step = self._rhythm.positions[state]
        moves = self._ahead.moves(state, value_index)
        key = (step, value_index, arc.target, id(moves), arc.completes)
        if key not in self._of_notes:  # several states lead to one
            ways = self._notes(state, value_index, arc)
            self._of_notes[key] = np.min([way.min(axis=2) for way in ways], axis=0)
        return self._of_notes[key]

    def _notes(self, state: int, value_index: int, arc: Arc) -> Iterator[Floats]:
        """What a note next costs, for every way it may count: (sets, rows, pitches, counts)."""
        step = self._rhythm.positions[state]
        price = self._costs.moves[step] + self._costs.notes[step, value_index]
        after = self._left[arc.target][:, :-1, 0] + self._outside[..., None]
        for moves, counts in self._ahead.moves_by_count(state, value_index, arc):
            open_moves = np.where(moves, price, np.inf)[self._rows][:, self._pitches]
            yield open_moves[None, :, :, None] + after[:, None][..., counts]

    def _kept(self, state: int, sound: Sound, value_index: int, arc: Arc) -> Floats | None:
        """What a tie or a rest next costs: (sets, rows, counts)."""
        counts = self._ahead.counts_after(state, sound, arc)
        if counts is None:
            return None
        step = self._rhythm.positions[state]
        after = self._left[arc.target][:, :, int(sound is Sound.REST)][..., counts]
        if sound is Sound.REST:
            return np.asarray(after + self._costs.rests[step, value_index])
        price = np.append(self._costs.ties[step, value_index, self._pitches], np.inf)  # nothing to tie yet
        return np.asarray(after + price[:, None])

    def _onwards(self, chosen: int, here: _Here) -> Iterator[tuple[float, Event, _Here]]:
        """Every event that may follow, what the phrase then costs, and where it leads."""
        for (sound, value_index), arc in self._rhythm.arcs[here.state].items():
            if sound is Sound.NOTE:
                ways = self._ahead.moves_by_count(here.state, value_index, arc)
                for priced, (_, counts) in zip(self._notes(here.state, value_index, arc), ways, strict=True):
                    prices = priced[chosen, here.row, :, here.counts]
                    row = int(prices.argmin())
                    event = value_index, int(self._pitches[row]) + FIRST_PITCH
                    yield float(prices[row]), event, _Here(arc.target, row, 0, int(counts[here.counts]))
            elif not here.rested:
                kept = self._kept(here.state, sound, value_index, arc)
                counts_after = self._ahead.counts_after(here.state, sound, arc)
                if kept is not None and counts_after is not None:
                    event = value_index, REST if sound is Sound.REST else TIE
                    there = _Here(arc.target, here.row, int(sound is Sound.REST), int(counts_after[here.counts]))
                    yield float(kept[chosen, here.row, here.counts]), event, there
