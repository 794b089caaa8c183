"""Composing an exercise phrase by phrase: related latents, shared beginnings, the best of several draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.data import data_path
from musicedu.encoding.events import Event, line_of_events
from musicedu.encoding.features import CONDITION_ATTRIBUTES, condition_vector
from musicedu.encoding.vocabulary import FIRST_PITCH, LOWEST_PITCH, N_PITCHES, TIE, VALUES
from musicedu.generation.decoding import draw_phrases
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.generation.rhythm import Sound
from musicedu.practice.frames import LETTERS, NATURALS
from musicedu.practice.phrase_rules import Budget, CompiledPhrase, Known, compile_phrase
from musicedu.practice.phrases import Phrase
from musicedu.practice.requests import Request, draw_request
from musicedu.practice.resolved import Resolved
from musicedu.practice.specification import TOPICS
from musicedu.weights import Weights, load_weights

N_CANDIDATES = 16
TEMPERATURE = 0.9
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ComposedPhrase:
    """A phrase that has been chosen: its events in the frame, and where it stands."""

    phrase: Phrase
    compiled: CompiledPhrase
    events: tuple[Event, ...]
    z: Floats

    @property
    def last_written_pitch(self) -> int:
        """The written MIDI pitch of the last note."""
        last = [token for _, token in self.events if token >= FIRST_PITCH][-1]
        return last - FIRST_PITCH + LOWEST_PITCH + self.compiled.frame.shift


@lru_cache(maxsize=1)
def shipped_model() -> NumpyVae:
    """The network that comes with the package."""
    return NumpyVae(load_weights(data_path("models", "vae.npz")))


def compose(plan: Resolved, model: NumpyVae, rng: np.random.Generator) -> tuple[ComposedPhrase, ...]:
    """Compose every phrase of a plan; phrases of one idea begin alike and end each in its own way."""
    with _blas().limit(limits=1):  # threads cost more than they give on matrices this small, and vary the last bits
        return tuple(_composed_phrases(plan, model, rng))


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


def _composed_phrases(plan: Resolved, model: NumpyVae, rng: np.random.Generator) -> list[ComposedPhrase]:
    composed: list[ComposedPhrase] = []
    known: Known = {}
    request = draw_request(plan.level.number, plan.metre.metre, plan.key, rng)
    for index, phrase in enumerate(plan.phrases):
        last_pitch = composed[-1].last_written_pitch if composed else None
        compiled = compile_phrase(plan, index, last_pitch, _budgets(plan, composed, index), known)
        model_phrase = next((one for one in composed if one.phrase.idea == phrase.idea), None)
        if model_phrase is None and index:
            request = draw_request(plan.level.number, compiled.metre.metre, phrase.key, rng)
        composed.append(_composed(plan, index, compiled, request, model_phrase, model, rng))
    return composed


def _composed(
    plan: Resolved,
    index: int,
    compiled: CompiledPhrase,
    request: Request,
    alike: ComposedPhrase | None,
    model: NumpyVae,
    rng: np.random.Generator,
) -> ComposedPhrase:
    condition, ranks = _condition(plan, index, compiled, request, model.weights, rng)
    conditions = np.repeat(condition[None], N_CANDIDATES, axis=0)
    z = model.draw_latents(conditions, rng)
    begun: tuple[Event, ...] = ()
    if alike is not None:
        z = 0.7 * alike.z[None] + 0.3 * z
        begun = _beginning(plan, alike, compiled, rng)
    decoder = model.decoder(z, conditions, compiled.grid)
    drawn = draw_phrases(compiled.ahead, decoder, N_CANDIDATES, rng, temperature=TEMPERATURE, begun=begun)
    weights = compiled.grid.weights()
    misses = [_miss(events, weights, ranks, model.weights) for events in drawn]
    best = int(np.argmin(misses))
    return ComposedPhrase(plan.phrases[index], compiled, drawn[best], z[best])


def _condition(
    plan: Resolved,
    index: int,
    compiled: CompiledPhrase,
    request: Request,
    weights: Weights,
    rng: np.random.Generator,
) -> tuple[Floats, list[float]]:
    """The condition vector of a phrase and the ranks in it; the register is placed inside the plan's range."""
    lowest, highest = (note.pitch - compiled.frame.shift for note in (plan.lowest, plan.highest))
    spread = min(request.range, highest - lowest)
    bottom = lowest + rng.random() * (highest - lowest - spread)
    asked = {
        "range": spread,
        "mean_interval": request.mean_interval,
        "note_density": request.note_density,
        "rhythm_entropy": request.rhythm_entropy,
        "syncopation": request.syncopation,
        "register": bottom + request.height * spread,
    }
    ranks = [weights.rank(name, asked[name]) for name in CONDITION_ATTRIBUTES]
    phrase = plan.phrases[index]
    vector = condition_vector(
        ranks,
        compiled.grid,
        is_minor=phrase.key.is_minor,
        begins_tune=index == 0,
        ends_tune=index == len(plan.phrases) - 1,
    )
    return vector.astype(np.float64), ranks


