"""The table by level: exercises' phrases beside real tunes that obey the same rules, and beside baselines.

Real tunes are those that obey a level or, where these are few, tunes simplified to it as well.

Every row is judged on the same requests: windows of training tunes that are of the level. A request gives metre, mode,
upbeat and six attributes; the rules are the level's, inside a range of the level's size around the request's notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Window, window_melody
from musicedu.encoding.features import CONDITION_ATTRIBUTES, condition_vector
from musicedu.encoding.vocabulary import FIRST_PITCH, N_PITCHES
from musicedu.evaluation.level_windows import level_ahead, obeys, suits
from musicedu.evaluation.overlap import control, mean_of_halves, mean_overlap
from musicedu.evaluation.simplify import simplify
from musicedu.exercise.composing import TEMPERATURE
from musicedu.exercise.frames import NATURALS
from musicedu.exercise.targets import Scale
from musicedu.generation.decoding import NextLogits, draw_phrases
from musicedu.generation.engine import Engine
from musicedu.generation.lookahead import LookAhead, free_ahead
from musicedu.generation.rules import moves_to
from musicedu.grid import Grid
from musicedu.syllabus.difficulty import estimate_difficulty
from musicedu.syllabus.levels import level
from musicedu.training.dataset import window_attributes

_FEWEST = 20
Floats = NDArray[np.float64]
Proposer = Callable[[Window, Floats, int, np.random.Generator], NextLogits]
"""(request, its condition, how many phrases, rng) to what the model thinks."""


@dataclass(frozen=True)
class Row:
    """One engine at one level: overlap with held-out tunes of the level, control, and how many were compared.

    suiting: the share of the melodies whose measured difficulty suits the level.
    """

    level: int
    engine: str
    overlap: float
    control: float
    n: int
    suiting: float


@dataclass(frozen=True, slots=True)
class Known:
    """A window of a real tune, and the family of the tune."""

    window: Window
    family: str


def known_of_level(
    known: Iterable[Known], number: int, most: int, *, suiting: bool = False, simplified: bool = False
) -> list[Known]:
    """The first windows that obey a level, as long as the level compares (`Level.tune_measures`).

    suiting: only those whose measured difficulty suits the level too. simplified: windows that do not obey the level
    come in as well, made easier (`musicedu.evaluation.simplify`).
    """
    found: list[Known] = []
    for one in known:
        long_enough = one.window.grid.n_measures >= level(number).tune_measures
        window = _made_to_obey(one.window, number, simplified=simplified) if long_enough else None
        if window is not None and (not suiting or _suits(window, number)):
            found.append(replace(one, window=window))
            if len(found) == most:
                break
    return found


def _made_to_obey(window: Window, number: int, *, simplified: bool) -> Window | None:
    if simplified:
        return simplify(window, number)
    return window if obeys(window, number) else None


def _suits(window: Window, number: int) -> bool:
    return suits(estimate_difficulty(window_melody(window)).score, number)


def _suiting(windows: Iterable[Window], number: int) -> float:
    return float(np.mean([_suits(window, number) for window in windows]))


def attributes_of(windows: Iterable[Window]) -> Floats:
    """The condition attributes of windows, in their units: (windows, attributes)."""
    return np.array([window_attributes(window) for window in windows])


def request_ahead(request: Window, number: int) -> LookAhead:
    """The level's rules inside a range of its size around the notes of a request."""
    used = [token - FIRST_PITCH for _, token in request.events if token >= FIRST_PITCH]
    return _ahead_within(number, request.grid, min(used), max(used), is_minor=request.is_minor)


