"""Recipes: a specification as one short line that makes the same exercise again.

`me1 violin L3 s42 key=G measures=8`: the version of the form, the instrument, the level, the seed, then the wishes.
"""

from __future__ import annotations

from dataclasses import fields

from musicedu.errors import Unsatisfiable, unknown_name
from musicedu.exercise.specification import Specification

RECIPE_VERSION = "me1"

_HEAD = ("instrument", "level", "seed")
_WISHES = {field.name: str(field.type) for field in fields(Specification) if field.name not in _HEAD}
_MOST_DIGITS = 19  # as many as the largest seed has
_SHAPE = "a recipe reads like: me1 violin L3 s42 key=G measures=8"


def format_recipe(specification: Specification) -> str:
    """The recipe of a specification; `parse_recipe` is its exact inverse.

    >>> format_recipe(Specification(3, "violin", key="A minor", measures=8, rests=False, seed=42))
    'me1 violin L3 s42 key=Am measures=8 rests=no'
    """
    wishes = specification.to_dict()
    words = [wish_text(specification, name) for name in _WISHES if name in wishes]
    head = [RECIPE_VERSION, specification.instrument, f"L{specification.level}", f"s{specification.seed}"]
    return " ".join([*head, *words])


def wish_text(specification: Specification, name: str) -> str:
    """One wish of a specification as its recipe says it.

    >>> wish_text(Specification(3, rests=False), "rests")
    'rests=no'
    """
    return f"{name}={_value_text(name, specification.to_dict()[name])}"


def parse_recipe(text: str) -> Specification:
    """Read a recipe; `Unsatisfiable` or `UnknownName` says what is wrong with it.

    >>> parse_recipe("me1 flute L2 s7 metre=2/4").metre
    '2/4'
    """
    words = text.split()
    if not words or not words[0].startswith("me"):
        raise Unsatisfiable(f"not a recipe: {text.strip()[:80]!r}", remedy=_SHAPE)
    if words[0] != RECIPE_VERSION:
        raise Unsatisfiable(
            f"the recipe is of version {words[0]}, this musicedu reads {RECIPE_VERSION}",
            remedy="Use the version of musicedu that printed it",
        )
    if len(words) < 4 or not _is_number(words[2], "L") or not _is_number(words[3], "s"):
        raise Unsatisfiable(f"the recipe is incomplete: {text.strip()[:80]!r}", remedy=_SHAPE)
    wishes = dict(_parse_wish(word) for word in words[4:])
    if len(wishes) < len(words) - 4:
        raise Unsatisfiable(f"the recipe has a wish twice: {text.strip()[:80]!r}", remedy=_SHAPE)
    return Specification.from_dict(
        {"level": int(words[2][1:]), "instrument": words[1], "seed": int(words[3][1:]), **wishes}
    )


def _is_number(word: str, letter: str) -> bool:
    return word[:1] == letter and is_whole_number(word[1:])


def is_whole_number(text: str) -> bool:
    """Whether a text is a whole number of a length that a recipe may hold."""
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


def _value_text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(value)
    return str(value).replace(" minor", "m") if name == "key" else str(value).replace(" ", "-")


def _parse_wish(word: str) -> tuple[str, object]:
    name, equals, value = word.partition("=")
    if name not in _WISHES:
        raise unknown_name("wish in the recipe", name, _WISHES)
    if not equals or not value:
        raise Unsatisfiable(f"the recipe's {name} has no value", remedy=_SHAPE)
    kind = _WISHES[name]
    if "bool" in kind:
        if value not in ("yes", "no"):
            raise Unsatisfiable(f"the recipe's {name} must be yes or no, not {value!r}")
        return name, value == "yes"
    if "int" in kind:
        if not is_whole_number(value):
            raise Unsatisfiable(f"the recipe's {name} must be a whole number, not {value[:40]!r}")
        return name, int(value)
    return name, tuple(value.split(",")) if "tuple" in kind else value
