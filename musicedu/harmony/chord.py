"""Chords: three notes heard as one, and where they stand in a piece."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from musicedu.melody import Key
from musicedu.pitch import Spelling

ROOT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
QUALITIES = {"major": (0, 4, 7), "minor": (0, 3, 7), "diminished": (0, 3, 6), "seventh": (0, 4, 7, 10)}
"""What a chord may be, and its notes in semitones above the root; `seventh` is the dominant seventh chord."""

_SUFFIXES = {"major": "", "minor": "m", "diminished": "dim", "seventh": "7"}
_HARTE = {"major": "maj", "minor": "min", "diminished": "dim", "seventh": "7"}


@dataclass(frozen=True, slots=True)
class Chord:
    """Three or four notes, named by the root they are stacked on.

    root: pitch class of its lowest note in root position, 0 (C) to 11; quality: a key of `QUALITIES`.

    >>> Chord(9, "minor").name, Chord(9, "minor").label
    ('Am', 'A:min')
    """

    root: int
    quality: str = "major"

    def __post_init__(self) -> None:
        if not 0 <= self.root <= 11:
            raise ValueError(f"root must be a pitch class from 0 to 11, not {self.root}")
        if self.quality not in QUALITIES:
            raise ValueError(f"quality must be one of {', '.join(QUALITIES)}, not {self.quality!r}")

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Root, third, fifth and, if it has one, seventh, as pitch classes."""
        return tuple((self.root + semitones) % 12 for semitones in QUALITIES[self.quality])

    @property
    def triad(self) -> Chord:
        """The chord without its seventh."""
        return Chord(self.root) if self.quality == "seventh" else self

    @property
    def name(self) -> str:
        """As a lead sheet has it: `C`, `Am`, `Bb`, `G7`, `F#dim`."""
        return ROOT_NAMES[self.root] + _SUFFIXES[self.quality]

    def name_in(self, key: Key) -> str:
        """As a lead sheet in a key has it, the root spelled as is usual there.

        >>> Chord(1, "minor").name, Chord(1, "minor").name_in(Key.parse("A"))
        ('Dbm', 'C#m')
        """
        return str(self.root_in(key))[:-1] + _SUFFIXES[self.quality]

    def root_in(self, key: Key) -> Spelling:
        """The root as it is spelled in a key, in the octave from middle C up."""
        return key.spell(60 + self.root)

    @property
    def label(self) -> str:
        """As Harte (2010) and mir_eval write it: `C:maj`, `A:min`, `G:7`."""
        return f"{ROOT_NAMES[self.root]}:{_HARTE[self.quality]}"

    @classmethod
    def parse(cls, name: str) -> Chord:
        """Read a name as a lead sheet has it: `C`, `Am`, `Bb`, `F#m`, `G7`, `Bdim`; `ValueError` for anything else.

        >>> Chord.parse("F#m"), Chord.parse("G7").quality
        (Chord(root=6, quality='minor'), 'seventh')
        """
        letters = name.strip().replace("♯", "#").replace("♭", "b")
        quality = next(
            (kind for kind in ("diminished", "seventh", "minor") if letters.endswith(_SUFFIXES[kind])), "major"
        )
        try:
            return cls(Spelling.parse(letters.removesuffix(_SUFFIXES[quality]) + "4").pitch % 12, quality)
        except ValueError:
            raise ValueError(f"expected a chord such as 'C', 'Bb', 'F#m' or 'G7', not {name!r}") from None


@dataclass(frozen=True, slots=True)
class ChordAt:
    """A chord that sounds from an onset on (quarter notes), until the next one or the end of the piece."""

    onset: Fraction
    chord: Chord
