"""Composing an exercise phrase by phrase: related latents, shared beginnings, the best of several draws.

A phrase that takes up an earlier one begins with the same notes, or with the same figure on another step. A candidate
is marked down for what no rule forbids and no teacher would choose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.encoding.events import Event, line_of_events
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.encoding.vocabulary import FIRST_PITCH, TIE, VALUES
from musicedu.exercise.composed import ComposedPhrase
from musicedu.exercise.frames import LETTERS, NATURALS
from musicedu.exercise.must_occur import budgets, drawn_feature
from musicedu.exercise.phrase_rules import CompiledPhrase, Known, compile_phrase, ends_to_go_on_from
from musicedu.exercise.plan import Plan
from musicedu.exercise.targets import Request, Scale, draw_request, scale_for
from musicedu.generation.decoding import draw_phrases
from musicedu.generation.engine import Asked, Engine
from musicedu.grid import TICKS_PER_QUARTER, GridLine

N_CANDIDATES = 24
TEMPERATURE = 0.9
_OCTAVE, _REGISTER, _TIRING = 12, 0.2, 0.4
_SEQUENCE_STEPS = (-2, -1, 1, 2)
_LEAP = 5
_TRIADS = ((3, 4), (4, 3), (5, 4), (5, 3), (4, 5), (3, 5))
_MOST_OF_ONE = 0.4
_FEW, _PRICE_OF_EVENNESS = 5, 0.2


def compose(
    plan: Plan,
    engine: Engine,
    rng: np.random.Generator,
    *,
    n_candidates: int = N_CANDIDATES,
    known: Known | None = None,
    carefully: bool = False,
) -> tuple[ComposedPhrase, ...]:
    """Compose every phrase of a plan; phrases of one idea begin alike and end each in its own way.

    n_candidates: how often each phrase is drawn for the one nearest to what was asked to be kept. known: look-aheads
    of this very plan, kept from one composition to the next. carefully: no phrase ends where the next cannot go on.
    """
    with _blas().limit(limits=1):  # threads cost more than they give on matrices this small, and vary the last bits
        return tuple(_composed_phrases(plan, engine, rng, n_candidates, {} if known is None else known, carefully))


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


def _composed_phrases(
    plan: Plan, engine: Engine, rng: np.random.Generator, n_candidates: int, known: Known, carefully: bool
) -> list[ComposedPhrase]:
    composed: list[ComposedPhrase] = []
    ends = ends_to_go_on_from(plan) if carefully else (None,) * len(plan.phrases)
    feature = drawn_feature(plan, rng)
    request = draw_request(plan.level.number, plan.metre.metre, plan.key, rng)
    for index, phrase in enumerate(plan.phrases):
        last_pitch = composed[-1].last_written_pitch if composed else None
        alike = next((one for one in composed if one.phrase.idea == phrase.idea), None)
        suits = partial(can_begin_like, plan, alike) if alike is not None else (lambda compiled: True)
        wanted = budgets(plan, composed, index, feature)
        compiled = compile_phrase(plan, index, last_pitch, wanted, known, suits=suits, ends=ends[index])
        if alike is None and index:
            request = draw_request(plan.level.number, compiled.metre.metre, phrase.key, rng)
        composed.append(_composed(plan, index, compiled, request, alike, engine, rng, n_candidates))
    return composed


def _composed(
    plan: Plan,
    index: int,
    compiled: CompiledPhrase,
    request: Request,
    alike: ComposedPhrase | None,
    engine: Engine,
    rng: np.random.Generator,
    n_candidates: int,
) -> ComposedPhrase:
    asked = _asked(plan, compiled, request, rng)
    wish = Asked(
        compiled.grid,
        asked,
        is_minor=plan.phrases[index].key.is_minor,
        begins_tune=index == 0,
        ends_tune=index == len(plan.phrases) - 1,
    )
    conditions = np.repeat(engine.condition(wish)[None], n_candidates, axis=0)
    z = engine.draw_latents(conditions, rng)
    begun: tuple[Event, ...] = ()
    if alike is not None:
        z = 0.7 * alike.z[None] + 0.3 * z
        begun = beginning_like(plan, alike, compiled, rng)
    decoder = engine.decoder(z, conditions, compiled.grid)
    drawn = draw_phrases(compiled.ahead, decoder, n_candidates, rng, temperature=TEMPERATURE, begun=begun)
    phrase = plan.phrases[index]
    scale = scale_for(plan.level.number, compiled.metre.metre, phrase.key)
    weights = compiled.grid.weights()
    best = int(np.argmin([_miss(line_of_events(events, weights), asked, scale) for events in drawn]))
    return ComposedPhrase(phrase, compiled, drawn[best], z[best])


def _asked(plan: Plan, compiled: CompiledPhrase, request: Request, rng: np.random.Generator) -> dict[str, float]:
    """The attributes asked of a phrase; the register is placed inside the plan's range."""
    lowest, highest = (note.pitch - compiled.frame.shift for note in (plan.lowest, plan.highest))
    spread = min(max(request.range, plan.level.least_range_semitones), highest - lowest)
    bottom = lowest + rng.random() * (highest - lowest - spread)
    return {
        "range": spread,
        "mean_interval": request.mean_interval,
        "note_density": request.note_density,
        "rhythm_entropy": request.rhythm_entropy,
        "syncopation": request.syncopation,
        "register": bottom + request.height * spread,
    }


