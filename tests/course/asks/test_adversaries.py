"""The tasks about GANs know right answers from typical wrong ones."""

from itertools import combinations

import numpy as np
import pytest

from musicedu.course.asks.adversaries import compares_all_pairs, measures_movement, scores_and_keeps_its_slope
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import Unsolved, check


def moved(before, after):
    return max(np.abs(new - old).max() for old, new in zip(before, after, strict=True))


def unlike(rows):
    return np.mean([(one != other).mean() for one, other in combinations(rows, 2)])


def critic_loss(on_real, on_made, slopes):
    return np.mean(on_made) - np.mean(on_real) + 10 * np.mean((slopes - 1) ** 2)


def test_right_answers_pass():
    assert check("Task 1", moved, is_function, measures_movement).passed
    assert check("Task 2", unlike, is_function, compares_all_pairs).passed
    assert check("Task 3", critic_loss, is_function, scores_and_keeps_its_slope).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda before, after: max((n - o).max() for o, n in zip(before, after, strict=True)), "without its sign"),
        (lambda before, after: np.abs(after[-1] - before[-1]).max(), "look at every array"),
        (lambda before, after: sum(np.abs(n - o).sum() for o, n in zip(before, after, strict=True)), "is 0.5"),
        (lambda before, after: sum(np.abs(n - o).max() for o, n in zip(before, after, strict=True)), "Do not add"),
        (lambda before, after: np.abs(after[0] - before[0]), "something of shape (2, 2)"),
        (lambda before, after: 0.5, "should be 0"),
        (lambda before, after: None, "gives nothing back"),
    ],
)
def test_wrong_movements_are_told_why(answer, fault):
    assert fault in repr(check("Task 1", answer, is_function, measures_movement))


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda rows: 1 - unlike(rows), "steps that are alike"),
        (lambda rows: np.mean([(one != other).mean() for one in rows for other in rows]), "with itself"),
        (lambda rows: np.mean([(one != other).sum() for one, other in combinations(rows, 2)]), "counts steps"),
        (lambda rows: sum((one != other).mean() for one, other in combinations(rows, 2)), "adds up the pairs"),
        (lambda rows: np.mean([(one != other).any() for one, other in combinations(rows, 2)]), "mean share of steps"),
        (lambda rows: [0.1, 0.2], "one number is wanted"),
    ],
)
def test_wrong_comparisons_are_told_why(answer, fault):
    assert fault in repr(check("Task 2", answer, is_function, compares_all_pairs))


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda r, m, s: np.mean(r) - np.mean(m) + 10 * np.mean((s - 1) ** 2), "wrong sign"),
        (lambda r, m, s: np.mean(m) - np.mean(r), "penalty is missing"),
        (lambda r, m, s: np.mean(m) - np.mean(r) + np.mean((s - 1) ** 2), "counts ten times"),
        (lambda r, m, s: np.mean(m) - np.mean(r) + 10 * np.mean(np.abs(s - 1)), "takes the square"),
        (lambda r, m, s: np.mean(m) - np.mean(r) + 10 * np.mean(s**2), "should be 1, not 0"),
        (lambda r, m, s: np.mean(m) - np.mean(r) - 10 * np.mean((s - 1) ** 2), "to be added"),
        (lambda r, m, s: np.mean(m) + 10 * np.mean((s - 1) ** 2), "The distance there is 2.5"),
        (lambda r, m, s: np.mean(m) - np.mean(r) + 10 * np.mean(s - 1) ** 2, "Square first"),
        (lambda r, m: 0, "stops with TypeError"),
    ],
)
def test_wrong_critics_are_told_why(answer, fault):
    assert fault in repr(check("Task 3", answer, is_function, scores_and_keeps_its_slope))


@pytest.mark.parametrize("asked", [measures_movement, compares_all_pairs, scores_and_keeps_its_slope])
def test_an_untried_task_says_so(asked):
    with pytest.raises(Unsolved, match="Task 1 is waiting"):
        check("Task 1", lambda *arguments: ..., is_function, asked)


def test_a_number_is_no_function():
    assert "not a function" in repr(check("Task 1", 0.5, is_function, measures_movement))
