"""Faults of single lines of a roster, kept until all are known, and then raised as one error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from musicedu.errors import FileProblem, MusicEduError

MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong in one line: `words` where others stand beside it, `error` where it is the only one."""

    line: int
    words: str
    error: MusicEduError


def fault_of(line: int, name: str, error: MusicEduError, where: str) -> LineFault:
    """The fault of somebody's wishes, located; where: the roster's file, empty if there is none.

    >>> fault_of(3, "Ben", MusicEduError("level 11 is none"), "class.csv").error
    MusicEduError('class.csv, line 3 (Ben): level 11 is none')
    """
    place = f"line {line} ({name})"
    located = type(error)(error.problem, where=f"{where}, {place}" if where else place, remedy=error.remedy)
    return LineFault(line, f"{place}: {error.problem}", located)


def refuse(faults: Sequence[LineFault], where: str) -> None:
    """Raise one error for all faults of a roster's lines, the first 20 in full; nothing without any."""
    if len(faults) == 1:
        raise faults[0].error
    if faults:
        listed = sorted(faults, key=lambda fault: fault.line)[:MOST_FAULTS]
        more = f"; and {len(faults) - len(listed)} more" if len(faults) > len(listed) else ""
        raise FileProblem(
            f"{len(faults)} faults: {'; '.join(fault.words for fault in listed)}{more}",
            where=where,
            remedy="Mend these lines; nothing was written",
        )
