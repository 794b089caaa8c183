"""Composing an exercise phrase by phrase: related latents, shared beginnings, the best of several draws."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial

import numpy as np
from threadpoolctl import ThreadpoolController

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.encoding.events import Event, line_of_events
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.exercise.beginnings import beginning_like, can_begin_like
from musicedu.exercise.composed import ComposedPhrase
from musicedu.exercise.must_occur import budgets, drawn_feature
from musicedu.exercise.phrase_rules import CompiledPhrase, Known, compile_phrase, ends_to_go_on_from
from musicedu.exercise.plan import Plan
from musicedu.exercise.preferences import tiring
from musicedu.exercise.targets import Request, Scale, draw_request, scale_for
from musicedu.generation.decoding import draw_phrases
from musicedu.generation.engine import Asked, Engine
from musicedu.grid import GridLine

N_CANDIDATES = 24
TEMPERATURE = 0.9
_OCTAVE, _REGISTER, _TIRING = 12, 0.2, 0.4


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
