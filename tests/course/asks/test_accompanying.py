"""What tasks on accompaniment say of right answers and of the usual wrong ones."""

import numpy as np
import pytest

from musicedu.course.asks import accompanying
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import Unsolved, check
from musicedu.melody import Metre


def counted(degrees, notes, *, first=1.0, axis=1):
    counts = np.full((7, 12), first)
    for degree, note in zip(degrees, notes, strict=True):
        counts[degree, note] += 1
    return counts / counts.sum(axis=axis, keepdims=True)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (counted, None),
        (lambda d, n: counted(d, n, axis=None), "whole table adds up to 1"),
        (lambda d, n: counted(d, n, axis=0), "adds up to"),
        (lambda d, n: np.ones((7, 12)), "adds up to 12.00"),
        (lambda d, n: np.full((7, 12), 1 / 12), "share is 3 of 15"),
        (lambda d, n: counted(d, n).T, "7 rows (chords) and 12 columns"),
        (lambda d, n: None, "gives nothing back"),
        (lambda d, n: counted(n, d), "stops with"),
        (lambda d, n: np.where(counted(d, n) < 0.1, 0, 1) / np.where(counted(d, n) < 0.1, 0, 1).sum(1, keepdims=True),
         "adds up to|share 0"),
        (3, "not a function"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_table_of_notes_is_judged(answer, fault):
    verdict = check("Task 1", answer, is_function, accompanying.counts_notes)
    assert verdict.passed if fault is None else any(part in repr(verdict) for part in fault.split("|"))


def right(best, moves, worth):
    arrivals = best[:, None] + moves
    return arrivals.max(axis=0) + worth, arrivals.argmax(axis=0)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (right, None),
        (lambda b, m, w: right(b, m, w)[0], "return two things"),
        (lambda b, m, w: ((b[:, None] + m).max(axis=1) + w, (b[:, None] + m).argmax(axis=1)), "for each column"),
        (lambda b, m, w: ((b[:, None] + m).max(axis=0), right(b, m, w)[1]), "not added yet"),
        (lambda b, m, w: (m.max(axis=0) + w, m.argmax(axis=0)), "how good the way was"),
        (lambda b, m, w: (right(b, m, w)[0], np.zeros(len(b))), "argmax"),
        (lambda b, m, w: (right(b, m, w)[0][:1], right(b, m, w)[1]), "both should have"),
        (lambda b, m, w: (right(b, m, w)[0] + 1, right(b, m, w)[1]), "sums differ"),
    ],
)
def test_a_step_of_viterbis_search_is_judged(answer, fault):
    verdict = check("Task 2", answer, is_function, accompanying.steps_like_viterbi)
    assert verdict.passed if fault is None else fault in repr(verdict)


ROCK = {"kick": "X...x...", "snare": "..x...x.", "closed hat": "xoxoxoxo"}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (ROCK, None),
        ("x...", "is a dictionary"),
        (ROCK | {"cowbell": "x.......", "snare": "..x...x."}, "no sound 'cowbell'"),
        (ROCK | {"snare": "..y...x."}, "may hold only"),
        (ROCK | {"snare": "..x."}, "one length"),
        (ROCK | {"kick": "..x....."}, "where the measure begins"),
        (ROCK | {"kick": "x.x.x.x."}, "all 4 beats"),
        ({"kick": "X...x...", "snare": "..x....."}, "beat 3"),
        ({"kick": "X...x...", "snare": "xxxxxxxx", "closed hat": "xxxxxxxx", "ride": "xxxxxxxx"}, "leave no air"),
    ],
)
def test_a_drum_pattern_is_judged(answer, fault):
    verdict = check("Task 3", answer, accompanying.is_pattern, accompanying.grooves_in(Metre(4, 4)))
    assert verdict.passed if fault is None else fault in repr(verdict)


def test_an_untried_pattern_is_waiting():
    with pytest.raises(Unsolved, match="waiting for you"):
        check("Task 3", {"kick": ...}, accompanying.is_pattern, accompanying.grooves_in(Metre(4, 4)))
