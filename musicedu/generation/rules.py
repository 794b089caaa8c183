"""What a phrase may not break, as small masks: pitches, moves between them, rhythm, cadence and counted events.

Pitches are indices into the frame, 0 for its lowest (`musicedu.encoding.vocabulary`); `NOTHING_YET` stands for the
pitch before the first note. A constraint is an array of what is allowed; constraints compose by `&`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.vocabulary import N_PITCHES
from musicedu.generation.rhythm import Arc, Rhythm, Sound
from musicedu.grid import Grid

Mask = NDArray[np.bool_]
NOTHING_YET = N_PITCHES


def any_move() -> Mask:
    """Every move allowed: (pitch before or `NOTHING_YET`, pitch)."""
    return np.ones((N_PITCHES + 1, N_PITCHES), dtype=bool)


def moves_to(pitches: Mask) -> Mask:
    """Moves to the pitches of a mask (`N_PITCHES`,), from anywhere."""
    return np.broadcast_to(pitches, (N_PITCHES + 1, N_PITCHES)).copy()


@dataclass(frozen=True)
class Counter:
    """How often something may or must happen in a phrase.

    at_least, at_most: the bounds (`at_most` None for no upper one); what counts: notes whose move is True in
    `moves`, events of a sound in `sounds`, and completed cells in `cells`.
    """

    name: str
    at_least: int = 0
    at_most: int | None = None
    moves: Mask | None = None
    sounds: frozenset[Sound] = frozenset()
    cells: frozenset[str] = frozenset()

    @property
    def n_states(self) -> int:
        return 1 + (self.at_least if self.at_most is None else self.at_most)

    def after(self, count: int, happened: int) -> int | None:
        """The count after so many more, no more than matters; None past `at_most`."""
        total = count + happened
        if self.at_most is None:
            return min(total, self.at_least)
        return total if total <= self.at_most else None


@dataclass(frozen=True)
class Cadence:
    """How a phrase ends: the moves its last note may be reached by, and where and how long that note may be.

    placed: (step of the last note, its value in steps) to whether that is an end.
    """

    moves: Mask = field(default_factory=any_move)
    placed: Callable[[int, int], bool] = lambda step, value: True


@dataclass(frozen=True)
class Rules:
    """All that a phrase must obey.

    grid, rhythm: its measures and the automaton of its cells; moves: (pitch before, pitch). short_moves: narrower
    moves into and out of notes of at most `short` ticks. landing_moves: narrower moves into notes of all values but
    those of `landing`. cadence: its end; counters: counted events; entering: the
    pitch index that the phrase before ended on, or `NOTHING_YET`. may_begin_with_rest, may_end_with_rest: whether
    silence may open or close it; rests_until: the step from which there are no more rests.
    """

    grid: Grid
    rhythm: Rhythm
    moves: Mask
    short: int = 0
    short_moves: Mask | None = None
    landing: frozenset[int] = frozenset()
    landing_moves: Mask | None = None
    cadence: Cadence | None = None
    counters: tuple[Counter, ...] = ()
    entering: int = NOTHING_YET
    may_begin_with_rest: bool = True
    rests_until: int | None = None
    may_end_with_rest: bool = False

    def moves_of(self, state: int, value: int) -> Mask:
        """The moves a note may make that begins in a rhythm state and has a value; cadence included at the end."""
        is_short = value <= self.short or self.rhythm.after_short[state]
        moves = self._all_short_moves if is_short else self.moves
        if self.landing_moves is not None and value not in self.landing:
            moves = moves & self.landing_moves
        step = self.rhythm.positions[state]
        if self.cadence is None or step + value < self.grid.n_ticks:
            return moves
        if not self.cadence.placed(step, value):
            return np.zeros_like(moves)
        return moves & self.cadence.moves

    def may_keep_pitch(self, state: int, sound: Sound, arc: Arc) -> bool:
        """Whether a tie or a rest may stand in a rhythm state, whatever sounded last."""
        ends = self.rhythm.is_final(arc.target)
        if sound is Sound.TIE:
            return not ends
        step = self.rhythm.positions[state]
        if self.rests_until is not None and step >= self.rests_until:
            return False
        return (self.may_begin_with_rest or step > 0) and (self.may_end_with_rest or not ends)

    def may_sound(self, sound: Sound) -> bool:
        """Whether there is a place for a tie, or for a rest, anywhere."""
        return any(
            event is sound and self.may_keep_pitch(state, event, arc)
            for state, arcs in enumerate(self.rhythm.arcs)
            for (event, _), arc in arcs.items()
        )

    @cached_property
    def _all_short_moves(self) -> Mask:
        return self.moves if self.short_moves is None else self.moves & self.short_moves
