"""What a lesson's first cell switches on: a slip is said in one sentence, where Python would show a page of frames.

`%tb` still shows the whole traceback of the last slip.
"""

from __future__ import annotations

import linecache
import sys
import warnings
from functools import partial
from pathlib import Path
from textwrap import wrap
from traceback import print_exception, walk_tb
from types import FrameType, TracebackType
from typing import Any

from musicedu.course.checks import NoChoice, Unsolved
from musicedu.course.slips import missed_argument, reason_of

_WIDTH = 92


def begin_lesson() -> None:
    """From here on every slip in this notebook is said in one sentence; outside of a notebook nothing happens."""
    shell = _shell()
    if shell is not None:
        shell.set_custom_exc((Exception, KeyboardInterrupt), _say)
        # What cannot be read is found in three places, and IPython asks the above in one of them alone.
        shell.showtraceback = partial(_say_given, shell)
        shell.showsyntaxerror = partial(_say_unreadable, shell)
        warnings.formatwarning = _say_warning


def sentence_of(fault: BaseException, cell: dict[str, Any] | None = None) -> str:
    """One sentence for a slip: the line of the cell, what is wrong there, and what to do.

    `cell` are the variables that a cell sees: the frames that run among them are the student's own code.
    """
    if isinstance(fault, Unsolved | NoChoice):
        return str(fault)  # which says by its name where it is
    line, code, frame = _place(fault, cell)
    function = frame.f_code.co_name if frame and frame.f_code.co_name != "<module>" else ""
    said = missed_argument(fault, _called(fault, frame)) or reason_of(
        fault, code=code, names=_names(frame, cell), function=function
    )
    reason = " ".join(said.split())
    ending = "" if reason[-1:] in '?.!…"' else "."
    return f"Line {line}: {reason}{ending}" if line else f"{reason[:1].upper()}{reason[1:]}{ending}"


def _say(shell: Any, kind: type[BaseException], fault: BaseException, tb: TracebackType | None, **_: Any) -> None:
    """Show one sentence in place of a traceback, and keep the traceback for `%tb`; never be a fault oneself."""
    sys.last_type, sys.last_value, sys.last_traceback = kind, fault, tb
    sys.last_exc = fault  # type: ignore[attr-defined, unused-ignore]
    try:
        lines = ["\n".join(wrap(sentence_of(fault, shell.user_ns), _WIDTH))]
        shell._showtraceback(kind, fault, lines)
    except Exception:
        print_exception(kind, fault, tb)


def _say_given(shell: Any, given: Any = None, *arguments: Any, **options: Any) -> None:
    if given is not None and issubclass(given[0], SyntaxError):
        _say(shell, *given)
    else:
        type(shell).showtraceback(shell, given, *arguments, **options)


def _say_unreadable(shell: Any, *arguments: Any, **options: Any) -> None:
    kind, fault, tb = sys.exc_info()
    if kind is None or fault is None or tb is None:  # nothing is failing now: `%tb` looks back
        type(shell).showsyntaxerror(shell, *arguments, **options)
    else:
        _say(shell, kind, fault, tb)


def _say_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
) -> str:
    where = f"Line {lineno}" if "ipykernel" in filename else f"{Path(filename).name}, line {lineno}"
    return f"{where}, {category.__name__}: {message}\n"


def _shell() -> Any:
    # A notebook has imported IPython before any cell runs; a program without it shall not begin to.
    known = sys.modules.get("IPython")
    return known.get_ipython() if known else None


def _place(fault: BaseException, cell: dict[str, Any] | None) -> tuple[int | None, str, FrameType | None]:
    """The line of the student's cell that failed: its number, its text, and the frame it ran in."""
    own = [(frame, line) for frame, line in walk_tb(fault.__traceback__) if cell and frame.f_globals is cell]
    if isinstance(fault, SyntaxError) and not own:
        return fault.lineno, fault.text or "", None
    if not own:
        return None, "", None
    file = own[0][0].f_code.co_filename  # the cell that was run; it may have called a function of another
    frame, line = [(frame, line) for frame, line in own if frame.f_code.co_filename == file][-1]
    return line, linecache.getline(file, line).strip(), frame


def _names(frame: FrameType | None, cell: dict[str, Any] | None) -> list[str]:
    return [*(frame.f_locals if frame else ()), *(cell or ())]


def _called(fault: BaseException, frame: FrameType | None) -> Any:
    """What a line called with an argument that is not there, as far as it can be looked up by its name."""
    name = str(fault).split("(")[0].split(".")[0]
    return {**frame.f_globals, **frame.f_locals}.get(name) if frame else None
