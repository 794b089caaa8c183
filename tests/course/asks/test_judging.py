"""Each check of lesson 16 is tried with a right answer and with the typical wrong ones."""

import numpy as np
import pytest

from musicedu.course.asks import functions, judging
from musicedu.course.checks import Unsolved, check

OVERLAP = (
    functions.is_function,
    judging.is_one_for_the_same,
    judging.strangers_share_nothing,
    judging.takes_what_is_under_both,
)
RUNS = (
    functions.is_function,
    judging.is_set_of_runs,
    judging.stays_in_any_key,
    judging.hears_pitch_and_rhythm,
)
VERDICT = (functions.is_function, judging.lets_good_music_pass, judging.lets_no_cheat_pass)


def runs(pitches, onsets, n=7, *, of=lambda values, others: (np.diff(values), np.diff(others))):
    steps, times = of(pitches, onsets)
    return {(*steps[i : i + n].tolist(), *times[i : i + n].tolist()) for i in range(len(pitches) - n)}


def verdict(figures):
    is_varied = figures["spread"] > 0.8 and figures["coverage"] > 0.6
    return figures["overlap"] > 0.85 and figures["copied"] < 0.35 and is_varied


def test_right_answers_pass():
    assert check("Task 1", lambda first, second: np.minimum(first, second).sum(), *OVERLAP).passed
    assert check("Task 1", lambda first, second: 1 - abs(first - second).sum() / 2, *OVERLAP).passed
    assert check("Task 2", runs, *RUNS).passed
    assert check("Task 3", verdict, *VERDICT).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (0.9, "not a function"),
        (lambda first, second: np.maximum(first, second).sum(), "yours is 2.00"),
        (lambda first, second: (first * second).sum(), "its area is 1; yours is 0.25"),
        (lambda first, second: (first * second).sum() / (first**2).sum(), "0.50 lies under both; yours says 1.00"),
        (lambda first, second: np.minimum(first, second), "gives back an array"),
        (lambda first, second: 1.0, "no area in common; yours is 1.00"),
        (lambda first: 1.0, "stops with TypeError"),
        (lambda first, second: None, "gives nothing back"),
    ],
)
def test_a_wrong_overlap_is_told(answer, fault):
    verdict = check("Task 1", answer, *OVERLAP)
    assert fault in repr(verdict)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda pitches, onsets: list(runs(pitches, onsets)), "a set is asked for"),
        (lambda pitches, onsets: runs(pitches, onsets, 8), "Yours has 2"),
        (lambda pitches, onsets: runs(pitches, onsets, of=lambda a, b: (a[1:], np.diff(b))), "would go unseen"),
        (lambda pitches, onsets: runs(pitches, onsets, of=lambda a, b: (np.diff(a), b[1:])), "two measures later"),
        (lambda pitches, onsets: runs(pitches, onsets, of=lambda a, b: (np.diff(a), np.diff(a))), "another rhythm"),
        (
            lambda pitches, onsets: runs(pitches, onsets, of=lambda a, b: (np.diff(b), np.diff(b))),
            "another note in the middle",
        ),
        (lambda pitches, onsets: {"a", "b", "c"}, "must be tuples"),
        (lambda pitches, onsets: {(np.diff(pitches),)}, "stops with TypeError"),
    ],
)
def test_wrong_runs_are_told(answer, fault):
    assert fault in repr(check("Task 2", answer, *RUNS))


def without(*names):
    bounds = {
        "overlap": lambda value: value > 0.85,
        "copied": lambda value: value < 0.35,
        "spread": lambda value: value > 0.8,
        "coverage": lambda value: value > 0.6,
    }
    return lambda figures: all(is_fine(figures[name]) for name, is_fine in bounds.items() if name not in names)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (without("copied"), "a copier (overlap 0.94, copied 1.00); one that copies every other run"),
        (without("coverage"), "only the commonest"),
        (without("spread", "coverage", "overlap"), "varies a single tune"),
        (lambda figures: figures["overlap"], "gives back a decimal number"),
        (lambda figures: figures["copied"] == 0 and verdict(figures), "It refuses the tunes that people wrote"),
        (lambda figures: figures["unique"] > 0.99 and verdict(figures), "It refuses the tunes that people wrote"),
        (lambda figures: figures["originality"] > 0, "stops with KeyError"),
    ],
)
def test_a_verdict_that_cheats_can_pass_is_told(answer, fault):
    assert fault in repr(check("Task 3", answer, *VERDICT))


def test_an_untried_task_says_so():
    with pytest.raises(Unsolved, match="Task 3 is waiting"):
        check("Task 3", lambda figures: ..., *VERDICT)
