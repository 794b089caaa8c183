"""Drawing phrases from a model under rules: every event is drawn from what the look-ahead allows.

A model is asked what may come next, given what has come so far.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Event
from musicedu.encoding.vocabulary import MIDDLE, N_TOKENS, N_VALUES
from musicedu.errors import Unsatisfiable
from musicedu.generation.lookahead import LookAhead, Place
from musicedu.generation.rules import NOTHING_YET, Mask

Ints = NDArray[np.int64]
Logits = NDArray[np.float64]


def draw_phrases(
    ahead: LookAhead,
    next_logits: NextLogits,
    n: int,
    rng: np.random.Generator,
    *,
    temperature: float = 1.0,
    begun: Sequence[Event] = (),
) -> list[tuple[Event, ...]]:
    """Draw `n` phrases at once; all obey the rules.

    `begun` is how every phrase begins. `Unsatisfiable` if no phrase obeys the rules, `ValueError` if `begun` does not.
    Logits are rounded before a draw, so that the last bits in which processors differ do not change the music.
    """
    if not ahead.is_satisfiable:
        raise Unsatisfiable("no phrase obeys these rules", remedy="Allow more note values, pitches or leaps")
    phrases: list[list[Event]] = [[] for _ in range(n)]
    places = [ahead.start] * n
    written = _Written(n, ahead)
    while not all(ahead.is_finished(place) for place in places):
        going_on = np.array([not ahead.is_finished(place) for place in places])
        prefix = written.prefix(places)
        allowed = np.array([ahead.allowed_values(place) for place in places])
        values = _draw(next_logits(prefix), allowed, rng, temperature)
        step = len(phrases[int(np.argmax(going_on))])
        if step < len(begun):
            values[:] = begun[step][0]
        asked = Prefix(prefix.values, prefix.tokens, prefix.positions, prefix.last, values)
        allowed = np.array(
            [ahead.allowed_tokens(place, int(value)) for place, value in zip(places, values, strict=True)]
        )
        tokens = _draw(next_logits(asked), allowed, rng, temperature)
        if step < len(begun):
            tokens[:] = begun[step][1]
        for row in np.flatnonzero(going_on):
            event = (int(values[row]), int(tokens[row]))
            place = ahead.after(places[row], event)
            if place is None:
                raise ValueError("the phrase was begun in a way that the rules forbid")
            places[row] = place
            phrases[row].append(event)
        written.add(np.where(going_on, values, 0), np.where(going_on, tokens, 0))
    return [tuple(phrase) for phrase in phrases]


def _draw(logits: Logits, allowed: Mask, rng: np.random.Generator, temperature: float) -> Ints:
    """One index a row by the Gumbel-max trick; rows in which nothing is allowed (finished ones) give 0."""
    scores = np.round(logits, 5) / temperature + rng.gumbel(size=logits.shape)
    drawn: Ints = np.where(allowed, scores, -np.inf).argmax(axis=1)
    return drawn


class _Written:
    """The events of phrases drawn together as columns: finished phrases go on with zeros."""

    def __init__(self, n: int, ahead: LookAhead) -> None:
        self._positions = np.array(ahead.rules.rhythm.positions)
        self._values = np.zeros((n, 0), int)
        self._tokens = np.zeros((n, 0), int)

    def add(self, values: Ints, tokens: Ints) -> None:
        self._values = np.column_stack([self._values, values])
        self._tokens = np.column_stack([self._tokens, tokens])

    def prefix(self, places: Sequence[Place]) -> Prefix:
        positions = self._positions[[place.state for place in places]]
        last = np.array([MIDDLE if place.last == NOTHING_YET else place.last for place in places])
        return Prefix(self._values, self._tokens, positions, last)


@dataclass(frozen=True)
class Prefix:
    """Several phrases in the making, one a row.

    values, tokens: (rows, events so far); positions: (rows,) the step each has reached; last: (rows,) the pitch index
    that sounded last, or the middle of the frame; value: (rows,) the value chosen for the next event, or None while it
    is still being asked for.
    """

    values: Ints
    tokens: Ints
    positions: Ints
    last: Ints
    value: Ints | None = None


NextLogits = Callable[[Prefix], Logits]
"""Preferences for what comes next: (rows, values) while `value` is None, else (rows, tokens)."""


def no_preference(prefix: Prefix) -> Logits:
    """A model that knows nothing: everything is as likely as everything else."""
    return np.zeros((len(prefix.positions), N_VALUES if prefix.value is None else N_TOKENS))
