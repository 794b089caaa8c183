"""How long a note lasts and where the reading of a part stands, exactly, whatever the file's divisions rounded.

An exporter with 256 divisions a quarter note writes a triplet of eighths as 85, 85, 86, one with 1 division an eighth
as 0 or 1. The written value (type, dots and tuplet) is believed where the number lies within one division of it; else
the number, on the simplest grid that lies within a division of it.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from xml.etree.ElementTree import Element

from musicedu.formats.musicxml.tree import text_of
from musicedu.notation.symbols import VALUES

_TYPES = VALUES | {
    "1024th": Fraction(1, 256), "512th": Fraction(1, 128), "256th": Fraction(1, 64), "128th": Fraction(1, 32),
    "long": Fraction(16), "maxima": Fraction(32),
}  # fmt: skip
_MOST_DOTS = 4
_MOST_IN_TUPLET = 64
_WRITTEN = {1: 64, 3: 96, 5: 80, 7: 112, 9: 144}  # the largest denominator taken as written, by its odd part
_GRIDS = sorted(odd * 2**power for odd, most in _WRITTEN.items() for power in range(8) if odd * 2**power <= most)
_FINEST = 960  # steps a quarter note, for what lies on no grid
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{0,12})?|[.,]\d{1,12}|\d{1,6}/\d{1,6}")
LONGEST = 50_000
"""Quarter notes, about nine hours."""

_FINE = 32  # divisions a quarter note from which a place may be one or two of them off
_LARGEST_DENOMINATOR = 10**9


def written_duration(note: Element) -> Fraction | None:
    """What type, dots and time modification of a note spell, in quarter notes; None if there is no type."""
    value = text_of(note, "type")
    scaling = note.find("time-modification")
    actual, normal = (
        ("", "") if scaling is None else (text_of(scaling, "actual-notes"), text_of(scaling, "normal-notes"))
    )
    return _written(value[:10], len(note.findall("dot")), actual[:4], normal[:4])


def number_in(element: Element, path: str) -> Fraction | None:
    """A descendant's number that is not negative: `12`, `0.5`, `0,5` or `1/3`; None if it is no such thing."""
    return _number(text_of(element, path)[:40])


@lru_cache(maxsize=4096)
def _number(text: str) -> Fraction | None:
    if _NUMBER.fullmatch(text) is None:
        return None
    numerator, _, denominator = text.replace(",", ".").partition("/")
    if denominator:
        return Fraction(int(numerator), int(denominator)) if int(denominator) else None
    return Fraction(numerator)


@lru_cache(maxsize=4096)
def _written(name: str, dots: int, actual: str, normal: str) -> Fraction | None:
    value = _TYPES.get(name)
    return None if value is None else value * (2 - Fraction(1, 2 ** min(dots, _MOST_DOTS))) * _scale(actual, normal)


@lru_cache(maxsize=4096)
def exact(number: Fraction, divisions: Fraction, written: Fraction | None = None) -> Fraction:
    """The duration in quarter notes that `number` of so many divisions a quarter note means.

    >>> exact(Fraction(85), Fraction(256), Fraction(1, 3)), exact(Fraction(86), Fraction(256))
    (Fraction(1, 3), Fraction(1, 3))
    >>> exact(Fraction(0), Fraction(1), Fraction(1, 2)), exact(Fraction(2), Fraction(4), Fraction(1))
    (Fraction(1, 2), Fraction(1, 2))
    """
    told = number / divisions
    step = 1 / (divisions * number.denominator)
    if written is not None and _is_near(told, written, step):
        return written
    if told == 0 or _is_written(told):
        return told
    for grid in _GRIDS:
        near = Fraction(round(told * grid), grid)
        if near and abs(near - told) < step:
            return near
    return max(Fraction(round(told * _FINEST), _FINEST), Fraction(1, _FINEST))


def _is_near(told: Fraction, written: Fraction, step: Fraction) -> bool:
    """Whether a number may be the written value rounded: less than a division off, or a division of many."""
    distance = abs(told - written)
    return distance < step or (distance == step and step * 16 <= written)


def _is_written(duration: Fraction) -> bool:
    odd = duration.denominator
    while odd % 2 == 0:
        odd //= 2
    return duration.denominator <= _WRITTEN.get(odd, 0)


def _scale(actual: str, normal: str) -> Fraction:
    """Normal notes over actual ones of a tuplet; of nested tuplets the file gives the product."""
    if not (re.fullmatch(r"\d{1,3}", actual) and re.fullmatch(r"\d{1,3}", normal)):
        return Fraction(1)
    ratio = Fraction(max(int(normal), 1), max(int(actual), 1))
    return ratio if max(ratio.numerator, ratio.denominator) <= _MOST_IN_TUPLET else Fraction(1)


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
