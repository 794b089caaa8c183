"""A student's function is called with care: whatever it does, a sentence says it."""

import pytest

from musicedu.course.asks.functions import is_function, outcome
from musicedu.course.checks import Unsolved, check


def gives_four(answer):
    result, fault = outcome(answer, 2)
    return fault or (None if result == 4 else f"For 2 it gives {result}.")


def ask(answer):
    return check("Task 1", answer, is_function, gives_four)


def test_a_right_function_passes():
    assert ask(lambda number: 2 * number).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (4, "not a function but a whole number. Give its name alone"),
        (float, "not a function"),
        (lambda number: number, "For 2 it gives 2."),
        (lambda number: None, "gives nothing back: its last line must begin with return"),
        (lambda number: max, "Your function gives back another function."),
        (lambda: 4, "Your function stops with TypeError"),
        (lambda number: number / 0, "Your function stops with ZeroDivisionError: division by zero."),
    ],
)
def test_a_wrong_function_is_told_how_it_fails(answer, fault):
    assert fault in repr(ask(answer))


@pytest.mark.parametrize("answer", [..., lambda number: ..., lambda number: (..., 1), lambda number: ... / number])
def test_an_untried_function_says_so_by_its_task(answer):
    with pytest.raises(Unsolved, match="Task 1 is waiting for you"):
        ask(answer)
