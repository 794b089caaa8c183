"""The wishes of a specification as options, for every command that makes exercises.

A command names a parameter `wishes: Wishes`; `with_wishes` gives it one option for each field of `Specification` but
the level and the seed, which commands treat in their own ways.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from musicedu.exercise.specification import Specification
from musicedu.exercise.wish import Wish, wishes_of
from musicedu.syllabus.levels import LEVEL_NUMBERS

Wishes = dict[str, Any]
"""What was asked for, by field of `Specification`; what was not asked for is not in it."""


WISHES = {name: wish for name, wish in wishes_of(Specification).items() if wish.panel}
"""The wishes that are options of every command that makes exercises."""

LEVEL_HELP = f"{LEVEL_NUMBERS[0]} (first notes) to {LEVEL_NUMBERS[-1]}."


def with_wishes(command: Callable[..., None]) -> Callable[..., None]:
    """Replace a command's parameter `wishes` by one option a wish; it is called with those that were given."""

    @wraps(command)
    def wishful(**given: Any) -> None:
        asked = {name: value for name in WISHES if (value := given.pop(name)) is not None}
        for name in asked:
            if WISHES[name].kind is tuple:
                asked[name] = tuple(asked[name].replace(",", " ").split())
        command(wishes=asked, **given)

    signature = inspect.signature(command, eval_str=True)
    own = [parameter for name, parameter in signature.parameters.items() if name != "wishes"]
    options = [_option(name, wish) for name, wish in WISHES.items()]
    wishful.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    # Typer reads the types from here and the rest from the signature.
    wishful.__annotations__ = {parameter.name: parameter.annotation for parameter in [*own, *options]}
    return wishful


def _option(name: str, wish: Wish) -> inspect.Parameter:
    own = f"--{name.replace('_', '-')}"
    default = Specification.__dataclass_fields__[name].default
    # What is left out unless it is asked for needs no way to leave it out.
    switch = f"{own}/--no-{own[2:]}" if wish.kind is bool and default is None else own
    option = typer.Option(
        switch, *wish.options, help=wish.says, rich_help_panel=wish.panel, autocompletion=_completion(wish)
    )
    kind: Any = str if wish.kind is tuple else wish.kind
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, option]
    )


def _completion(wish: Wish) -> Callable[[str], list[str]] | None:
    """How a shell completes the names of a wish."""
    known = wish.names
    if known is None:
        return None
    return lambda incomplete: [name for name in known() if name.startswith(incomplete)]
