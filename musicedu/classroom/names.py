"""File names from people's names: readable, safe on every system, never outside their folder."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_UNSAFE = frozenset('/\\:*?"<>|')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)
_MOST_BYTES = 120  # file systems allow 255, a number and an ending included


def clean_name(name: str) -> str:
    r"""A name in composed form on one line: control and invisible format characters left out, single spaces.

    >>> clean_name("  Zoe\u0308 \t Smith\x00 ")
    'Zoë Smith'
    """
    composed = unicodedata.normalize("NFC", name)
    kept = (" " if character.isspace() else character for character in composed)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")).split())


def file_name(name: str) -> str:
    """A file name without its ending, `pupil` where nothing of the name is left.

    >>> file_name("../../etc/passwd"), file_name("AC/DC: Angus?"), file_name("NUL"), file_name("...")
    ('-..-etc-passwd', 'AC-DC- Angus-', '_NUL', 'pupil')
    """
    safe = "".join("-" if character in _UNSAFE else character for character in clean_name(name)).strip(". ")
    while len(safe.encode()) > _MOST_BYTES:
        safe = safe[:-1].rstrip(". ")
    if not safe:
        return "pupil"
    return f"_{safe}" if safe.partition(".")[0].lower() in _RESERVED else safe


def numbered(names: Iterable[str]) -> tuple[str, ...]:
    """The same names, the second of two that differ at most in case getting a 2, and so on.

    >>> numbered(["Anna", "Ben", "anna", "Anna 2"])
    ('Anna', 'Ben', 'anna 2', 'Anna 2 2')
    """
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        candidate, number = name, 1
        while unicodedata.normalize("NFKC", candidate).casefold() in taken:
            number += 1
            candidate = f"{name} {number}"
        taken.add(unicodedata.normalize("NFKC", candidate).casefold())
        found.append(candidate)
    return tuple(found)
