"""Chords: three notes heard as one, and where they stand in a piece."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from musicedu.pitch import Spelling

ROOT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_THIRDS = {"major": 4, "minor": 3}


@dataclass(frozen=True, slots=True)
class Chord:
    """A major or minor triad.

    root: pitch class of its lowest note in root position, 0 (C) to 11; quality: "major" or "minor".

    >>> Chord(9, "minor").name, Chord(9, "minor").label
    ('Am', 'A:min')
    """

    root: int
    quality: str = "major"

    def __post_init__(self) -> None:
        if not 0 <= self.root <= 11:
            raise ValueError(f"root must be a pitch class from 0 to 11, not {self.root}")
        if self.quality not in _THIRDS:
            raise ValueError(f"quality must be 'major' or 'minor', not {self.quality!r}")

    @property
    def pitch_classes(self) -> tuple[int, int, int]:
        """Root, third and fifth as pitch classes."""
        return self.root, (self.root + _THIRDS[self.quality]) % 12, (self.root + 7) % 12

    @property
    def name(self) -> str:
        """As a lead sheet has it: `C`, `Am`, `Bb`."""
        return ROOT_NAMES[self.root] + ("m" if self.quality == "minor" else "")

    @property
    def label(self) -> str:
        """As Harte (2010) and mir_eval write it: `C:maj`, `A:min`."""
        return f"{ROOT_NAMES[self.root]}:{self.quality[:3]}"

    @classmethod
    def parse(cls, name: str) -> Chord:
        """Read a name as a lead sheet has it: `C`, `Am`, `Bb`, `F#m`; `ValueError` for anything else.

        >>> Chord.parse("F#m")
        Chord(root=6, quality='minor')
        """
        letters = name.strip().replace("♯", "#").replace("♭", "b")
        root, quality = (letters[:-1], "minor") if letters.endswith("m") else (letters, "major")
        try:
            return cls(Spelling.parse(root + "4").pitch % 12, quality)
        except ValueError:
            raise ValueError(f"expected a chord such as 'C', 'Bb' or 'F#m', not {name!r}") from None


@dataclass(frozen=True, slots=True)
class ChordAt:
    """A chord that sounds from an onset on (quarter notes), until the next one or the end of the piece."""

    onset: Fraction
    chord: Chord
