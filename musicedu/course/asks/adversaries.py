"""What a task may ask of the parts of a GAN: whether networks move, how alike melodies are, the critic's loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from musicedu.course.asks.functions import outcome
from musicedu.models.movement import movement
from musicedu.training.step_figures import pairwise_distance

_BEFORE = [np.array([[0.5, -1.0], [2.0, 0.0]]), np.array([0.25, 0.5])]
_AFTER = [np.array([[0.5, -1.5], [2.125, 0.0]]), np.array([0.25, 0.5])]
_ROWS = np.array([[14, 1, 18, 1], [14, 1, 18, 1], [14, 1, 21, 1], [14, 16, 18, 19]])
_SCORES_REAL, _SCORES_MADE = np.array([[3.0], [5.0]]), np.array([[1.0], [2.0]])
_SLOPES = np.array([1.0, 1.5, 0.75])
_CLOSE = 1e-5


def measures_movement(answer: Any) -> str | None:
    """A function of two lists of arrays gives the largest change of any weight."""
    number, fault = _number(answer, _BEFORE, _AFTER)
    if fault or number is None:
        return fault
    wanted = movement(_BEFORE, _AFTER)
    if abs(number - wanted) < _CLOSE:
        back, fault = _number(answer, _AFTER[::-1], _BEFORE[::-1])
        still, _ = _number(answer, _BEFORE, _BEFORE)
        if still is None or abs(still) > _CLOSE:
            return f"Of weights that stay where they are it says {still}: that should be 0."
        if fault or back is None or abs(back - wanted) > _CLOSE:
            return f"There and back should be as far: one way it says {number:.3g}, the other {back}."
        both, _ = _number(answer, _BEFORE, [_AFTER[0], np.array([0.25, 0.75])])
        if both is None or abs(both - wanted) > _CLOSE:
            return f"Two arrays moved, by 0.5 and by 0.25: the largest change is 0.5, and it says {both}. Do not add."
        return None
    if abs(number - 0.125) < _CLOSE:
        return "A weight that fell by 0.5 is not seen: take the size of every change, without its sign."
    if abs(number) < _CLOSE:
        return "It says 0, though a weight in the first array moved: look at every array, and keep the largest."
    return f"The largest change in the trial is {wanted}; it says {number:.3g}."


def compares_all_pairs(answer: Any) -> str | None:
    """A function of rows gives the mean share of steps at which two different rows differ."""
    number, fault = _number(answer, _ROWS)
    if fault or number is None:
        return fault
    wanted = pairwise_distance(_ROWS)
    if abs(number - wanted) < _CLOSE:
        return None
    n = len(_ROWS)
    if abs(number - (1 - wanted)) < _CLOSE:
        return "It counts the steps that are alike: 1 should mean that two melodies share nothing."
    if abs(number - wanted * (n - 1) / n) < _CLOSE:
        return "It compares each melody with itself as well, which is always 0: only pairs of two count."
    if abs(number - wanted * _ROWS.shape[1]) < _CLOSE:
        return "It counts steps; a share is wanted, from 0 to 1: take the mean over the steps."
    if abs(number - wanted * n * (n - 1) / 2) < _CLOSE:
        return "It adds up the pairs: divide by how many they are."
    return f"Of the trial's 6 pairs, the mean share of steps that differ is {wanted:.3g}; it says {number:.3g}."


def scores_and_keeps_its_slope(answer: Any) -> str | None:
    """A function of scores for real and made melodies, and of slopes, gives the Wasserstein loss with its penalty."""
    number, fault = _number(answer, _SCORES_REAL, _SCORES_MADE, _SLOPES)
    if fault or number is None:
        return fault
    apart, penalty = float(_SCORES_REAL.mean() - _SCORES_MADE.mean()), float(((_SLOPES - 1) ** 2).mean())
    if abs(number - (10 * penalty - apart)) < _CLOSE:
        return None
    known = {
        10 * penalty + apart: "The distance has the wrong sign: the critic wants it large, and a loss is made small.",
        -apart: "The penalty is missing: without it the critic makes its scores larger and larger.",
        penalty - apart: "The penalty counts ten times; here it counts once.",
        10 * float(np.abs(_SLOPES - 1).mean()) - apart: "The penalty takes the square of how far a slope is from 1.",
        10 * float((_SLOPES**2).mean()) - apart: "A slope should be 1, not 0: take 1 away before you square it.",
        10 * float((_SLOPES - 1).mean() ** 2) - apart: "Square first, then take the mean: else + and - cancel out.",
        -10 * penalty - apart: "The penalty is to be added: a critic with a wrong slope should be worse off.",
    }
    for value, words in known.items():
        if abs(number - value) < _CLOSE:
            return words
    return (
        f"Scores of 3 and 5 for real, 1 and 2 for made, slopes of 1, 1.5 and 0.75: it gives {number:.3g}. "
        f"The distance there is {apart}, ten times the penalty {10 * penalty:.3g}."
    )


def _number(function: Any, *arguments: Any) -> tuple[float | None, str | None]:
    result, fault = outcome(function, *arguments)
    if fault:
        return None, fault
    try:
        return float(result), None
    except (TypeError, ValueError):
        return None, f"It gives something of shape {np.shape(result)}; one number is wanted."
