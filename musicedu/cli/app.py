"""All commands in one application.

A command's module imports what it needs inside its functions, so that every command, and `--help`, starts at once.
"""

from __future__ import annotations

from typing import Annotated

import typer

from musicedu import __version__
from musicedu.cli import assign, check, corpus, course, evaluate, make, practice, train

app = typer.Typer(
    name="musicedu",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"musicedu {__version__}")
        raise typer.Exit


@app.callback(epilog="Begin with `musicedu practice --level 3`; if something is missing, `musicedu doctor` knows more.")
def _musicedu(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version, and stop."),
    ] = False,
) -> None:
    """Make sight-reading exercises for an instrument and a level, and learn how the machine does it."""


app.command()(practice.practice)
app.command()(make.make)
app.command()(assign.assign)
app.command()(check.check)
app.command()(evaluate.audit)
app.command()(corpus.extract)
app.command()(evaluate.evaluate)
app.command()(course.lab)
app.command()(course.doctor)
app.add_typer(corpus.app, name="corpus")
app.add_typer(train.app, name="train")
app.add_typer(course.app, name="course")
