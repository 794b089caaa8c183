"""Random small rules, what they mean spelled out by brute force, and a model with opinions of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from musicedu.encoding.events import Event
from musicedu.encoding.vocabulary import (
    FIRST_PITCH,
    N_PITCHES,
    N_TOKENS,
    N_VALUES,
    REST,
    TIE,
    VALUES,
)
from musicedu.generation.decoding import Logits, NextLogits, Prefix
from musicedu.generation.rhythm import CellShape, Rhythm, Sound, build_rhythm
from musicedu.generation.rules import NOTHING_YET, Cadence, Counter, Mask, Rules, moves_to
from musicedu.grid import Grid
from musicedu.melody import Metre

CELLS = (
    CellShape("quarter", ((12, True),)),
    CellShape("eighths", ((6, False), (6, True))),
    CellShape("half", ((24, False),)),
    CellShape("dotted quarter", ((18, False), (6, False))),
    CellShape("triplet", ((4, False), (4, False), (4, False))),
    CellShape("long-short", ((9, False), (3, False))),
)


def moves_within(semitones: int) -> Mask:
    """Moves of at most so many semitones; any first note."""
    pitches = np.arange(N_PITCHES)
    near = np.abs(pitches[:, None] - pitches[None]) <= semitones
    return np.vstack([near, np.ones((1, N_PITCHES), dtype=bool)])


def random_cells(rng: np.random.Generator, *, most: int = 4) -> tuple[CellShape, ...]:
    """A few kinds of cell, which may or may not fill a measure."""
    n_chosen = int(rng.integers(1, most + 1))
    return tuple(CELLS[index] for index in sorted(rng.choice(len(CELLS), n_chosen, replace=False)))


def rhythm_of(cells: Sequence[CellShape], grid: Grid, *, ties: bool = False, short: int = 0) -> Rhythm | None:
    """Cells that may begin on every quarter of the measure and stay inside it; notes tie over barlines."""

    def cells_at(step: int) -> Sequence[CellShape]:
        place = (step + grid.phase) % grid.measure_ticks
        return [cell for cell in cells if place % 12 == 0 and place + cell.n_ticks <= grid.measure_ticks]

    def may_tie(begun: int, step: int) -> bool:
        return ties and (step + grid.phase) % grid.measure_ticks == 0

    return build_rhythm(grid, cells_at, may_tie=may_tie, short=short)


def random_rules(rng: np.random.Generator, *, grid: Grid | None = None, n_pitches: int = N_PITCHES) -> Rules | None:
    """Rules of every kind at once, some of which nothing can meet; None where the cells do not fill the grid.

    n_pitches: how many pitches, from the middle of the frame up, may sound.
    """
    if grid is None:
        grid = Grid(Metre(int(rng.integers(2, 5)), 4), int(rng.integers(1, 4)), int(rng.choice([0, 0, 12])))
    short = int(rng.choice([0, 4]))
    rhythm = rhythm_of(random_cells(rng), grid, ties=bool(rng.integers(2)), short=short)
    if rhythm is None:
        return None
    lowest = (N_PITCHES - n_pitches) // 2
    inside = np.zeros(N_PITCHES, dtype=bool)
    inside[lowest : lowest + n_pitches] = rng.random(n_pitches) < 0.7
    goals = np.zeros(N_PITCHES, dtype=bool)
    goals[lowest : lowest + n_pitches] = rng.random(n_pitches) < 0.4
    placed_on = int(rng.choice([1, 12, 24]))
    cadence = Cadence(moves_to(goals), lambda step, value: step % placed_on == 0 and value >= 12)
    moves = moves_within(int(rng.integers(1, 8))) & moves_to(inside)
    if rng.random() < 0.3:
        np.fill_diagonal(moves, False)  # no pitch twice in a row
    return Rules(
        grid,
        rhythm,
        moves,
        short=short,
        short_moves=moves_within(2) if short else None,
        landing=frozenset({12, 24}),
        landing_moves=moves_within(2) if rng.random() < 0.3 else None,
        cadence=cadence if rng.random() < 0.7 else None,
        counters=random_counters(rng),
        entering=int(rng.choice([NOTHING_YET, lowest, lowest + n_pitches - 1])),
        may_begin_with_rest=bool(rng.integers(2)),
        may_end_with_rest=bool(rng.integers(2)),
    )


def random_counters(rng: np.random.Generator) -> tuple[Counter, ...]:
    leaps = ~moves_within(2)
    kinds = (
        {"name": "leaps", "moves": leaps},
        {"name": "rests", "sounds": frozenset({Sound.REST})},
        {"name": "ties", "sounds": frozenset({Sound.TIE})},
        {"name": "eighths", "cells": frozenset({"eighths", "long-short"})},
    )
    counters = []
    for index in rng.permutation(len(kinds))[: int(rng.integers(0, 3))]:
        at_least = int(rng.integers(0, 3))
        at_most = None if rng.integers(2) else at_least + int(rng.integers(0, 3))
        counters.append(Counter(at_least=at_least, at_most=at_most, **kinds[index]))  # type: ignore[arg-type]
    return tuple(counters)


def all_phrases(rules: Rules, pitches: Sequence[int]) -> Iterator[tuple[Event, ...]]:
    """Every row of events that fills the grid by the rhythm's arcs, on these pitches, whatever else is forbidden."""

    def grown(state: int, events: tuple[Event, ...]) -> Iterator[tuple[Event, ...]]:
        if rules.rhythm.is_final(state):
            yield events
            return
        for (sound, value), arc in rules.rhythm.arcs[state].items():
            tokens = {Sound.REST: [REST], Sound.TIE: [TIE], Sound.NOTE: [FIRST_PITCH + p for p in pitches]}[sound]
            for token in tokens:
                yield from grown(arc.target, (*events, (value, token)))

    return grown(0, ())


