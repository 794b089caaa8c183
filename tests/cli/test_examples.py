"""Every example that a command's help gives is a command line that this version takes."""

import re
import shlex

import pytest
import typer

from musicedu.cli.app import app
from musicedu.corpus.collections import COLLECTIONS

GROUP = typer.main.get_command(app)


def commands(group, path=()):
    for name, command in getattr(group, "commands", {}).items():
        yield (*path, name), command
        yield from commands(command, (*path, name))


EXAMPLES = [
    pytest.param(example, id=example)
    for _, command in commands(GROUP)
    for example in re.findall(r"`(musicedu [^`]+)`", f"{command.help} {command.epilog}")
]


def parsed(example):
    """The command that an example runs, and the values it gives."""
    words, command = shlex.split(example)[1:], GROUP
    context = command.make_context("musicedu", list(words), resilient_parsing=True)
    while hasattr(command, "commands"):
        name, command, words = command.resolve_command(context, words)
        if not words and getattr(command, "no_args_is_help", False):
            break
        context = command.make_context(name, list(words), parent=context)
    return command, context.params


def test_there_are_examples_of_every_command():
    told = " ".join(example.values[0] for example in EXAMPLES)
    leaves = [path for path, command in commands(GROUP) if not hasattr(command, "commands")]
    assert [path for path in leaves if f"musicedu {' '.join(path)}" not in told] == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_taken(example):
    _, values = parsed(example)
    for name in values.get("collection") or ():
        assert name in COLLECTIONS, f"{example}: no collection is called {name!r}"


def test_a_slip_in_an_example_is_noticed():
    with pytest.raises(Exception, match="--colection"):
        parsed("musicedu corpus build --colection ryans")
