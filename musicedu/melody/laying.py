"""The measures of a melody: where they lie by its metres, its anacrusis and its irregular measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from musicedu.melody.marks import IrregularAt, MetreAt
from musicedu.melody.metre import Metre


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a melody: its number (0 for an anacrusis), where it is, how long it lasts, and its metre.

    `is_irregular`: longer or shorter than its metre and neither the anacrusis nor a last measure that ends early; its
    beats are counted from its barline, and go on as in the next measure where it is long.
    """

    number: int
    onset: Fraction
    duration: Fraction
    metre: Metre
    is_irregular: bool = False

    @property
    def offset(self) -> Fraction:
        return self.onset + self.duration

    @property
    def shift(self) -> Fraction:
        """How far into a full measure this one begins: above 0 only for an anacrusis."""
        return self.metre.duration - self.duration if self.number == 0 else Fraction(0)

    @property
    def beat_onsets(self) -> tuple[Fraction, ...]:
        """Where the felt beats of this measure begin, in quarter notes from the start of the piece."""
        first, length = self.onset - self.shift, self.metre.duration
        starts = [first + lap * length for lap in range(-(-self.duration // length))] if self.is_irregular else [first]
        onsets = (start + onset for start in starts for onset in self.metre.beat_onsets)
        return tuple(onset for onset in onsets if self.onset <= onset < self.offset)

    @property
    def downbeat(self) -> Fraction | None:
        """The onset of the first beat of its metre; None where the measure is cut short before it."""
        return None if self.shift else self.onset


LONGEST_IRREGULAR = 64
"""How many measures of its metre an irregular measure may last."""


def lay(
    metres: Sequence[MetreAt], anacrusis: Fraction, irregular: Sequence[IrregularAt], duration: Fraction
) -> tuple[Measure, ...]:
    """The measures of so many quarter notes, in order; `ValueError` for a metre or a measure that is not at a barline.

    An irregular measure that would be as long without being called so, that holds whole measures of its metre, that
    ends after the end, or that is a short first one (an anacrusis), is an error too: so that there is one way to say
    where the barlines are.
    """
    measures: list[Measure] = []
    changes, unusual = list(metres), list(irregular)
    position, metre, number = Fraction(0), metres[0].metre, 0 if anacrusis else 1
    while position < duration:
        while changes and changes[0].onset <= position:
            if changes[0].onset not in (position, Fraction(0)):
                raise _not_at_barline("the metre changes", changes[0])
            metre = changes.pop(0).metre
        is_irregular = bool(unusual) and number > 0 and unusual[0].onset == position
        length = min(metre.duration if number else anacrusis, duration - position)
        if is_irregular:
            length = _checked(unusual.pop(0), metre, duration).duration
        measures.append(Measure(number, position, length, metre, is_irregular))
        position, number = position + length, number + 1
    if any(change.onset for change in changes):
        raise _not_at_barline("the metre changes", changes[-1])
    if unusual:
        raise _not_at_barline("an irregular measure stands", unusual[0])
    return tuple(measures)


def _checked(found: IrregularAt, metre: Metre, end: Fraction) -> IrregularAt:
    where = f"the irregular measure at {found.onset}"
    if found.duration % metre.duration == 0:
        raise ValueError(f"{where} holds whole measures of {metre}, so it is none")
    if found.duration > LONGEST_IRREGULAR * metre.duration:
        raise ValueError(f"{where} lasts longer than {LONGEST_IRREGULAR} measures of {metre}")
    if found.onset + found.duration > end:
        raise ValueError(f"{where} ends after the end of the melody ({end})")
    if found.duration < metre.duration and found.onset + found.duration == end:
        raise ValueError(f"{where} is the last one, which may end early, so it is none")
    if found.duration < metre.duration and not found.onset:
        raise ValueError(f"{where} is an anacrusis")
    return found


def _not_at_barline(what: str, found: MetreAt | IrregularAt) -> ValueError:
    return ValueError(f"{what} at {found.onset}, which is not a barline")