def obeys(rules: Rules, events: Sequence[Event]) -> bool:
    """Whether a phrase obeys rules, read off event by event with none of the look-ahead's tables."""
    state, last, rested, step = 0, rules.entering, False, 0
    counts = dict.fromkeys((counter.name for counter in rules.counters), 0)
    for value, token in events:
        sound = Sound.REST if token == REST else Sound.TIE if token == TIE else Sound.NOTE
        arc = rules.rhythm.arcs[state].get((sound, value))
        if arc is None:
            return False
        pitch = token - FIRST_PITCH
        ends = step + VALUES[value] == rules.grid.n_ticks
        if sound is Sound.NOTE:
            fits = bool(rules.moves[last, pitch])
            is_short = VALUES[value] <= rules.short or rules.rhythm.after_short[state]
            if is_short and rules.short_moves is not None:
                fits = fits and bool(rules.short_moves[last, pitch])
            if rules.landing_moves is not None and VALUES[value] not in rules.landing:
                fits = fits and bool(rules.landing_moves[last, pitch])
            if ends and rules.cadence is not None:
                fits = fits and rules.cadence.placed(step, VALUES[value]) and bool(rules.cadence.moves[last, pitch])
        elif sound is Sound.TIE:
            fits = not rested and last != NOTHING_YET and not ends
        else:
            fits = not rested and (step > 0 or rules.may_begin_with_rest) and (not ends or rules.may_end_with_rest)
        if not fits:
            return False
        for counter in rules.counters:
            counts[counter.name] += sound in counter.sounds
            counts[counter.name] += bool(counter.cells & arc.completes)
            if sound is Sound.NOTE and counter.moves is not None:
                counts[counter.name] += bool(counter.moves[last, pitch])
        state, rested, step = arc.target, sound is Sound.REST, step + VALUES[value]
        last = pitch if sound is Sound.NOTE else last
    in_bounds = all(
        counter.at_least <= counts[counter.name] <= (np.inf if counter.at_most is None else counter.at_most)
        for counter in rules.counters
    )
    return in_bounds and rules.rhythm.is_final(state)


def stubborn(seed: int) -> NextLogits:
    """A model that has strong and odd opinions, and asks for what the rules forbid as soon as not."""
    rng = np.random.default_rng(seed)
    values, tokens = rng.normal(0, 5, N_VALUES), rng.normal(0, 5, N_TOKENS)

    def next_logits(prefix: Prefix) -> Logits:
        wanted = values if prefix.value is None else tokens
        return np.broadcast_to(wanted, (len(prefix.positions), len(wanted))).copy()

    return next_logits


def line_pitches(phrase: Sequence[Event]) -> list[int]:
    """The pitch indices of a phrase's notes."""
    return [token - FIRST_PITCH for _, token in phrase if token >= FIRST_PITCH]
