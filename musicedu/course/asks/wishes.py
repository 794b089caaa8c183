"""What a task may ask of a specification: each is a requirement for `musicedu.course.checks.check`."""

from __future__ import annotations

from typing import Any

from musicedu.course.checks import Requirement, asked_first
from musicedu.course.slips import kind_of
from musicedu.errors import MusicEduError
from musicedu.exercise.generator import generate
from musicedu.exercise.resolve import resolve
from musicedu.exercise.specification import Specification
from musicedu.syllabus.instruments import instrument

_DANCES = {"waltz": ("3/4",), "march": ("2/4", "4/4", "2/2"), "jig": ("6/8", "9/8", "12/8")}


@asked_first
def is_specification(answer: Any) -> str | None:
    """The answer is a `Specification`."""
    if isinstance(answer, Specification):
        return None
    if answer is Specification:
        return "This is the word Specification alone. Write brackets after it, and your wishes in the brackets."
    return f"This is {kind_of(answer)}, not a Specification. Specification(level=...) makes one."


@asked_first
def is_list_of_specifications(answer: Any) -> str | None:
    """The answer is a list of one or more `Specification`s."""
    if isinstance(answer, Specification):
        return "This is one Specification. Put several in square brackets, with commas between them."
    if not isinstance(answer, list | tuple) or not answer:
        return "This is not a list of Specifications. Write them in square brackets, with commas between them."
    faults = [(number, is_specification(wish)) for number, wish in enumerate(answer, start=1)]
    return next((f"Number {number}: {fault}" for number, fault in faults if fault), None)


def can_be_made(answer: Any) -> str | None:
    """The wishes go together."""
    for wish in _all(answer):
        try:
            resolve(wish)
        except MusicEduError as fault:
            return f"It cannot be made: {fault}"
    return None


def differs_from(other: Specification) -> Requirement:
    """It is not a specification that was there already."""

    def own(answer: Any) -> str | None:
        return "This is the wish from above: make it your own." if answer == other else None

    return own


def plays(name: str) -> Requirement:
    """It is for an instrument."""
    asked = instrument(name)

    def for_the_instrument(answer: Any) -> str | None:
        if answer.instrument == asked.name:
            return None
        return f"It is for {instrument(answer.instrument).title}; the task asks for {asked.title}."

    return for_the_instrument


def at_level(number: int) -> Requirement:
    """It is at a level."""

    def at_the_level(answer: Any) -> str | None:
        if answer.level == number:
            return None
        hard = "too hard" if answer.level > number else "too easy"
        return f"Level {answer.level} is {hard}: the task asks for level {number}."

    return at_the_level


def dances(dance: str) -> Requirement:
    """It asks for a metre that a dance is counted in: `waltz`, `march` or `jig`."""
    metres = _DANCES[dance]

    def in_its_metre(answer: Any) -> str | None:
        if answer.metre in metres:
            return None
        if answer.metre is None:
            return f"The metre is left open: it may be a {dance} today and something else with the next seed."
        return f"{answer.metre} is no {dance}: count along with one that you know."

    return in_its_metre


def focuses_on(*topics: str) -> Requirement:
    """At least one of some topics is in the focus."""

    def in_focus(answer: Any) -> str | None:
        if set(topics) & set(answer.focus):
            return None
        said = f"The focus is {', '.join(answer.focus)}" if answer.focus else "There is no focus"
        return f"{said}: what is to be practised may not occur at all."

    return in_focus


def lasts_at_most(measures: int) -> Requirement:
    """It has no more than so many measures."""

    def short_enough(answer: Any) -> str | None:
        if answer.measures is None:
            return "The number of measures is left open; by chance it may be longer than the task allows."
        if answer.measures <= measures:
            return None
        return f"{answer.measures} measures are too many; the task allows {measures}."

    return short_enough


def harder_than(easier: Specification) -> Requirement:
    """Its measured difficulty is above that of another, at the same level and for the same instrument."""

    def harder(answer: Any) -> str | None:
        if (answer.level, answer.instrument) != (easier.level, easier.instrument):
            return "Keep the level and the instrument: it is the other wishes that are to make it harder."
        before, after = _score(easier), _score(answer)
        if before is None or after is None or after > before:
            return None
        return f"It measures {after:.1f}, the first piece {before:.1f}: not harder yet."

    return harder


def all_different(answer: Any) -> str | None:
    """No two of a list are the same."""
    wishes = _all(answer)
    for number, wish in enumerate(wishes, start=1):
        if wish in wishes[: number - 1]:
            return f"Numbers {wishes.index(wish) + 1} and {number} are the same piece: another seed makes another."
    return None


def ends_harder(answer: Any) -> str | None:
    """The last of a list measures harder than the first."""
    first, last = _score(answer[0]), _score(answer[-1])
    if first is None or last is None or last > first:
        return None
    return f"The last piece measures {last:.1f}, the first {first:.1f}: end harder than you began."


def n_specifications(wanted: int) -> Requirement:
    """A list holds so many."""

    def enough(answer: Any) -> str | None:
        count = len(_all(answer))
        return None if count == wanted else f"The list holds {count}; the task asks for {wanted}."

    return enough


def _score(wish: Specification) -> float | None:
    """The measured difficulty of a wish, None if it cannot be made (which `can_be_made` says)."""
    try:
        return generate(wish).difficulty.score
    except MusicEduError:
        return None


def _all(answer: Any) -> list[Specification]:
    return [answer] if isinstance(answer, Specification) else list(answer)
