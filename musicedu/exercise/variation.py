"""Variations of a wish: another piece of the same kind, one a little easier, one with more leaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from musicedu.errors import Unsatisfiable
from musicedu.exercise.resolve import resolve
from musicedu.exercise.specification import Specification
from musicedu.exercise.wish import wishes_of
from musicedu.syllabus.levels import LEVEL_NUMBERS

_LEAPS = ("leaps", "thirds", "fourths", "fifths", "sixths", "sevenths", "octaves")
_TABLE = wishes_of(Specification)
# What a lower level is least likely to have comes first.
_LET_GO = sorted((name for name, wish in _TABLE.items() if wish.let_go), key=lambda name: _TABLE[name].let_go)


def next_piece(wish: Specification) -> Specification:
    """The same wish for another piece: the next seed.

    >>> next_piece(Specification(3, seed=4)).seed
    5
    """
    return replace(wish, seed=wish.seed + 1)


def easier(wish: Specification) -> Specification:
    """The same wish one level lower; wishes that the lower level cannot meet are let go, one after the other.

    Raises `Unsatisfiable` at the lowest level.
    """
    if wish.level == LEVEL_NUMBERS[0]:
        raise Unsatisfiable(
            f"level {wish.level} is the easiest there is", remedy="Ask for a slower tempo, or for fewer measures"
        )
    return next(wish for wish in _with_fewer_wishes(replace(wish, level=wish.level - 1)) if _can_be_met(wish))


def with_more_leaps(wish: Specification) -> Specification:
    """The same wish with leaps in its focus; if they are there already, with the next wider interval.

    Raises `Unsatisfiable` where the level and the instrument have no wider leap.
    """
    widest = max((_LEAPS.index(topic) for topic in wish.focus if topic in _LEAPS), default=-1)
    others = tuple(topic for topic in wish.focus if topic not in _LEAPS)
    for topic in _LEAPS[widest + 1 :]:
        wider = replace(wish, focus=(*others, topic), largest_leap=None)
        if _can_be_met(wider):
            return wider
    raise Unsatisfiable(
        f"level {wish.level} on the {wish.instrument} has no wider leaps", remedy="Ask for a higher level"
    )


def _with_fewer_wishes(wish: Specification) -> Iterator[Specification]:
    unasked = {field.name: field.default for field in fields(Specification)}
    yield wish
    for name in _LET_GO:
        if getattr(wish, name) != unasked[name]:
            wish = replace(wish, **{name: unasked[name]})  # type: ignore[arg-type]
            yield wish


def _can_be_met(wish: Specification) -> bool:
    try:
        resolve(wish)
    except Unsatisfiable:
        return False
    return True
