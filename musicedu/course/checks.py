"""Checks of a student's answer: they speak music, say what is wrong and where, and never print the answer.

A check is a task's name, the answer, and requirements. A requirement is a function of the answer that returns the
sentence to say where it is not met, or None where it is:

    check("Task 1", my_tune, is_list_of_measures, every_measure_holds("3/4"), praise="It can be danced.")

A later cell asks for a right answer by `answer_to`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypeVar
from weakref import WeakSet

from musicedu.course.slips import kind_of, reason_of
from musicedu.errors import UnknownName

Kind = TypeVar("Kind")
Requirement = Callable[[Any], str | None]
NOT_YET = "not yet."


_right: dict[str, object] = {}  # one kernel is one student at one sitting
_asked_first: WeakSet[Requirement] = WeakSet()


class Unsolved(Exception):
    """A task that has not been tried yet."""


class NoChoice(UnknownName):
    """A guess that is none of the choices."""


class Untried(Exception):
    """Raised by a requirement that finds three dots where a student's function should give its result."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: the faults it names, none if the answer is right."""

    task: str
    faults: tuple[str, ...] = ()
    praise: str = ""

    @property
    def passed(self) -> bool:
        return not self.faults

    def __repr__(self) -> str:
        if self.passed:
            return f"{self.task}: right. {self.praise}".rstrip()
        return "\n".join([f"{self.task}: {NOT_YET}", *(f"- {fault}" for fault in self.faults)])

    def _repr_html_(self) -> str:
        colour = "#2e7d32" if self.passed else "#b26a00"
        head, *faults = repr(self).splitlines()
        items = "".join(f"<li>{escape(fault[2:])}</li>" for fault in faults)
        body = f"<b>{escape(head)}</b>" + (f'<ul style="margin:0.3em 0">{items}</ul>' if items else "")
        return f'<div style="border-left:4px solid {colour};padding:0.3em 0.8em">{body}</div>'


def asked_first(requirement: Requirement) -> Requirement:
    """Mark a requirement without which the others make no sense: it asks what kind of thing the answer is."""
    _asked_first.add(requirement)
    return requirement


def check(
    task: str,
    answer: Any,
    *requirements: Requirement,
    praise: str = "",
    then: Callable[[Any], object] | None = None,
) -> Verdict:
    """Judge an answer by its requirements, in order, and say every fault.

    Requirements that are `asked_first` say what kind of thing the answer is: the others are looked at only when these
    are met. Raises `Unsolved` while the three dots of the task are still there. A right answer is kept
    for `answer_to`, and handed to `then`, which shows what it is good for.
    """
    _right.pop(task, None)
    refuse_unsolved(task, answer)
    first = [requirement for requirement in requirements if requirement in _asked_first]
    others = [requirement for requirement in requirements if requirement not in _asked_first]
    try:
        faults = _faults(answer, first) or _faults(answer, others)
    except Untried:
        refuse_unsolved(task, ...)
        raise
    if not faults:
        _right[task] = answer
        if then:
            then(answer)
    return Verdict(task, faults, "" if faults else praise)


def answer_to(task: str, *, until_then: Kind) -> Kind:
    """A student's answer if its check has passed, and until then what stands in for it.

    Later cells ask for an answer by this alone: so a task that is open, or a slip in it, harms nothing below it.
    """
    return _right.get(task, until_then)  # type: ignore[return-value]


def refuse_unsolved(task: str, answer: object) -> None:
    """Raise `Unsolved` if the answer is, or holds, the three dots of a task that nobody has tried."""
    holds_dots = isinstance(answer, list | tuple) and any(part is ... for part in answer)
    if answer is ... or holds_dots:
        raise Unsolved(
            f"{task} is waiting for you. Write your answer in place of the three dots (the comment beside them says "
            "what), then run this cell again with Shift+Enter."
        )


def _faults(answer: object, requirements: Sequence[Requirement]) -> tuple[str, ...]:
    found = (fault for requirement in requirements if (fault := _judged(requirement, answer)))
    return tuple(dict.fromkeys(found))  # what two of them say is said once


def _judged(requirement: Requirement, answer: object) -> str | None:
    try:
        return requirement(answer)
    except (Untried, Unsolved):
        raise
    except Exception as fault:  # whatever an answer is, a check goes on and says so
        given = "What your function gives back" if callable(answer) else f"Your answer is {kind_of(answer)}, and it"
        return f"{given} cannot be judged: {reason_of(fault)}. Read again what the task asks for."
