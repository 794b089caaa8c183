"""What a task may ask of a function that a student writes: it is called, and what it gives back is looked at."""

from __future__ import annotations

from typing import Any

from musicedu.course.checks import Untried, asked_first
from musicedu.course.slips import kind_of


@asked_first
def is_function(answer: Any) -> str | None:
    """The answer is a function, not what one gave back."""
    if callable(answer) and not isinstance(answer, type):
        return None
    return f"This is not a function but {kind_of(answer)}. Give its name alone, without brackets behind it."


def outcome(function: Any, *arguments: Any) -> tuple[Any, str | None]:
    """What a function gives back and None, or None and the sentence that says how it failed.

    Raises `Untried` where it gives back the three dots of a task, which `check` turns into what to do.
    """
    try:
        result = function(*arguments)
    except Exception as fault:  # a student's code may fail in any way
        if "ellipsis" in str(fault):  # three dots stand where a function it calls gives something back
            raise Untried from None
        said = "it calls itself without end" if isinstance(fault, RecursionError) else str(fault).rstrip(".")
        return None, f"Your function stops with {type(fault).__name__}: {said}."
    if result is ... or (isinstance(result, tuple | list) and any(part is ... for part in result)):
        raise Untried
    if result is None:
        return None, "Your function gives nothing back: its last line must begin with return."
    if callable(result):
        return None, "Your function gives back another function. To have what that one gives, put brackets behind it."
    return result, None
