"""What comes of reading a file: the melody, and what had to be chosen, mended or passed over on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from musicedu.melody import Melody


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