@lru_cache(maxsize=64)
def _ahead_within(number: int, grid: Grid, lowest: int, highest: int, *, is_minor: bool) -> LookAhead:
    ahead = level_ahead(number, grid, is_minor=is_minor)
    if ahead is None:
        raise ValueError(f"level {number} does not have the metre or mode of this request")
    naturals = np.flatnonzero(NATURALS)
    inside = np.flatnonzero((naturals >= lowest) & (naturals <= highest))
    size = max(level(number).range, len(inside)) or len(naturals)
    first = int(np.clip(inside[0] - (size - len(inside)) // 2, 0, len(naturals) - size))
    window = np.zeros(N_PITCHES, dtype=bool)
    window[min(naturals[first], lowest) : max(naturals[first + size - 1], highest) + 1] = True
    return LookAhead(replace(ahead.rules, moves=ahead.rules.moves & moves_to(window)))


def engine_proposer(engine: Engine) -> Proposer:
    """Ask an engine: latents drawn for the condition."""

    def propose(request: Window, condition: Floats, n: int, rng: np.random.Generator) -> NextLogits:
        conditions = np.repeat(condition[None], n, axis=0)
        return engine.decoder(engine.draw_latents(conditions, rng), conditions, request.grid)

    return propose


def constant_proposer(next_logits: NextLogits) -> Proposer:
    """Ask a model that takes no request."""
    return lambda request, condition, n, rng: next_logits


def judge(
    number: int,
    engine: str,
    proposer: Proposer,
    requests: Sequence[Window],
    held_out: Floats,
    ranking: Engine,
    rng: np.random.Generator,
    *,
    n_draws: int,
    by_rejection: bool = False,
) -> Row:
    """Draw a phrase for every request, the nearest of `n_draws`, and compare with held-out tunes of the level.

    by_rejection: draw without rules and keep what happens to obey them; requests that nothing obeys are left out, so
    the row's `n` says how often it worked.
    """
    asked, realised, chosen = [], [], []
    scale = Scale.of_table(CONDITION_ATTRIBUTES, attributes_of(requests))
    for request in requests:
        values = window_attributes(request)
        ranks = [ranking.rank(name, value) for name, value in zip(CONDITION_ATTRIBUTES, values, strict=True)]
        condition = condition_vector(
            ranks,
            request.grid,
            is_minor=request.is_minor,
            begins_tune=request.begins_tune,
            ends_tune=request.ends_tune,
        ).astype(np.float64)
        next_logits = proposer(request, condition, n_draws, rng)
        rules = request_ahead(request, number)
        ahead = free_ahead(request.grid) if by_rejection else rules
        drawn = draw_phrases(ahead, next_logits, n_draws, rng, temperature=TEMPERATURE)
        drawn = [events for events in drawn if not by_rejection or rules.accepts(events)]
        if not drawn:
            continue
        phrases = [replace(request, events=events) for events in drawn]
        measured = [window_attributes(phrase) for phrase in phrases]
        best = int(np.argmin([scale.distance(_named(values), _named(one)) for one in measured]))
        asked.append(values)
        realised.append(measured[best])
        chosen.append(phrases[best])
    if len(realised) < _FEWEST:
        return Row(number, engine, float("nan"), float("nan"), len(realised), float("nan"))
    table = np.array(realised)
    overlap, followed = mean_overlap(table, held_out), float(np.nanmean(control(np.array(asked), table)))
    return Row(number, engine, overlap, followed, len(realised), _suiting(chosen, number))


def _named(values: Sequence[float]) -> dict[str, float]:
    return dict(zip(CONDITION_ATTRIBUTES, values, strict=True))


def real_rows(number: int, requests: Sequence[Known], held_out: Sequence[Known], rng: np.random.Generator) -> list[Row]:
    """What real tunes give: halves of the held-out ones, and the requests' own tunes against them.

    Where halves are divided by family, `n` counts families.
    """
    own, kept = (attributes_of(one.window for one in known) for known in (requests, held_out))
    own_suiting, suiting = (_suiting((one.window for one in known), number) for known in (requests, held_out))
    families = [one.family for one in held_out]
    by_family = mean_of_halves(kept, np.random.default_rng(number), groups=families)
    return [
        Row(number, "real halves", mean_of_halves(kept, rng), 1.0, len(kept), suiting),
        Row(number, "real halves by family", by_family, 1.0, len(set(families)), suiting),
        Row(number, "training tunes", mean_overlap(own, kept), 1.0, len(own), own_suiting),
    ]
