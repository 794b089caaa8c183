"""Where the reading of a part stands: exact positions, whatever the file's divisions rounded."""

from __future__ import annotations

from fractions import Fraction

from musicedu.formats.musicxml.durations import exact

LONGEST = 50_000
"""Quarter notes, about nine hours."""

_FINE = 32  # divisions a quarter note from which a place may be one or two of them off
_LARGEST_DENOMINATOR = 10**9


class Clock:
    """Moves through the measures of a part. All positions in quarter notes from the start of the part.

    The file's own count of divisions is kept beside the exact position, so that a backup to a place that notes have
    reached before comes back to that very place.
    """

    def __init__(self) -> None:
        self.divisions = Fraction(1)
        self.begins = Fraction(0)  # the measure
        self.at = Fraction(0)
        self.reached = Fraction(0)
        self._told = Fraction(0)  # as the file counts, from the beginning of the measure
        self._places: dict[Fraction, Fraction] = {}

    def begin_measure(self, length: Fraction) -> None:
        """Go to the barline `length` after the beginning of the measure before; `ValueError` beyond nine hours."""
        self.begins += length
        if self.begins > LONGEST:
            raise ValueError(f"the music is longer than {LONGEST:,} quarter notes")
        self.at = self.reached = self.begins
        self._told = Fraction(0)
        self._places = {Fraction(0): self.begins}

    def advance(self, number: Fraction | None, written: Fraction | None, *, fills_measure: bool = False) -> Fraction:
        """Move over a note or rest of so many divisions, and say how long it is; no number is what is written.

        fills_measure: a rest that lasts as long as its measure, whatever is written, and so does not say how long.
        """
        if number is None:
            number = (written or Fraction(0)) * self.divisions
        duration = exact(number, self.divisions, written)
        known = None if written else self._known(self._told + number / self.divisions)
        if known is not None and known > self.at:
            duration = known - self.at
        self._move_to(self._told + number / self.divisions, self.at + duration, is_reached=not fills_measure)
        return duration

    def forward(self, number: Fraction) -> None:
        """Skip so many divisions."""
        self.advance(number, None)

    def back(self, number: Fraction) -> None:
        """Go back so many divisions, to the beginning of the measure at most."""
        told = self._told - number / self.divisions
        known = self._known(told)
        if known is None:
            known = self.at - exact(number, self.divisions) if told > 0 else self.begins
        self._told, self.at = max(told, Fraction(0)), max(known, self.begins)

    def duration_of(self, number: Fraction, written: Fraction | None = None) -> Fraction:
        """So many divisions in quarter notes, or what is written where that is near."""
        return exact(number, self.divisions, written)

    def _move_to(self, told: Fraction, at: Fraction, *, is_reached: bool) -> None:
        if told.denominator > _LARGEST_DENOMINATOR:  # after many changes of the divisions inside one measure
            told = at - self.begins
        self._told, self.at = told, at
        self._places[told] = at
        if is_reached:
            self.reached = max(self.reached, at)
        if self.reached - self.begins > LONGEST:
            raise ValueError(f"the music is longer than {LONGEST:,} quarter notes")

    def _known(self, told: Fraction) -> Fraction | None:
        """A place that was reached before, as the file counts, or one or two divisions beside it."""
        if told in self._places or self.divisions < _FINE:
            return self._places.get(told)
        step = 1 / self.divisions
        near = (told + off * step for off in (1, -1, 2, -2))
        return next((self._places[place] for place in near if place in self._places), None)
