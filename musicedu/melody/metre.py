"""Metres: time signatures and the beats felt in them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

_DENOMINATORS = (1, 2, 4, 8, 16, 32)
_UNEVEN = {5: (3, 2), 7: (2, 2, 3), 8: (3, 3, 2), 10: (3, 2, 3, 2), 11: (3, 3, 3, 2), 13: (3, 3, 3, 2, 2)}


@dataclass(frozen=True, slots=True)
class Metre:
    """A time signature, with the grouping of its beats where it is uneven.

    >>> Metre(6, 8).beats
    (Fraction(3, 2), Fraction(3, 2))
    >>> Metre(5, 8).beats
    (Fraction(3, 2), Fraction(1, 1))
    """

    numerator: int
    denominator: int
    groups: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.numerator <= 32:
            raise ValueError(f"numerator must be from 1 to 32, not {self.numerator}")
        if self.denominator not in _DENOMINATORS:
            raise ValueError(f"denominator must be one of {_DENOMINATORS}, not {self.denominator}")
        if self.groups and sum(self.groups) != self.numerator:
            raise ValueError(f"groups must add up to {self.numerator}, not {self.groups}")

    @property
    def duration(self) -> Fraction:
        """How long a measure lasts, in quarter notes."""
        return Fraction(4 * self.numerator, self.denominator)

    @property
    def unit(self) -> Fraction:
        """The note value of the denominator, in quarter notes."""
        return Fraction(4, self.denominator)

    @property
    def is_compound(self) -> bool:
        """Whether beats divide by three: 6/8, 9/8, 12/8 (and 3/8, felt in one)."""
        return self.denominator >= 8 and self.numerator % 3 == 0 and not self.groups

    @property
    def beats(self) -> tuple[Fraction, ...]:
        """The durations of the felt beats, in quarter notes."""
        if self.groups:
            return tuple(n * self.unit for n in self.groups)
        if self.is_compound:
            return (3 * self.unit,) * (self.numerator // 3)
        if self.denominator >= 8 and self.numerator in _UNEVEN:
            return tuple(n * self.unit for n in _UNEVEN[self.numerator])
        if self.denominator >= 8 and self.numerator % 2 == 0:
            return (2 * self.unit,) * (self.numerator // 2)
        return (self.unit,) * self.numerator

    @property
    def beat_onsets(self) -> tuple[Fraction, ...]:
        """Where the felt beats begin, from the start of the measure, in quarter notes."""
        return tuple(accumulate(self.beats[:-1], initial=Fraction(0)))

    @classmethod
    def parse(cls, text: str) -> Metre:
        """Read a time signature such as `3/4`."""
        parts = text.strip().split("/")
        if len(parts) != 2 or not all(part.strip().isdecimal() for part in parts):
            raise ValueError(f"expected a metre such as 3/4 or 6/8, not {text!r}")
        return cls(int(parts[0]), int(parts[1]))

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"
