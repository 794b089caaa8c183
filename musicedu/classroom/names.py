"""File names from people's names: readable, safe on every system, never outside their folder."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

_UNSAFE = frozenset('/\\:*?"<>|')
_RESERVED = frozenset(
    [
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        "clock$",
        *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
    ]
)  # the devices of Windows, with any ending
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
_MOST_TURNED = 2 / 3
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
    device = unicodedata.normalize("NFKC", safe.partition(".")[0]).strip().casefold()  # COM¹ is COM1 there
    return f"_{safe}" if device in _RESERVED else safe


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


def stand_last_first(names: Sequence[str]) -> bool:
    """Whether a list of names has the last name first, before a comma: two thirds and more of them do."""
    return bool(names) and sum(in_spoken_order(name) != name for name in names) >= _MOST_TURNED * len(names)


def in_spoken_order(name: str) -> str:
    """A name with the first name first.

    >>> in_spoken_order("Lind, Ada"), in_spoken_order("King, Jr., Martin Luther"), in_spoken_order("Anna")
    ('Ada Lind', 'Martin Luther King, Jr.', 'Anna')
    """
    parts = [part.strip() for part in name.split(",")]
    suffixes = [part for part in parts[1:] if part.casefold() in _SUFFIXES]
    plain = [part for part in parts if part not in suffixes]
    if len(plain) != 2 or not all(plain):
        return name
    return ", ".join([f"{plain[1]} {plain[0]}", *suffixes])
