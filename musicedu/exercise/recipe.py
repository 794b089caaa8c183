"""Recipes: wishes as one short line that makes the same music again; one grammar for exercises and pieces.

`me1 violin L3 s42 key=G measures=8`: the version of the form, what always stands (instrument, level, seed), the wishes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from musicedu.errors import MusicEduError, Unsatisfiable, unknown_name
from musicedu.exercise.specification import Specification
from musicedu.exercise.wish import Wish, wishes_of

RECIPE_VERSION = "me1"

_MOST_DIGITS = 19  # as many as the largest seed has
_LONGEST_SHOWN = 80
Wished = TypeVar("Wished")


@dataclass(frozen=True, slots=True)
class Grammar(Generic[Wished]):
    """How the wishes of a dataclass are written in one line, and read back.

    version: its first word, letters and a number. kind: the dataclass, a `Wish` in every field. head: what stands
    before the wishes, each with the letter before it. noun, example: what it is called, and how one looks.
    """

    version: str
    kind: type[Wished]
    head: Mapping[str, str]
    noun: str
    example: str

    @property
    def table(self) -> dict[str, Wish]:
        """The wishes that stand by name, in their order."""
        return {name: wish for name, wish in wishes_of(self.kind).items() if name not in self.head}

    def format(self, asked: Wished) -> str:
        """Write wishes; those that are as without asking are left out."""
        plain = {one.name: one.default for one in fields(self.kind)}  # type: ignore[arg-type]
        values = {name: getattr(asked, name) for name in self.table}
        words = [_wish_text(name, value) for name, value in values.items() if value != plain[name]]
        return " ".join(
            [self.version, *(f"{letter}{getattr(asked, name)}" for name, letter in self.head.items()), *words]
        )

    def parse(self, text: str) -> Wished:
        """Read what `format` wrote; `Unsatisfiable` or `UnknownName` says what is wrong with it."""
        words, n_head = text.split(), len(self.head) + 1
        if not words or not words[0].startswith(self.version.rstrip("0123456789")):
            raise self._refusal(f"not {self.noun}: {_shown(text)}")
        if words[0] != self.version:
            raise Unsatisfiable(
                f"the recipe is of version {words[0]}, this musicedu reads {self.version}",
                remedy="Use the version of musicedu that printed it",
            )
        if len(words) < n_head or not all(map(_is_head, self.head.values(), words[1:])):
            raise self._refusal(f"the recipe is incomplete: {_shown(text)}")
        wishes = dict(self._read(word) for word in words[n_head:])
        if len(wishes) < len(words) - n_head:
            raise self._refusal(f"the recipe has a wish twice: {_shown(text)}")
        for (name, letter), word in zip(self.head.items(), words[1:n_head], strict=True):
            wishes[name] = int(word[1:]) if letter else word
        return self.kind(**wishes)

    def _read(self, word: str) -> tuple[str, Any]:
        name, equals, value = word.partition("=")
        table = self.table
        if name not in table:
            raise unknown_name("wish in the recipe", name, table)
        if not equals or not value:
            raise self._refusal(f"the recipe's {name} has no value")
        kind = table[name].kind
        if kind is bool:
            if value not in ("yes", "no"):
                raise self._refusal(f"the recipe's {name} must be yes or no, not {value[:_LONGEST_SHOWN]!r}")
            return name, value == "yes"
        if kind is int:
            if not is_whole_number(value):
                raise self._refusal(f"the recipe's {name} must be a whole number, not {value[:40]!r}")
            return name, int(value)
        return name, tuple(value.split(",")) if kind is tuple else value

    def _refusal(self, problem: str) -> MusicEduError:
        return Unsatisfiable(problem, remedy=f"A recipe reads like: {self.example}")


EXERCISES = Grammar(
    RECIPE_VERSION,
    Specification,
    {"instrument": "", "level": "L", "seed": "s"},
    "a recipe",
    "me1 violin L3 s42 key=G measures=8",
)


def format_recipe(specification: Specification) -> str:
    """The recipe of a specification; `parse_recipe` is its exact inverse.

    >>> format_recipe(Specification(3, "violin", key="A minor", measures=8, rests=False, seed=42))
    'me1 violin L3 s42 key=Am measures=8 rests=no'
    """
    return EXERCISES.format(specification)


def parse_recipe(text: str) -> Specification:
    """Read a recipe; `Unsatisfiable` or `UnknownName` says what is wrong with it.

    >>> parse_recipe("me1 flute L2 s7 metre=2/4").metre
    '2/4'
    """
    return EXERCISES.parse(text)


def wish_text(specification: Specification, name: str) -> str:
    """One wish of a specification as its recipe says it.

    >>> wish_text(Specification(3, rests=False), "rests")
    'rests=no'
    """
    return _wish_text(name, getattr(specification, name))


def is_whole_number(text: str) -> bool:
    """Whether a text is a whole number of a length that a recipe may hold."""
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


def _wish_text(name: str, value: Any) -> str:
    return f"{name}={_value_text(name, value)}"


def _value_text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ",".join(value)
    return str(value).replace(" minor", "m") if name == "key" else str(value).replace(" ", "-")


def _is_head(letter: str, word: str) -> bool:
    return not letter or (word[:1] == letter and is_whole_number(word[1:]))


def _shown(text: str) -> str:
    return repr(text.strip()[:_LONGEST_SHOWN])
