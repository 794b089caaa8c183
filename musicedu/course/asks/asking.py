"""What a task may ask about wishes: how they are written as numbers, and whether they were heard."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from musicedu.attributes.on_grid import note_density, register
from musicedu.course.asks.functions import outcome
from musicedu.course.checks import asked_first
from musicedu.grid import line_of

_KNOWN = np.array([1.0, 2.0, 2.0, 2.0, 5.0, 8.0, 9.0, 20.0])
_NEAR = 1e-6


def goes_from_minus_one_to_one(answer: Any) -> str | None:
    """A rank is -1 below all that is known and 1 above it."""
    for value, expected, where in ((0.0, -1.0, "below"), (21.0, 1.0, "above")):
        rank, fault = outcome(answer, value, _KNOWN)
        if fault:
            return fault
        if np.ndim(rank) or not abs(float(rank) - expected) < _NEAR:
            return f"A value {where} all known ones has the rank {rank}; it should be {expected:+.0f}."
    return None


def counts_values_not_units(answer: Any) -> str | None:
    """A rank says how many are lower, not how far away they are."""
    rank, fault = outcome(answer, 8.5, _KNOWN)
    if fault or np.ndim(rank):
        return None  # goes_from_minus_one_to_one has said it
    if not abs(float(rank) - 0.5) < _NEAR:
        return f"Six of eight are below and two above: that is rank 0.5, not {float(rank):.2f}."
    return None


def puts_equals_in_the_middle(answer: Any) -> str | None:
    """A value stands in the middle of those that are equal to it."""
    rank, fault = outcome(answer, 2.0, _KNOWN)
    if fault or np.ndim(rank):
        return None  # goes_from_minus_one_to_one has said it
    if not abs(float(rank) + 0.375) < _NEAR:
        return (
            f"One is lower than 2, three are equal to it, four are higher: 2 stands at -0.375, but yours at "
            f"{float(rank):.3f}. Equal ones count on neither side."
        )
    return None


def lays_the_wish_beside_every_step(answer: Any) -> str | None:
    """Steps (batch, steps, tokens) and wishes (batch, wishes) become (batch, steps, tokens + wishes)."""
    steps = np.arange(24, dtype=np.float64).reshape(2, 3, 4)
    wishes = np.array([[0.5, -0.5], [1.0, -1.0]])
    told, fault = outcome(answer, steps, wishes)
    if fault:
        return fault
    if np.shape(told) != (2, 3, 6):
        return (
            f"2 melodies of 3 steps with 4 tokens, and 2 wishes each, give the shape {np.shape(told)}; "
            "it should be (2, 3, 6)."
        )
    told = np.asarray(told)
    if not np.array_equal(told[..., :4], steps):
        return "The first columns are no longer the steps: what is played must stay as it is."
    if not all(np.array_equal(told[:, step, 4:], wishes) for step in range(3)):
        return "Some step hears another wish: each melody's own wishes must stand beside all of its steps."
    return None


def hears_order(answer: Any) -> str | None:
    """Spearman's correlation is 1 if what came rises whenever what was asked does, and -1 if it falls."""
    asked = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    for came, expected, words in (
        (asked**3, 1.0, "What came always rises with what was asked, if not in proportion"),
        (-asked, -1.0, "What came falls whenever what was asked rises"),
        (asked * 2 + 1, 1.0, "What came is just twice what was asked, and one more"),
    ):
        value, fault = outcome(answer, asked, came)
        if fault:
            return fault
        if np.ndim(value) or not abs(float(value) - expected) < _NEAR:
            said = f"{float(value):.2f}" if np.size(value) == 1 else f"{np.size(value)} numbers"
            return f"{words}: that is {expected:+.0f}, but your function gives {said}.{_argsort_once(value)}"
    return None


def hears_disorder(answer: Any) -> str | None:
    """Spearman's correlation of values in no clear order lies between."""
    value, fault = outcome(answer, np.array([1.0, 2.0, 3.0, 4.0]), np.array([20.0, 10.0, 40.0, 3.0]))
    if fault or np.ndim(value):
        return None  # hears_order has said it
    if not abs(float(value) + 0.4) < _NEAR:
        return (
            f"Places 0, 1, 2, 3 beside places 2, 1, 3, 0 correlate at -0.4, but your function gives {float(value):.2f}."
        )
    return None


def _argsort_once(value: Any) -> str:
    if np.size(value) != 1 or not abs(float(value) - 0.2) < _NEAR:
        return ""
    return " `argsort` says which value comes where, not where each value comes: sort that once more."


def are_phrases(n: int) -> Callable[[Any], str | None]:
    """The answer is a list of so many melodies."""

    @asked_first
    def is_list_of_phrases(answer: Any) -> str | None:
        if not isinstance(answer, list) or not all(hasattr(phrase, "notes") for phrase in answer):
            return "This is not a list of phrases: `page` must hold what `ask` gave for each wish."
        if len(answer) != n:
            return f"There are {len(answer)} phrases; write {n} wishes."
        silent = next((number for number, phrase in enumerate(answer, start=1) if not phrase.notes), None)
        return None if silent is None else f"Phrase {silent} has no note."

    return is_list_of_phrases


def grows_busier(answer: Any) -> str | None:
    """Every phrase has more notes a quarter than the one before."""
    densities = [note_density(line_of(phrase)) for phrase in answer]
    for number, (before, after) in enumerate(pairwise(densities), start=2):
        if after <= before:
            return (
                f"Phrase {number} has {after:.2f} notes a quarter, the one before {before:.2f}: it should be busier. "
                "Ask for more, or for a smaller step in something else."
            )
    return None


def ends_highest(answer: Any) -> str | None:
    """The last phrase lies highest, by its mean pitch."""
    heights = [register(line_of(phrase)) for phrase in answer]
    highest = int(np.argmax(heights)) + 1
    if highest == len(heights):
        return None
    return f"Phrase {highest} lies highest (mean pitch {max(heights):.0f}); the last one, at {heights[-1]:.0f}, should."
