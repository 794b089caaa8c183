"""The command line: `musicedu practice`, `assign`, `check` and the rest; `main` is the entry point."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from musicedu.errors import MusicEduError, missing_package, one_line

STOPPED = 130
"""The exit code after Ctrl-C, as shells have it."""
REFUSED = 2
"""The exit code after a fault that the user can mend."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 if all went well, 2 after one line that says what to mend, 130 after Ctrl-C."""
    _suit_the_console()
    try:
        code = _run(arguments)
    except MusicEduError as fault:
        code = _refuse(str(fault))
    except ModuleNotFoundError as fault:
        lacking = missing_package(fault)
        if lacking is None:
            raise
        code = _refuse(str(lacking))
    except KeyboardInterrupt:
        code = STOPPED
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as fault:
        code = _refuse(f"{fault.filename or 'the disk'}: {(fault.strerror or str(fault)).lower()}")
    if code == STOPPED:
        print("\nmusicedu: stopped; nothing was left half-written.", file=sys.stderr)
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    import typer  # here, so that Ctrl-C while it loads is one line as well

    from musicedu.cli.app import app

    try:
        outcome = typer.main.get_command(app).main(arguments, prog_name="musicedu", standalone_mode=False)
    except typer.Abort:
        return STOPPED
    except typer.TyperException as fault:
        message = fault.format_message()
        return _refuse(_usage(message, fault)) if message else 0  # without a message it has shown the help
    return outcome if isinstance(outcome, int) else 0


def _usage(message: str, fault: Exception) -> str:
    context = getattr(fault, "ctx", None)
    command = context.command_path if context else "musicedu"
    sentence = message.strip() if message.strip().endswith(("?", "!")) else message.strip().removesuffix(".") + "."
    return f"{sentence} Try `{command} --help`"


def _refuse(line: str) -> int:
    print(f"musicedu: {one_line(line)}", file=sys.stderr)
    return REFUSED


def _suit_the_console() -> None:
    """What a console cannot show (Japanese in a Windows code page, a name that is no text) never ends the work."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