def _miss(line: GridLine, asked: Mapping[str, float], scale: Scale) -> float:
    """How far a phrase is from what was asked, and a price for what ears tire of."""
    realised = {name: GRID_ATTRIBUTES[name](line) for name in CONDITION_ATTRIBUTES}
    off_register = abs(realised["register"] - asked["register"]) / _OCTAVE
    return scale.distance(asked, realised) + _REGISTER * off_register + _TIRING * tiring(line)


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


def tiring(line: GridLine) -> float:
    """How much of a phrase tires the ear, as a share of its notes: monotony, wild leaps, too much of one thing."""
    pitches = line.pitches
    return monotony(pitches) + wildness(pitches) + sameness(pitches) + haste(line) + evenness(line)


def monotony(pitches: NDArray[np.int64]) -> float:
    """Runs of one repeated pitch and see-saws between two, beyond three notes, as a share of the notes."""
    if len(pitches) < 4:
        return 0.0
    same = pitches[1:] == pitches[:-1]
    see_saw = (pitches[2:] == pitches[:-2]) & ~same[1:]
    repeated = same[2:] & same[1:-1] & same[:-2]
    swinging = see_saw[1:] & see_saw[:-1]
    return float(repeated.sum() + swinging.sum()) / len(pitches)


def wildness(pitches: NDArray[np.int64]) -> float:
    """Leaps of a fourth or more that go on the same way and outline no triad, as a share of the notes."""
    if len(pitches) < 3:
        return 0.0
    intervals = np.diff(pitches)
    first, second = intervals[:-1], intervals[1:]
    onward = (np.abs(first) >= _LEAP) & (np.sign(first) == np.sign(second))
    if not onward.any():  # as nearly always
        return 0.0
    sizes = np.stack([np.abs(first), np.abs(second)], axis=1)
    in_triad = np.any([(sizes == triad).all(axis=1) for triad in _TRIADS], axis=0)
    return float((onward & ~in_triad).sum()) / len(pitches)


def haste(line: GridLine) -> float:
    """Leaps of a fourth or more out of notes shorter than an eighth, as a share of the notes."""
    if len(line.pitches) < 2:
        return 0.0
    out_of_short = line.durations[:-1] < TICKS_PER_QUARTER // 2
    return float((out_of_short & (np.abs(np.diff(line.pitches)) >= _LEAP)).sum()) / len(line.pitches)


def evenness(line: GridLine) -> float:
    """A price for one note value from the beginning to the note before the last."""
    is_even = len(line.durations) > _FEW and bool((line.durations[:-1] == line.durations[0]).all())
    return _PRICE_OF_EVENNESS if is_even else 0.0


def sameness(pitches: NDArray[np.int64]) -> float:
    """How far the share of the commonest pitch passes two in five."""
    if not len(pitches):
        return 0.0
    return max(0.0, float(np.bincount(pitches).max()) / len(pitches) - _MOST_OF_ONE)
