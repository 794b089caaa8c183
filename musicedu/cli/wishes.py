"""The wishes of a specification as options, for every command that makes exercises.

A command names a parameter `wishes: Wishes`; `with_wishes` gives it one option for each field of `Specification` but
the level and the seed, which commands treat in their own ways.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Annotated, Any

import typer

Wishes = dict[str, Any]
"""What was asked for, by field of `Specification`; what was not asked for is not in it."""


@dataclass(frozen=True, slots=True)
class _Wish:
    kind: Any
    text: str
    panel: str
    names: tuple[str, ...] = ()
    complete: Callable[[str], list[str]] | None = field(default=None)


def _starting_with(names: Callable[[], list[str]]) -> Callable[[str], list[str]]:
    return lambda incomplete: [name for name in names() if name.startswith(incomplete)]


def instrument_names() -> list[str]:
    """All instruments, for shell completion."""
    from musicedu.syllabus.instruments import instruments

    return list(instruments())


def cell_names() -> list[str]:
    """All rhythm cells, for shell completion."""
    from musicedu.syllabus.levels import cells

    return list(cells())


def _focus_names() -> list[str]:
    from musicedu.exercise.specification import TOPICS

    return [*TOPICS, *cell_names()]


def _engine_names() -> list[str]:
    from musicedu.exercise.engines import ENGINES

    return list(ENGINES)


def _form_names() -> list[str]:
    from musicedu.exercise.specification import FORMS

    return list(FORMS)


_PIECE, _NOTES, _SIGNS = "The piece", "Notes and rhythms", "Signs and colours (--no-… leaves them out)"
_CELLS = _starting_with(cell_names)
WISHES: dict[str, _Wish] = {
    "instrument": _Wish(str, "violin, flute, Bb clarinet, voice …", _PIECE, ("-i",), _starting_with(instrument_names)),
    "key": _Wish(str, "Written key: `G`, `Bb major`, `A minor`.", _PIECE),
    "metre": _Wish(str, "Such as `3/4` or `6/8`.", _PIECE),
    "measures": _Wish(int, "How many full measures.", _PIECE),
    "tempo_bpm": _Wish(int, "Quarter notes a minute.", _PIECE, ("--tempo",)),
    "form": _Wish(str, "phrase, period, aaba, sequence or free.", _PIECE, (), _starting_with(_form_names)),
    "concert_pitch": _Wish(bool, "Show sounding notes, not those the instrument reads.", _PIECE, ("--concert-pitch",)),
    "engine": _Wish(str, "What proposes the notes: vae, gan or markov.", _PIECE, (), _starting_with(_engine_names)),
    "rhythms": _Wish(str, "These rhythms and no others: `quarter,eighths`.", _NOTES, (), _CELLS),
    "focus": _Wish(str, "What must occur: `thirds`, `rests`, a rhythm …", _NOTES, (), _starting_with(_focus_names)),
    "lowest": _Wish(str, "No written note below this one: `D4`.", _NOTES),
    "highest": _Wish(str, "No written note above this one: `B5`.", _NOTES),
    "largest_leap": _Wish(int, "2 for steps only, 3 for thirds, 8 for octaves.", _NOTES),
    "anacrusis": _Wish(bool, "Begin with an upbeat.", _SIGNS),
    "accidentals": _Wish(bool, "Notes outside the key.", _SIGNS),
    "rests": _Wish(bool, "Rests.", _SIGNS),
    "ties": _Wish(bool, "Ties.", _SIGNS),
    "dynamics": _Wish(bool, "Loud and soft.", _SIGNS),
    "articulations": _Wish(bool, "Staccato, accents, tenuto.", _SIGNS),
    "slurs": _Wish(bool, "Slurs.", _SIGNS),
    "modulation": _Wish(bool, "Visit another key.", _SIGNS),
    "metre_change": _Wish(bool, "Change the metre on the way.", _SIGNS),
}
"""Each wish: its type, what `--help` says, the panel it stands in, other names, and how a shell completes it."""

_LISTS = ("rhythms", "focus")


def with_wishes(command: Callable[..., None]) -> Callable[..., None]:
    """Replace a command's parameter `wishes` by one option a wish; it is called with those that were given."""

    @wraps(command)
    def wishful(**given: Any) -> None:
        asked = {name: value for name in WISHES if (value := given.pop(name)) is not None}
        for name in _LISTS:
            if name in asked:
                asked[name] = tuple(part for part in asked[name].replace(",", " ").split() if part)
        command(wishes=asked, **given)

    signature = inspect.signature(command, eval_str=True)
    own = [parameter for name, parameter in signature.parameters.items() if name != "wishes"]
    options = [_option(name, wish) for name, wish in WISHES.items()]
    wishful.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    # Typer reads the types from here and the rest from the signature.
    wishful.__annotations__ = {parameter.name: parameter.annotation for parameter in [*own, *options]}
    return wishful


def _option(name: str, wish: _Wish) -> inspect.Parameter:
    dashed = name.replace("_", "-")
    switch = f"--{dashed}/--no-{dashed}" if wish.kind is bool else f"--{dashed}"
    names = wish.names if name == "concert_pitch" else (switch, *wish.names)
    option = typer.Option(*names, help=wish.text, rich_help_panel=wish.panel, autocompletion=wish.complete)
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[wish.kind | None, option]
    )