def _miss(events: Sequence[Event], weights: NDArray[np.int64], ranks: list[float], model: Weights) -> float:
    """How far a phrase is from what was asked: the mean distance of ranks, and a price for what ears tire of."""
    line = line_of_events(events, weights)
    realised = [model.rank(name, GRID_ATTRIBUTES[name](line)) for name in CONDITION_ATTRIBUTES]
    distance = float(np.mean([abs(a - b) for a, b in zip(ranks, realised, strict=True)]))
    return distance + 0.15 * _monotony(line.pitches)


def _monotony(pitches: NDArray[np.int64]) -> float:
    """Runs of one repeated pitch and see-saws between two, beyond three notes, as a share of the notes."""
    if len(pitches) < 4:
        return 0.0
    same = pitches[1:] == pitches[:-1]
    see_saw = (pitches[2:] == pitches[:-2]) & ~same[1:]
    repeated = same[2:] & same[1:-1] & same[:-2]
    swinging = see_saw[1:] & see_saw[:-1]
    return float(repeated.sum() + swinging.sum()) / len(pitches)


def _budgets(plan: Resolved, composed: Sequence[ComposedPhrase], index: int) -> Iterator[Budget]:
    """What a phrase may and must use: ties by its share, each focus spread out, then whatever can be met."""
    n_left = len(plan.phrases) - index
    ties_left = plan.max_ties - sum(count_focus(one, "ties") for one in composed)
    ties = -(-ties_left // n_left)
    missing = {name: max(0, plan.focus_count - sum(count_focus(one, name) for one in composed)) for name in plan.focus}
    if n_left == 1:
        yield Budget(ties_left, missing)
        return
    spread = {name: min(count, -(-count // n_left)) for name, count in missing.items()}
    yield Budget(ties, spread)
    for name in spread:
        yield Budget(ties, {other: n for other, n in spread.items() if other != name})
    yield Budget(ties, {})


def count_focus(composed: ComposedPhrase, name: str) -> int:
    """How often a focus (a cell or a topic) occurs in a phrase."""
    place, ahead = composed.compiled.ahead.start, composed.compiled.ahead
    count = 0
    for event in composed.events:
        value_index, token = event
        sound = Sound.NOTE if token >= FIRST_PITCH else Sound.TIE if token == TIE else Sound.REST
        arc = ahead.rules.rhythm.arcs[place.state][sound, value_index]
        after = ahead.after(place, event)
        if after is None:
            raise ValueError("the phrase breaks its own rules")
        count += _is_counted(name, sound, arc.completes, place.last, after.last)
        place = after
    return count


def _is_counted(name: str, sound: Sound, completes: frozenset[str], before: int, pitch: int) -> bool:
    if name not in TOPICS:
        return name in completes
    if name in ("rests", "ties"):
        return sound is (Sound.REST if name == "rests" else Sound.TIE)
    if sound is not Sound.NOTE:
        return False
    if name == "accidentals":
        return not NATURALS[pitch]
    if before >= N_PITCHES or not (NATURALS[before] and NATURALS[pitch]):
        return False
    size = abs(int(LETTERS[pitch]) - int(LETTERS[before])) + 1
    return size == TOPICS[name] if TOPICS[name] else size >= 3


def _beginning(
    plan: Resolved, alike: ComposedPhrase, compiled: CompiledPhrase, rng: np.random.Generator
) -> tuple[Event, ...]:
    """How a phrase of a known idea begins: as the first did, a step higher or lower in a sequence; () if it cannot."""
    if alike.compiled.grid.metre != compiled.grid.metre or alike.compiled.grid.phase != compiled.grid.phase:
        return ()
    n_kept = min(alike.compiled.grid.n_measures, compiled.grid.n_measures) - 2
    limit = n_kept * compiled.grid.measure_steps
    offsets = rng.permutation([-2, -1, 1, 2]).tolist() if plan.form == "sequence" else [0]
    for letters in offsets:
        events = _moved_letters(_until(alike.events, limit), letters)
        if events and _may_begin(compiled, events):
            return events
    return ()


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
