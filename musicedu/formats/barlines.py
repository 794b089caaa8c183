"""Where the measures of a tune lie: what a file says of barlines, brought together with its metres.

ABC leaves measures to the hand of the writer: a barline may be missing at the end of a line, a repeat sign may stand
inside a measure, and a first ending may be cut short; MIDI has metres and no barlines. A `Melody` has measures that
fill their metre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from musicedu.errors import FileProblem
from musicedu.melody import Metre, MetreAt


@dataclass(frozen=True, slots=True)
class Layout:
    """The metres from where they hold, the anacrusis, and how many measures did not fit the metre that was given."""

    metres: tuple[MetreAt, ...]
    anacrusis: Fraction
    n_irregular: int


def lay_measures(declared: Sequence[MetreAt], barlines: Sequence[Fraction], end: Fraction, where: str = "") -> Layout:
    """Find the measures of a tune from its metres and barlines, all in quarter notes from the start.

    A short first measure is an anacrusis. Short measures that fill one between them (before and after a repeat sign)
    become one, a long one that holds whole measures is several. What still does not fit gets a metre of its own
    for that measure; `FileProblem` names the measure if there is no such metre.
    """
    metres: dict[Fraction, Metre] = {}
    anacrusis, n_irregular = Fraction(0), 0
    for index, change in enumerate(declared):
        stop = declared[index + 1].onset if index + 1 < len(declared) else end
        # `:|` and `||:` around one line break are one barline.
        cuts = [*sorted({barline for barline in barlines if change.onset < barline < stop}), stop]
        position, metre = change.onset, change.metre
        metres[position] = metre
        if position == 0 and cuts[0] < min(metre.duration, end):
            position = anacrusis = cuts.pop(0)
        while cuts:
            cut = cuts.pop(0)
            surplus = (cut - position) % metre.duration
            if cut == end or not surplus:
                position = cut
            elif (joined := _completed(position, cuts, metre)) is not None:
                position, cuts = joined, cuts[cuts.index(joined) + 1 :]
            else:
                start = max(position, cut - surplus - metre.duration)
                metres[start] = _metre_lasting(cut - start, metre, where, start)
                metres[cut] = metre
                position, n_irregular = cut, n_irregular + 1
    return Layout(_without_repetition(metres, {change.onset for change in declared}, end), anacrusis, n_irregular)


def _completed(position: Fraction, cuts: Sequence[Fraction], metre: Metre) -> Fraction | None:
    """The barline soon after a misplaced one at which whole measures have gone by since `position`, if there is one."""
    if cuts and not (cuts[0] - position) % metre.duration:
        return cuts[0]
    return next((cut for cut in cuts[:3] if cut - position == metre.duration), None)


def _metre_lasting(duration: Fraction, metre: Metre, where: str, onset: Fraction) -> Metre:
    for denominator in (metre.denominator, 4, 8, 16, 32):
        numerator = duration * denominator / 4
        if denominator >= metre.denominator and numerator.denominator == 1 and numerator <= 32:
            return Metre(int(numerator), denominator)
    raise FileProblem(
        f"the measure at quarter note {float(onset):g} lasts {duration} quarter notes, which no metre can name",
        where=where,
        remedy=f"Its metre is {metre}: look for a missing barline or a wrong note value there.",
    )


def _without_repetition(metres: dict[Fraction, Metre], declared: set[Fraction], end: Fraction) -> tuple[MetreAt, ...]:
    kept: list[MetreAt] = []
    for onset in sorted(metres):
        if onset < end and (onset in declared or kept[-1].metre != metres[onset]):
            kept.append(MetreAt(onset, metres[onset]))
    return tuple(kept)
