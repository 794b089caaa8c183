"""The errors that `musicedu` raises for a user's input: each says what was wrong, where, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import partial

# What a terminal takes for an order: ECMA-48's control sequences, and the strings that a BEL or ST ends.
_ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x9b[0-?]*[ -/]*[@-~]")
_LONGEST_WORD, _LONGEST_LINE = 240, 3000
_SPACES = "\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def one_line(text: str) -> str:
    r"""A text from outside as one line that is safe to show.

    What steers a terminal or turns text round is left out, bytes that are no text become �, and what is endless (five
    thousand digits) is cut in its middle.

    >>> one_line("a \x1b[31mred\x1b[0m\n title")
    'a red title'
    """
    plain = _ESCAPE.sub("", text)
    shown = "".join(one if one.isprintable() else _harmless(one) for one in plain)
    words = (_cut(word, _LONGEST_WORD) for word in shown.split())
    return _cut(" ".join(words), _LONGEST_LINE)


def _harmless(character: str) -> str:
    if character in _SPACES or character.isspace():
        return " "
    return "�" if "\ud800" <= character <= "\udfff" else ""


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest * 2 // 3]}…{text[-longest // 4 :]}"


class MusicEduError(Exception):
    """Something a user can mend: one line that says what was wrong, where, and what to do.

    Parameters
    ----------
    problem: what was wrong, a short sentence without a final full stop.
    where: the file, field or argument it concerns; empty if the problem names it.
    remedy: what to do about it; empty if the problem says so.
    """

    def __init__(self, problem: str, *, where: str = "", remedy: str = "") -> None:
        self.problem, self.where, self.remedy = problem, where, remedy
        super().__init__(str(self))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.problem, self.where, self.remedy)

    def __str__(self) -> str:
        located = f"{self.where}: {self.problem}" if self.where else self.problem
        line = f"{located}. {self.remedy}" if self.remedy else located
        return one_line(line)


def _rebuild(kind: type[MusicEduError], problem: str, where: str, remedy: str) -> MusicEduError:
    return kind(problem, where=where, remedy=remedy)


class FileProblem(MusicEduError):
    """A file that is missing, empty, broken, too large, or not what its name says.

    `kind` tells faults apart that a program sorts, such as a `formats.reading.NotOneLine`; empty for the others.
    """

    def __init__(self, problem: str, *, where: str = "", remedy: str = "", kind: str = "") -> None:
        super().__init__(problem, where=where, remedy=remedy)
        self.kind = kind

    def __reduce__(self) -> tuple[object, ...]:
        return partial(type(self), where=self.where, remedy=self.remedy, kind=self.kind), (self.problem,)


class UnknownName(MusicEduError):
    """A level, instrument, key or other name that does not exist."""


class Unsatisfiable(MusicEduError):
    """A request that is well formed but that no exercise can meet."""


class StorageProblem(MusicEduError):
    """A folder that cannot be written or a disk that is full."""


INSTALL_THE_COURSE = 'Install the whole course: `pip install "musicedu[course]"` (`uv sync` in a checkout)'
"""What to do where a package is missing that only the lessons, the collections and the training need."""


class MissingPackage(MusicEduError):
    """A package of the course that this installation, of exercises, sheets and classes alone, does not have."""


def missing_package(fault: ModuleNotFoundError) -> MissingPackage | None:
    """What to say where a package of others is not there; None where the module is one of `musicedu`.

    >>> missing_package(ModuleNotFoundError(name="librosa.feature")).problem
    'the package librosa is not installed'
    """
    package = (fault.name or "musicedu").partition(".")[0]
    if package == "musicedu":
        return None
    return MissingPackage(f"the package {package} is not installed", remedy=INSTALL_THE_COURSE)


def unknown_name(kind: str, name: str, choices: Iterable[str]) -> UnknownName:
    """The error for a `name` that is not among the `choices` of this `kind`, with the nearest spelling.

    >>> str(unknown_name("instrument", "violn", ["viola", "violin"]))
    "unknown instrument 'violn'. Did you mean 'violin'? Known: viola, violin"
    """
    known = list(choices)
    by_lower_case = {choice.lower(): choice for choice in known}
    close = get_close_matches(name.lower(), by_lower_case, n=1, cutoff=0.5)
    suggestion = f"Did you mean {by_lower_case[close[0]]!r}? " if close else ""
    return UnknownName(f"unknown {kind} {name!r}", remedy=f"{suggestion}Known: {', '.join(known)}")
