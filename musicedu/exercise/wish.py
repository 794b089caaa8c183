"""A wish, described once: how it is read, said, offered, let go and tried out.

A dataclass of wishes (`Specification`, `PieceWishes`) names one `Wish` in each of its fields. The checks, the command
line, recipes, the studio's knobs and the audit all ask the table that they make; none has a list of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from musicedu.errors import Unsatisfiable, unknown_name

if TYPE_CHECKING:
    from numpy.random import Generator

    from musicedu.syllabus.instruments import Instrument
    from musicedu.syllabus.levels import Level

Read = Callable[[str, Any], Any]
"""Takes the name of a wish and what was given for it; returns the one form that is kept, or raises `MusicEduError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One thing that may be asked for.

    read: brings it to its form. kind: what it is made of, `str`, `int`, `bool`, or `tuple` of names.
    says: what it is, for people who choose. panel: the group it is offered in, "" for those that a command treats in
    its own way. options: further names on the command line. names: all that may be asked for, where that can be listed.
    offered: what a level and an instrument have of it, for a knob. let_go: how late it is given up for an easier piece,
    0 for never. share, drawn: how often the audit asks for it, and for what.
    """

    read: Read
    kind: type
    says: str = ""
    panel: str = ""
    options: tuple[str, ...] = ()
    names: Callable[[], Iterable[str]] | None = None
    offered: Callable[[Level, Instrument], Sequence[Any]] | None = None
    let_go: int = 0
    share: float = 0.0
    drawn: Callable[[Level, Instrument, Generator], Any] | None = None


def wished(default: Any, wish: Wish) -> Any:
    """A dataclass field with its wish; `...` for one that must be given."""
    metadata = {"wish": wish}
    return field(metadata=metadata) if default is ... else field(default=default, metadata=metadata)


def wishes_of(kind: type) -> Mapping[str, Wish]:
    """The table of a dataclass of wishes, in the order in which recipes have them."""
    return {one.name: one.metadata["wish"] for one in fields(kind)}


def bring_to_form(asked: Any) -> None:
    """Bring every wish of a frozen dataclass to its form; whatever may be left open may be None."""
    for one in fields(asked):
        value = getattr(asked, one.name)
        if value is not None or one.default is not None:
            object.__setattr__(asked, one.name, one.metadata["wish"].read(one.name, value))


def whole(least: int, most: int, meaning: str = "") -> Read:
    """Reads a whole number within bounds."""

    def read(name: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            about = f" ({meaning})" if meaning else ""
            raise Unsatisfiable(f"{name} must be a whole number from {least} to {most}{about}, not {value!r}")
        return value

    return read


def text(form: Callable[[str], str]) -> Read:
    """Reads a text, brought to its form."""
    return lambda name, value: form(_must_be_text(name, value))


def _must_be_text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Unsatisfiable(f"{name} must be a text, not {value!r}")
    return value


def one_of(choices: Iterable[str]) -> Read:
    """Reads one of a few names."""
    known = tuple(choices)

    def read(name: str, value: Any) -> str:
        if _must_be_text(name, value) not in known:
            raise unknown_name(name, value, known)
        return str(value)

    return read


def names(check: Callable[[str], object]) -> Read:
    """Reads several names, each once; `check` raises for one that does not exist."""

    def read(name: str, value: Any) -> tuple[str, ...]:
        given = (value,) if isinstance(value, str) else tuple(value)
        if not all(isinstance(one, str) for one in given):
            raise Unsatisfiable(f"{name} must be names, not {value!r}")
        for one in given:
            check(one)
        return tuple(dict.fromkeys(given))

    return read


def switch(name: str, value: Any) -> bool:
    """Read what is on or off."""
    if not isinstance(value, bool):
        raise Unsatisfiable(f"{name} must be on, off or left out, not {value!r}")
    return value
