"""`Symbol`, a note or rest as it stands on the staff, and the note values it may have."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

VALUES: dict[str, Fraction] = {
    "breve": Fraction(8), "whole": Fraction(4), "half": Fraction(2), "quarter": Fraction(1),
    "eighth": Fraction(1, 2), "16th": Fraction(1, 4), "32nd": Fraction(1, 8), "64th": Fraction(1, 16),
}  # fmt: skip
FLAGS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4}
SHORTEST = VALUES["64th"]

_WRITTEN = {value: (name, 0) for name, value in VALUES.items()} | {
    value * Fraction(3, 2): (name, 1) for name, value in VALUES.items() if name != "64th"
}


@dataclass(frozen=True, slots=True)
class Symbol:
    """One written note or rest.

    Parameters
    ----------
    onset, duration: quarter notes as they sound, so after a tuplet's scaling.
    note: index into `melody.notes`; None for a rest.
    value, dots: the note value, a key of `VALUES`, and its augmentation dots.
    tuplet: (actual, normal), such as (3, 2) for a triplet and (2, 3) for a duplet in compound time, or None.
    tied_from, tied_to: whether it continues the symbol before, and goes on in the one after.
    tuplet_begins, tuplet_ends: whether it is the first, the last of its tuplet.
    beams: for each level "begin", "continue", "end", "forward hook" or "backward hook"; empty for a flag or none.
    full_measure: a rest that fills its measure; it is written as a whole rest in every metre.
    """

    onset: Fraction
    duration: Fraction
    note: int | None
    value: str
    dots: int = 0
    tuplet: tuple[int, int] | None = None
    tied_from: bool = False
    tied_to: bool = False
    tuplet_begins: bool = False
    tuplet_ends: bool = False
    beams: tuple[str, ...] = ()
    full_measure: bool = False

    @property
    def offset(self) -> Fraction:
        """When the symbol ends, in quarter notes."""
        return self.onset + self.duration

    @property
    def is_rest(self) -> bool:
        return self.note is None

    @property
    def written(self) -> Fraction:
        """The duration that value, dots and tuplet spell, in quarter notes; the measure's for a full-measure rest."""
        if self.full_measure:
            return self.duration
        length = VALUES[self.value] * (2 - Fraction(1, 2**self.dots))
        return length if self.tuplet is None else length * self.tuplet[1] / self.tuplet[0]


@lru_cache(maxsize=1024)
def value_of(duration: Fraction) -> tuple[str, int] | None:
    """Name the note value and dots of a duration in quarter notes; None if it takes more than one symbol.

    >>> value_of(Fraction(3, 2)), value_of(Fraction(5, 4))
    (('quarter', 1), None)
    """
    return _WRITTEN.get(duration)
