"""The errors that `musicedu` raises for a user's input: each says what was wrong, where, and what to do."""

from __future__ import annotations


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
        return " ".join(line.split())


def _rebuild(kind: type[MusicEduError], problem: str, where: str, remedy: str) -> MusicEduError:
    return kind(problem, where=where, remedy=remedy)


class FileProblem(MusicEduError):
    """A file that is missing, empty, broken, too large, or not what its name says."""


class UnknownName(MusicEduError):
    """A level, instrument, key or other name that does not exist."""


class Unsatisfiable(MusicEduError):
    """A request that is well formed but that no exercise can meet."""


class StorageProblem(MusicEduError):
    """A folder that cannot be written or a disk that is full."""
