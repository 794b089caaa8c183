"""Names that people type: the choices and the nearest spelling when one does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from musicedu.errors import UnknownName


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
