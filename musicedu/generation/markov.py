"""A Markov chain over events: the baseline that every network must beat.

Contexts back off from the longest to the empty one, each weighed by how often it was seen and how many things followed
it (Witten and Bell 1991). Pitches are absolute in the frame, so tunes are first moved to one key signature.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable

import numpy as np

from musicedu.encoding.events import Event, Window
from musicedu.encoding.vocabulary import N_TOKENS, N_VALUES
from musicedu.generation.proposal import Logits, Prefix

_FLOOR = 1e-6
_Followers = dict[Hashable, Counter[int]]


class MarkovModel:
    """`next_logits` of a chain of some order, counted on windows."""

    def __init__(self, windows: Iterable[Window], order: int = 4) -> None:
        if order < 1:
            raise ValueError(f"order must be at least 1, not {order}")
        self.order = order
        self._values: _Followers = defaultdict(Counter)
        self._tokens: _Followers = defaultdict(Counter)
        for window in windows:
            for index, (value, token) in enumerate(window.events):
                for context in self._contexts(window.events[max(0, index - order) : index]):
                    self._values[context][value] += 1
                    self._tokens[(context, value)][token] += 1

    def __call__(self, prefix: Prefix) -> Logits:
        """Log-probabilities of the next value, or of the next token once the value is chosen."""
        rows = []
        for row in range(len(prefix.positions)):
            columns = range(max(0, prefix.values.shape[1] - self.order), prefix.values.shape[1])
            past = tuple((int(prefix.values[row, c]), int(prefix.tokens[row, c])) for c in columns)
            contexts = self._contexts(past)
            if prefix.value is None:
                rows.append(_blended([self._values.get(context) for context in contexts], N_VALUES))
            else:
                value = int(prefix.value[row])
                rows.append(_blended([self._tokens.get((context, value)) for context in contexts], N_TOKENS))
        logits: Logits = np.log(np.array(rows))
        return logits

    def _contexts(self, past: tuple[Event, ...]) -> list[tuple[Event, ...]]:
        """The empty context first, then ever longer ones."""
        return [past[len(past) - length :] for length in range(min(len(past), self.order) + 1)]


def _blended(followers: list[Counter[int] | None], n: int) -> Logits:
    shares = np.full(n, 1.0 / n)
    for counter in followers:
        if counter:
            total, kinds = counter.total(), len(counter)
            seen = np.zeros(n)
            for index, count in counter.items():
                seen[index] = count
            shares = (seen + kinds * shares) / (total + kinds)
    floored: Logits = np.maximum(shares, _FLOOR)
    return floored
