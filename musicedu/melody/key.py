"""Keys: a signature and a mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from musicedu.pitch import Spelling, spell

Mode = Literal["major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian"]

MODES: tuple[Mode, ...] = get_args(Mode)
_TONIC_FIFTHS: dict[Mode, int] = {
    "lydian": -1, "major": 0, "mixolydian": 1, "dorian": 2, "minor": 3, "phrygian": 4, "locrian": 5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its signature in sharps (flats negative) and its mode.

    >>> Key.parse("D minor"), Key.parse("Eb").name
    (Key(fifths=-1, mode='minor'), 'Eb major')
    """

    fifths: int
    mode: Mode = "major"

    def __post_init__(self) -> None:
        if not -7 <= self.fifths <= 7:
            raise ValueError(f"fifths must be from -7 to 7, not {self.fifths}")
        if self.mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, not {self.mode!r}")

    @property
    def tonic(self) -> Spelling:
        """The tonic, in the octave above middle C."""
        place = self.fifths + _TONIC_FIFTHS[self.mode]
        return Spelling.from_fifths(place, 60 + (7 * place) % 12)

    @property
    def tonic_pitch_class(self) -> int:
        return self.tonic.pitch % 12

    @property
    def is_minor(self) -> bool:
        """Whether the third above the tonic is minor."""
        return self.mode in ("minor", "dorian", "phrygian", "locrian")

    @property
    def signature(self) -> dict[str, int]:
        """The letters that the signature alters, in the order they are written, and by how many semitones.

        >>> Key(-2).signature
        {'B': -1, 'E': -1}
        """
        letters, alter = ("FCGDAEB", 1) if self.fifths > 0 else ("BEADGCF", -1)
        return dict.fromkeys(letters[: abs(self.fifths)], alter)

    @property
    def scale(self) -> frozenset[int]:
        """The seven pitch classes of the signature."""
        return frozenset((7 * place) % 12 for place in range(self.fifths - 1, self.fifths + 6))

    @property
    def name(self) -> str:
        tonic = self.tonic
        return f"{str(tonic)[:-1]} {self.mode}"

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read `C`, `Bb major`, `F# minor`, `Am` or `D dorian`."""
        words = text.strip().replace("♯", "#").replace("♭", "b").split()
        if len(words) == 1 and words[0].endswith("m") and len(words[0]) > 1:
            words = [words[0][:-1], "minor"]
        mode = words[1].lower() if len(words) == 2 else "major"
        if not 1 <= len(words) <= 2 or mode not in _TONIC_FIFTHS:
            raise ValueError(f"expected a key such as 'G', 'Bb major' or 'F# minor', not {text!r}")
        try:
            place = Spelling.parse(words[0] + "4").fifths
        except ValueError:
            raise ValueError(f"expected a key such as 'G', 'Bb major' or 'F# minor', not {text!r}") from None
        fifths = place - _TONIC_FIFTHS[mode]
        if not -7 <= fifths <= 7:
            raise ValueError(f"{text!r} would need {abs(fifths)} sharps or flats; a signature has 7 at most")
        return cls(fifths, mode)

    def has(self, note: Spelling) -> bool:
        """Whether a note is written without an accidental under the signature.

        >>> Key(1).has(Spelling.parse("F#4")), Key(1).has(Spelling.parse("Gb4"))
        (True, False)
        """
        return self.fifths - 1 <= note.fifths <= self.fifths + 5

    def is_leading_note(self, note: Spelling) -> bool:
        """Whether a note is the raised seventh of a minor key.

        >>> Key(0, "minor").is_leading_note(Spelling.parse("G#4"))
        True
        """
        return self.is_minor and note.fifths == self.tonic.fifths + 5

    def spell(self, pitch: int) -> Spelling:
        """Spell a MIDI pitch as is usual in this key."""
        return spell(pitch, self.fifths, minor=self.is_minor)


def transposed_key(key: Key, semitones: int) -> Key:
    """The key `semitones` away with the fewest sharps or flats (sharps where it is a tie); octaves keep the key."""
    if semitones % 12 == 0:
        return key
    wanted = (7 * semitones) % 12  # 7 is its own inverse modulo 12
    candidates = [fifths for fifths in range(-7, 8) if (fifths - key.fifths - wanted) % 12 == 0]
    return Key(min(candidates, key=lambda fifths: (abs(fifths), -fifths)), key.mode)


def key_moved_by_fifths(key: Key, shift: int) -> Key:
    """The key `shift` places along the line of fifths, or its enharmonic twin where a signature would pass 7."""
    fifths = key.fifths + shift
    while fifths > 7:
        fifths -= 12
    while fifths < -7:
        fifths += 12
    return Key(fifths, key.mode)
