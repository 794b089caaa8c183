"""What comes of reading a file: the melody, and what had to be chosen, mended or passed over on the way.

One of several lines of a file (parts, voices, tracks or tunes) is chosen by its number or by its name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum

from musicedu.errors import FileProblem
from musicedu.melody import Melody

_MOST_LISTED = 12
_MOST_LETTERS = 60  # of a name, in a message
_NEAR_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Choice:
    """Which line of a file is wanted, each a number from 1 or a name; None where the reader is to choose.

    part: a part of MusicXML, a track of MIDI; voice: a voice inside it, or of ABC; tune: a tune of an ABC book.
    """

    part: int | str | None = None
    voice: int | str | None = None
    tune: int | str | None = None


ANY_LINE = Choice()
"""Nothing is chosen: the reader takes what it thinks best, and says so."""


class NotOneLine(StrEnum):
    """What keeps a piece from being a single line in one metre; its value is how an account of many pieces calls it."""

    CHORDS = "chords"
    VOICES = "several voices"
    NO_SUCH_VOICE = "no such voice"
    NO_METRE = "no metre"
    NO_NOTES = "no notes"
    KEY = "unusual key signature"


@dataclass(frozen=True, slots=True)
class Simplified:
    """What was left away to have a single line: the kind of thing, and it in words."""

    kind: NotOneLine
    words: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A melody as it was read, and `notices`: sentences for people, one for each thing that is not as in the file.

    passed_over: those of the notices that say what could not be read and is missing in the melody.
    """

    melody: Melody
    notices: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()

    def noting(self, notices: Iterable[str]) -> Reading:
        """The same with more notices, none of them twice."""
        return replace(self, notices=tuple(dict.fromkeys((*self.notices, *notices))))


def counted(n: int, noun: str) -> str:
    """A number and a noun, as a notice has them.

    >>> counted(1, "chord"), counted(1200, "chord")
    ('1 chord', '1,200 chords')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def choose(
    names: Sequence[str],
    wanted: int | str | None,
    kind: str,
    best: int = 0,
    where: str = "",
    option: str = "",
    numbers: Sequence[str] = (),
) -> tuple[int, tuple[str, ...]]:
    """The place, from 0, of the line to take, and what is to be said of it: which it is, where that was not plain.

    wanted: a number from 1, a name, or None for the line at `best`; kind: what the lines are, "part", "voice", "track"
    or "tune"; option: the argument of `load_melody`, and option of `musicedu check`, that chooses, by default `kind`;
    numbers: those of the lines where they have their own, as tunes have. Raises what `chosen` does.

    >>> choose(["Flute", "Piano"], None, "part")
    (0, ('Took part 1, Flute, of 2: 1 Flute, 2 Piano. Choose with --part (in Python part=)',))
    >>> choose(["Flute", "Piano"], "piano", "part")
    (1, ())
    """
    place = best if wanted is None else chosen(names, wanted, kind, where, numbers)
    alike = [name for name in names if _plain(name) == _plain(names[place])]
    is_plain = not isinstance(wanted, str) or wanted.strip().isdecimal() or _plain(wanted) == _plain(names[place])
    if len(names) == 1 or (wanted is not None and is_plain and (len(alike) == 1 or not isinstance(wanted, str))):
        return place, ()
    return place, (took(names, place, kind, option, numbers),)


def chosen(names: Sequence[str], wanted: int | str, kind: str, where: str = "", numbers: Sequence[str] = ()) -> int:
    """The place, from 0, of the line that somebody asks for by its number from 1 or by its name.

    kind: what the lines are, "part", "voice", "track" or "tune". A name is found whatever its case and accents, and
    by its beginning or a word of it where only one name has that; the first of several with one name is taken.
    Raises `FileProblem` that lists what is there.

    >>> chosen(["Flöte", "Klavier"], "flote", "part"), chosen(["Flöte", "Klavier"], "2", "part")
    (0, 1)
    """
    asked = str(wanted).strip()
    by_name = _found(names, asked) if isinstance(wanted, str) else None
    if by_name is not None:
        return by_name
    if re.fullmatch(r"\d{1,9}", asked) and numbers and str(int(asked)) in numbers:
        return numbers.index(str(int(asked)))
    if re.fullmatch(r"\d{1,9}", asked) and not numbers and 1 <= int(asked) <= len(names):
        return int(asked) - 1
    there = listed(names, numbers)
    known = f"The {kind}s are {there}" if len(names) > 1 else f"There is one {kind}"
    known += f": {there}" if len(names) == 1 and names[0] else ""
    plain = {_plain(name): name for name in reversed(names)}
    is_number = re.fullmatch(r"-?\d+", asked) is not None
    close = [] if is_number else get_close_matches(_plain(asked)[:100], plain, n=2, cutoff=_NEAR_ENOUGH)
    meant = f"Did you mean {' or '.join(repr(_short(plain[name])) for name in close)}? " if close else ""
    named = repr(_short(asked)) if isinstance(wanted, str) else _short(asked)
    raise FileProblem(f"there is no {kind} {named}", where=where, remedy=f"{meant}{known}")


def listed(names: Sequence[str], numbers: Sequence[str] = ()) -> str:
    """The lines of a file with their numbers, for messages; of many only the first.

    >>> listed(["Flute", "Piano"])
    '1 Flute, 2 Piano'
    """
    counted = numbers or [str(place) for place in range(1, len(names[:_MOST_LISTED]) + 1)]
    shown = [f"{number} {_short(name)}".strip() for number, name in zip(counted, names[:_MOST_LISTED], strict=False)]
    return ", ".join(shown) + (f", … ({len(names)} in all)" if len(names) > _MOST_LISTED else "")


def took(names: Sequence[str], place: int, kind: str, option: str = "", numbers: Sequence[str] = ()) -> str:
    """The notice that one line of several was taken, and how to choose another.

    option: the argument of `load_melody` and option of `musicedu check` that chooses; by default it is called as the
    lines are.

    >>> took(["Flute", "Piano"], 0, "part")
    'Took part 1, Flute, of 2: 1 Flute, 2 Piano. Choose with --part (in Python part=)'
    """
    option = option or kind
    name = f", {_short(names[place])}," if names[place] else ""
    return (
        f"Took {kind} {numbers[place] if numbers else place + 1}{name} of {len(names)}: {listed(names, numbers)}."
        f" Choose with --{option} (in Python {option}=)"
    )


def _found(names: Sequence[str], asked: str) -> int | None:
    """The place of the name that is asked for: as it is, without case and accents, by its beginning, by a word."""
    if asked in names:
        return names.index(asked)
    plain, wanted = [_plain(name) for name in names], _plain(asked)
    if not wanted:
        return None
    if wanted in plain:
        return plain.index(wanted)
    if wanted.isdecimal():
        return None  # a number that no name is: "2" is the second, not the one called "Violin 2"
    tests: tuple[Callable[[str], bool], ...] = (
        lambda name: name.startswith(wanted),
        lambda name: f" {wanted}" in f" {name}",
    )
    for holds in tests:
        fitting = {name for name in plain if holds(name)}
        if len(fitting) == 1:
            return plain.index(fitting.pop())
    return None


def _plain(name: str) -> str:
    """A name as it is compared: no case, no accents, single spaces."""
    letters = unicodedata.normalize("NFKD", name[:1000].casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def _short(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
