"""The nearest wishes that can be met, for those that only composing shows to be too many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from itertools import combinations

from musicedu.errors import Unsatisfiable
from musicedu.exercise.recipe import wish_text
from musicedu.exercise.specification import Specification
from musicedu.exercise.wish import wishes_of

_WIDEST_LEAP = 8


def nearest_wishes(wishes: Specification, make: Callable[[Specification], object]) -> str | None:
    """What to change of wishes that cannot be met, as a sentence; None if changing two of them is not enough.

    make: makes an exercise of wishes, or raises `Unsatisfiable`. The fewest changes come first, and of these a larger
    leap before a wish left out.
    """
    for change, changed in _changes(wishes):
        try:
            make(changed)
        except Unsatisfiable:
            continue
        return change
    return None


def _changes(wishes: Specification) -> Iterator[tuple[str, Specification]]:
    if wishes.largest_leap is not None:
        for leap in range(wishes.largest_leap + 1, _WIDEST_LEAP + 1):
            yield f"The nearest that works: largest_leap={leap}", replace(wishes, largest_leap=leap)
    table = wishes_of(Specification)
    defaults = {field.name: field.default for field in fields(wishes) if table[field.name].let_go}
    made = wishes.to_dict()
    # The last to be named are the finest wishes: those go first.
    names = [name for name in reversed(defaults) if name in made]
    for size in (1, 2):
        for left_out in combinations(names, size):
            words = " and ".join(wish_text(wishes, name) for name in left_out)
            without = replace(wishes, **{name: defaults[name] for name in left_out})  # type: ignore[arg-type]
            yield f"The nearest that works: the same without {words}", without
