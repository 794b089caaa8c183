"""What a task may ask about latents, what is lost on the way to them, and walks among them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicedu.course.asks.functions import outcome
from musicedu.course.checks import Requirement, asked_first

_ROWS = np.array([[14, 1, 16, 1, 0, 0, 18, 1]])
_SAME_HOLDS = np.array([[14, 1, 9, 1, 0, 0, 18, 1]])
_NEW_HOLDS = np.array([[14, 14, 16, 1, 0, 1, 18, 0]])
_V_OR_ITS_LOGARITHM = "Its variance is 1 and the logarithm of that 0: which of the two is z_log_var?"


def counts_notes_alone(answer: Any) -> str | None:
    """A function of rows and guesses gives the share of notes whose pitch is right where it begins."""
    for guess, wanted, what in (
        (_ROWS, 1.0, "The same row, given back"),
        (_SAME_HOLDS, 2 / 3, "Three notes, one of them at a wrong pitch, all holds and rests right"),
        (_NEW_HOLDS, 1.0, "Three right notes, with wrong holds and rests between them"),
        (np.ones_like(_ROWS), 0.0, "A row of holds only"),
    ):
        given, fault = outcome(answer, _ROWS, guess)
        if fault:
            return fault
        if np.size(given) != 1:
            return f"Your function gives {np.size(given)} values; one number from 0 to 1 is asked for."
        if not np.isclose(float(given), wanted, atol=1e-6):
            n_right, verb = round(3 * wanted), "is" if round(3 * wanted) == 1 else "are"
            return f"{what}: {n_right} of 3 notes {verb} right, and your function says {float(given):.2f}."
    return None


def draws_from_the_cloud(answer: Any) -> str | None:
    """A function of mean, log variance and standard normal noise gives a draw from that Gaussian."""
    mean, log_var = np.array([[2.0, -1.0]]), np.log(np.array([[9.0, 0.25]]))
    still, fault = outcome(answer, mean, log_var, np.zeros((1, 2)))
    if fault:
        return fault
    if np.shape(still) != (1, 2):
        return f"For two means and two spreads your function gives a result of shape {np.shape(still)}."
    if not np.all(np.isfinite(still)):
        return "It gives nan, a root or logarithm of a negative number: undo the logarithm in z_log_var first."
    if not np.allclose(still, mean):
        return "With noise 0 the draw is the middle of the cloud: its mean, nothing else."
    drawn, _ = outcome(answer, mean, log_var, np.ones((1, 2)))
    moved = np.ravel(drawn - mean)
    if np.allclose(moved, [3.0, 0.5]):
        return None
    for wrong, words in (
        ([9.0, 0.25], "You multiply by the variance. Noise is stretched by the standard deviation, its root."),
        (np.log([9.0, 0.25]), "You multiply by the logarithm itself. Undo the logarithm first."),
        ([1.0, 1.0], "Every cloud has the same width: the log variance does not count yet."),
    ):
        if np.allclose(moved, wrong):
            return words
    return f"In a cloud with variance 9 a noise of 1 moves the draw by 3; yours moves by {moved[0]:.2f}."


@asked_first
def is_the_kl(answer: Any) -> str | None:
    """A function of means and log variances gives the KL divergence from the standard normal, a number a row."""
    mean, log_var = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 0.0], [0.0, 0.0], [-1.0, 2.0]])
    given, fault = outcome(answer, mean, log_var)
    if fault:
        return fault
    if np.shape(given) != (3,):
        return (
            f"For three windows your function gives a result of shape {np.shape(given)}; one number each is asked for."
        )
    at_home, far, other = (float(one) for one in given)
    if not np.isclose(at_home, 0.0, atol=1e-6):
        hint = "Mind the - 1." if at_home > 0 and np.isfinite(at_home) else _V_OR_ITS_LOGARITHM
        return f"A cloud that is the standard normal itself costs nothing; yours costs {at_home:.2f} nats. {hint}"
    if min(far, other) < 0:
        return "A divergence is never below 0: look at the signs."
    for factor, words in ((2.0, "twice"), (0.5, "half"), (0.25, "a quarter of")):
        if np.isclose(far, 2.0 * factor) and not np.isclose(far, 2.0):
            return f"You give {words} what a cloud two units from home costs: 2 nats. Sum over the numbers, then halve."
    wanted = 0.5 * float(np.sum(mean[2] ** 2 + np.exp(log_var[2]) - 1 - log_var[2]))
    if np.isclose(far, 2.0) and np.isclose(other, wanted):
        return None
    where = "of another width" if np.isclose(far, 2.0) else "two units from home"
    exact, yours = (wanted, other) if np.isclose(far, 2.0) else (2.0, far)
    return f"For a cloud {where} many draws find about {exact:.1f} nats; your function says {yours:.1f}."


@asked_first
def is_route(answer: Any) -> str | None:
    """The answer is a list of at least four places, two numbers each."""
    if not isinstance(answer, list | tuple) or not all(np.shape(place) == (2,) for place in answer):
        return "A route is a list of places, each with two numbers: [(0, 0), (0.5, 1), ...]."
    return None if len(answer) >= 4 else f"Your route has {len(answer)} stations; the task asks for four."


def stays_on_the_map(points: NDArray[np.floating], nearest: float = 0.5) -> Requirement:
    """Every place of a route has a point of the map near."""

    def stays_near_tunes(answer: Any) -> str | None:
        for number, place in enumerate(answer, start=1):
            if np.hypot(*(np.asarray(points) - np.asarray(place)).T).min() > nearest:
                return f"Station {number} lies off the map: no tune was ever near it, so what you hear is a guess."
        return None

    return stays_near_tunes


def grows_busier(n_notes: Callable[[float, float], int]) -> Requirement:
    """Every place of a route plays more notes than the one before; `n_notes(x, y)` counts them."""

    def has_ever_more_notes(answer: Any) -> str | None:
        counts = [n_notes(*place) for place in answer]
        for number, (before, now) in enumerate(pairwise(counts), start=2):
            if now <= before:
                return f"Station {number} plays {now} notes, the one before it {before}. Follow the colours upwards."
        return None

    return has_ever_more_notes
