"""A Markov chain over events: the baseline that every network must beat.

Contexts back off from the longest to the empty one, each weighed by how often it was seen and how many things followed
it (Witten and Bell 1991). Pitches are absolute in the frame, so tunes are first moved to one key signature.

A chain is kept as sorted whole numbers, which need little room and are looked up for many phrases at once. An event is
`value * N_TOKENS + token`; a context of n events is numbered by its place among `contexts_n`, whose entries are the
number of the context without its oldest event, and that event; an entry of `followers_n` is a context and the event
that followed it, as often as `counts_n` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Window
from musicedu.encoding.vocabulary import N_TOKENS, N_VALUES
from musicedu.generation.decoding import Ints, Logits, NextLogits, Prefix
from musicedu.generation.engine import Floats, LearntEngine
from musicedu.grid import Grid
from musicedu.weights import Weights

N_EVENTS = N_VALUES * N_TOKENS
_FLOOR = 1e-6
_UNKNOWN = -1
_Whole = NDArray[np.integer]


class MarkovModel:
    """`next_logits` of a chain of some order, counted on windows; `ValueError` for an order below 1."""

    def __init__(self, windows: Iterable[Window], order: int = 4) -> None:
        self._set(count_events(windows, order), order)

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, _Whole], order: int) -> MarkovModel:
        """The chain of what `count_events` counted to that order or a higher one."""
        model = cls.__new__(cls)
        model._set(arrays, order)
        return model

    def _set(self, arrays: Mapping[str, _Whole], order: int) -> None:
        self.order = order
        self._depths = [_Depth.of_arrays(arrays, length) for length in range(order + 1)]

    def __call__(self, prefix: Prefix) -> Logits:
        """Log-probabilities of the next value, or of the next token once the value is chosen."""
        logits: Logits = self.by_order(prefix)[-1]
        return logits

    def by_order(self, prefix: Prefix) -> Logits:
        """What chains of every order from 0 to this one say: (order + 1, rows, values or tokens)."""
        blends = []
        shares = np.full((len(prefix.positions), N_VALUES if prefix.value is None else N_TOKENS), 1.0)
        shares /= shares.shape[1]
        for depth, contexts in zip(self._depths, self._contexts(prefix), strict=True):
            shares = _blended(shares, depth.seen(contexts, prefix.value))
            blends.append(shares)
        logits: Logits = np.log(np.maximum(np.array(blends), _FLOOR))
        return logits

    def _contexts(self, prefix: Prefix) -> Iterator[Ints]:
        """The number of every row's context, of no event first, then of ever more; `_UNKNOWN` if never seen."""
        events = prefix.values * N_TOKENS + prefix.tokens
        numbers = np.zeros(len(events), dtype=np.int64)
        yield numbers
        for length, depth in enumerate(self._depths[1:], start=1):
            if length > events.shape[1]:
                numbers = np.full(len(events), _UNKNOWN)
            else:
                numbers = _places(depth.contexts, _joined(numbers, events[:, -length]))
            yield numbers


@dataclass(frozen=True)
class _Depth:
    """What followed the contexts of one length, token by token and value by value; all sorted."""

    contexts: Ints
    followers: Ints
    counts: Ints
    values: Ints
    value_counts: Ints

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, _Whole], length: int) -> _Depth:
        contexts = arrays[f"contexts_{length}"].astype(np.int64) if length else np.zeros(1, dtype=np.int64)
        followers, counts = (arrays[f"{name}_{length}"].astype(np.int64) for name in ("followers", "counts"))
        values, place = np.unique(followers // N_TOKENS, return_inverse=True)
        return cls(contexts, followers, counts, values, np.bincount(place, counts).astype(np.int64))

    def seen(self, contexts: Ints, value: Ints | None) -> Floats:
        """How often every value (or token, once the value is chosen) followed the contexts: (rows, choices)."""
        if value is None:
            keys, counts, first, n = self.values, self.value_counts, contexts * N_VALUES, N_VALUES
        else:
            keys, counts, first, n = self.followers, self.counts, (contexts * N_VALUES + value) * N_TOKENS, N_TOKENS
        begins, ends = (np.searchsorted(keys, first + end) for end in (0, n))
        lengths = np.where(contexts == _UNKNOWN, 0, ends - begins)
        rows = np.repeat(np.arange(len(first)), lengths)
        entries = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths - begins, lengths)
        seen = np.zeros((len(first), n))
        seen[rows, keys[entries] - first[rows]] = counts[entries]
        return seen


class MarkovEngine(LearntEngine):
    """A chain as an engine: it has no latents and hears no wishes, so what is asked for is found by drawing often."""

    name = "markov"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._model = MarkovModel.of_arrays(weights.arrays, weights.config.order)  # type: ignore[union-attr]

    def draw_latents(self, conditions: Floats, rng: np.random.Generator) -> Floats:
        """Nothing: (rows, 0)."""
        return np.zeros((len(conditions), 0))

    def decoder(self, z: Floats, conditions: Floats, grid: Grid) -> NextLogits:
        """The chain itself, whatever is asked."""
        return self._model


def count_events(windows: Iterable[Window], order: int) -> dict[str, Ints]:
    """Count what follows every context of up to `order` events; the module's first lines describe the arrays."""
    if order < 1:
        raise ValueError(f"order must be at least 1, not {order}")
    events = _laid_out(list(windows))
    numbers = np.where(events == _UNKNOWN, _UNKNOWN, 0)
    arrays: dict[str, Ints] = {}
    for length in range(order + 1):
        if length:
            older = np.full_like(events, _UNKNOWN)
            older[:, length:] = events[:, :-length]
            keys = np.where((numbers == _UNKNOWN) | (older == _UNKNOWN), _UNKNOWN, _joined(numbers, older))
            arrays[f"contexts_{length}"] = contexts = np.unique(keys[keys != _UNKNOWN])
            numbers = _places(contexts, keys)
        known = numbers != _UNKNOWN
        followed = np.unique(_joined(numbers[known], events[known]), return_counts=True)
        arrays[f"followers_{length}"], arrays[f"counts_{length}"] = followed
    return arrays


def _laid_out(windows: Sequence[Window]) -> Ints:
    """The events of windows as one array (windows, longest), filled up with `_UNKNOWN`."""
    longest = max((len(window.events) for window in windows), default=0)
    events = np.full((len(windows), longest), _UNKNOWN, dtype=np.int64)
    for row, window in enumerate(windows):
        events[row, : len(window.events)] = [value * N_TOKENS + token for value, token in window.events]
    return events


def _joined(numbers: Ints, events: Ints) -> Ints:
    """A context's number and an event as one whole number; `_UNKNOWN` and any event are a number below 0."""
    joined: Ints = np.where(numbers == _UNKNOWN, _UNKNOWN, numbers * N_EVENTS + events)
    return joined


def _places(known: Ints, keys: Ints) -> Ints:
    """The place of every key among the sorted known ones, `_UNKNOWN` if it is not there."""
    if not len(known):
        return np.full(keys.shape, _UNKNOWN)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    found: Ints = np.where(known[places] == keys, places, _UNKNOWN)
    return found


def _blended(shares: Floats, seen: Floats) -> Floats:
    """The shares of a shorter context blended with what was seen after a longer one, where anything was."""
    total, kinds = seen.sum(axis=1, keepdims=True), (seen > 0).sum(axis=1, keepdims=True)
    blended: Floats = np.where(total > 0, (seen + kinds * shares) / np.maximum(total + kinds, 1), shares)
    return blended
