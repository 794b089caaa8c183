"""Wishes as options, for every command that makes music: those of an exercise, or those of a piece.

A command names a parameter `wishes: Wishes`; `with_wishes` gives it one option for each wish that has a panel. Others,
such as the seed, commands treat in their own ways.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import wraps
from typing import Annotated, Any

import typer

from musicedu.exercise.wish import Wish, wishes_of
from musicedu.syllabus.levels import LEVEL_NUMBERS

Wishes = dict[str, Any]
"""What was asked for, by field of the dataclass of wishes; what was not asked for is not in it."""

Command = Callable[..., None]

LEVEL_HELP = f"{LEVEL_NUMBERS[0]} (first notes) to {LEVEL_NUMBERS[-1]}."


def options_of(kind: type) -> Mapping[str, Wish]:
    """The wishes of a dataclass that are options of every command that takes them."""
    return {name: wish for name, wish in wishes_of(kind).items() if wish.panel}


def with_wishes(kind: type) -> Callable[[Command], Command]:
    """Replace a command's parameter `wishes` by one option a wish; it is called with those that were given."""
    table, defaults = options_of(kind), {one.name: one.default for one in fields(kind)}

    def with_options(command: Command) -> Command:
        @wraps(command)
        def wishful(**given: Any) -> None:
            asked = {name: value for name in table if (value := given.pop(name)) is not None}
            for name in asked:
                if table[name].kind is tuple:
                    asked[name] = tuple(asked[name].replace(",", " ").split())
            command(wishes=asked, **given)

        signature = inspect.signature(command, eval_str=True)
        own = [parameter for name, parameter in signature.parameters.items() if name != "wishes"]
        options = [_option(name, wish, defaults[name]) for name, wish in table.items()]
        wishful.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
        # Typer reads the types from here and the rest from the signature.
        wishful.__annotations__ = {parameter.name: parameter.annotation for parameter in [*own, *options]}
        return wishful

    return with_options


def _option(name: str, wish: Wish, default: Any) -> inspect.Parameter:
    own = f"--{name.replace('_', '-')}"
    # What is left out unless it is asked for needs no way to leave it out.
    switch = f"{own}/--no-{own[2:]}" if wish.kind is bool and default is not False else own
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
