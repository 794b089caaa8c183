"""Notes and the marks around them: what holds from where, and what stands on a note."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from musicedu.melody.key import Key
from musicedu.melody.metre import Metre
from musicedu.pitch import Spelling

ARTICULATIONS = ("staccato", "tenuto", "accent", "marcato", "fermata")
ORNAMENTS = ("trill", "mordent", "inverted-mordent", "turn")
DYNAMICS = ("pp", "p", "mp", "mf", "f", "ff")
HAIRPINS = ("crescendo", "diminuendo")


@dataclass(frozen=True, slots=True)
class Note:
    """One sounding note: when, how long (quarter notes), how it is spelled, and the marks on it."""

    onset: Fraction
    duration: Fraction
    spelling: Spelling
    marks: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not isinstance(self.onset, Fraction) or not isinstance(self.duration, Fraction):
            raise TypeError("onset and duration must be Fractions of a quarter note")
        if self.onset < 0:
            raise ValueError(f"onset must not be negative, not {self.onset}")
        if self.duration <= 0:
            raise ValueError(f"duration must be positive, not {self.duration}")
        unknown = self.marks - set(ARTICULATIONS) - set(ORNAMENTS)
        if unknown:
            raise ValueError(f"unknown marks {sorted(unknown)}; known are {', '.join(ARTICULATIONS + ORNAMENTS)}")

    @property
    def pitch(self) -> int:
        """The written MIDI pitch."""
        return self.spelling.pitch

    @property
    def offset(self) -> Fraction:
        """When the note ends, in quarter notes."""
        return self.onset + self.duration


@dataclass(frozen=True, slots=True)
class MetreAt:
    """A metre that holds from `onset` (a barline) on."""

    onset: Fraction
    metre: Metre


@dataclass(frozen=True, slots=True)
class IrregularAt:
    """A measure at `onset` (a barline) that lasts `duration` quarter notes, longer or shorter than its metre says."""

    onset: Fraction
    duration: Fraction

    def __post_init__(self) -> None:
        if self.duration <= 0:
            raise ValueError(f"an irregular measure must last longer than 0, not {self.duration}")


@dataclass(frozen=True, slots=True)
class KeyAt:
    """A key that holds from `onset` on."""

    onset: Fraction
    key: Key


@dataclass(frozen=True, slots=True)
class TempoAt:
    """A tempo mark at `onset`: quarter notes a minute (0 < tempo_bpm <= 1000) and the word beside it, if any."""

    onset: Fraction
    tempo_bpm: Fraction
    text: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.tempo_bpm <= 1000:
            raise ValueError(f"tempo_bpm must be above 0 and at most 1000, not {self.tempo_bpm}")


@dataclass(frozen=True, slots=True)
class Dynamic:
    """A dynamic mark (`pp` to `ff`) that holds from `onset` on."""

    onset: Fraction
    mark: str

    def __post_init__(self) -> None:
        if self.mark not in DYNAMICS:
            raise ValueError(f"dynamic must be one of {', '.join(DYNAMICS)}, not {self.mark!r}")


@dataclass(frozen=True, slots=True)
class Hairpin:
    """A crescendo or diminuendo from `onset` to `offset`."""

    onset: Fraction
    offset: Fraction
    kind: str

    def __post_init__(self) -> None:
        if self.kind not in HAIRPINS:
            raise ValueError(f"hairpin must be one of {', '.join(HAIRPINS)}, not {self.kind!r}")
        if self.offset <= self.onset:
            raise ValueError(f"a hairpin must end after it begins: {self.onset} to {self.offset}")


@dataclass(frozen=True, slots=True)
class Slur:
    """A slur from the note that begins at `onset` to the one that begins at `last_onset`."""

    onset: Fraction
    last_onset: Fraction

    def __post_init__(self) -> None:
        if self.last_onset <= self.onset:
            raise ValueError(f"a slur must reach a later note: {self.onset} to {self.last_onset}")
