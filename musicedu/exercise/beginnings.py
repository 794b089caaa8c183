"""How a phrase begins that takes up an earlier one: the same notes, or the same figure on another step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicedu.encoding.events import Event
from musicedu.encoding.vocabulary import FIRST_PITCH, TIE, VALUES
from musicedu.exercise.composed import ComposedPhrase
from musicedu.exercise.frames import LETTERS, NATURALS
from musicedu.exercise.phrase_rules import CompiledPhrase
from musicedu.exercise.plan import Plan

_SEQUENCE_STEPS = (-2, -1, 1, 2)


def beginning_like(
    plan: Plan, alike: ComposedPhrase, compiled: CompiledPhrase, rng: np.random.Generator
) -> tuple[Event, ...]:
    """How a phrase of a known idea begins: as the first did, a step higher or lower in a sequence; () if it cannot."""
    found = _beginnings(plan, alike, compiled)
    return found[int(rng.integers(len(found)))] if found else ()


def can_begin_like(plan: Plan, alike: ComposedPhrase, compiled: CompiledPhrase) -> bool:
    """Whether a phrase can take up an earlier one's beginning."""
    return bool(_beginnings(plan, alike, compiled))


def _beginnings(plan: Plan, alike: ComposedPhrase, compiled: CompiledPhrase) -> list[tuple[Event, ...]]:
    if alike.compiled.grid.metre != compiled.grid.metre or alike.compiled.grid.phase != compiled.grid.phase:
        return []
    n_kept = min(alike.compiled.grid.n_measures, compiled.grid.n_measures) - 2
    begun = _until(alike.events, n_kept * compiled.grid.measure_ticks)
    offsets = _SEQUENCE_STEPS if plan.form == "sequence" else (0,)
    moved = [_moved_letters(begun, letters) for letters in offsets]
    return [events for events in moved if events and _may_begin(compiled, events)]


def _until(events: Sequence[Event], limit: int) -> tuple[Event, ...]:
    """The events that end by a step; one fewer where a tie would lead on."""
    kept, step = [], 0
    for index, (value_index, token) in enumerate(events):
        step += VALUES[value_index]
        tied_on = index + 1 < len(events) and events[index + 1][1] == TIE
        if step > limit or (step == limit and tied_on):
            break
        kept.append((value_index, token))
    return tuple(kept)


def _moved_letters(events: Sequence[Event], letters: int) -> tuple[Event, ...]:
    """The events some steps of the scale higher; () where that leaves the frame or meets a note outside the scale."""
    if letters == 0:
        return tuple(events)
    index_of_letter = {int(LETTERS[index]): int(index) for index in np.flatnonzero(NATURALS)}
    moved = []
    for value_index, token in events:
        if token < FIRST_PITCH:
            moved.append((value_index, token))
            continue
        target = index_of_letter.get(int(LETTERS[token - FIRST_PITCH]) + letters)
        if target is None or not NATURALS[token - FIRST_PITCH]:
            return ()
        moved.append((value_index, target + FIRST_PITCH))
    return tuple(moved)


def _may_begin(compiled: CompiledPhrase, events: Sequence[Event]) -> bool:
    place = compiled.ahead.start
    for event in events:
        after = compiled.ahead.after(place, event)
        if after is None:
            return False
        place = after
    return True
