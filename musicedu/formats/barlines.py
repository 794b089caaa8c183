"""Where the measures of a tune lie: what a file says of barlines, brought together with its metres.

The metre that is written stays. A measure that is longer or shorter is kept as an irregular one, and said; what is no
measure of its own is understood first: ABC leaves barlines out at the end of a line, a repeat sign may stand inside a
measure, and MIDI has metres and no barlines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from musicedu.melody import IrregularAt, Measure, Melody, Metre, MetreAt
from musicedu.melody.laying import LONGEST_IRREGULAR

_FEWEST_ALIKE = 4
_SHARE_ALIKE = Fraction(3, 4)
_MOST_NAMED = 3
_UNITS = {
    Fraction(2): "half notes", Fraction(1): "beats", Fraction(1, 2): "eighths", Fraction(1, 4): "sixteenths",
    Fraction(1, 8): "thirty-seconds",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """The metres from where they hold, the anacrusis, the irregular measures, and what is to be said of the metres."""

    metres: tuple[MetreAt, ...]
    anacrusis: Fraction = Fraction(0)
    irregular: tuple[IrregularAt, ...] = ()
    notices: tuple[str, ...] = ()


def lay_measures(
    declared: Sequence[MetreAt],
    barlines: Collection[Fraction],
    end: Fraction,
    *,
    onsets: Collection[Fraction] = (),
) -> Layout:
    """Find the measures of a tune from its metres and barlines, all in quarter notes from the start.

    A short first measure is an anacrusis; a last one may end early. Neighbours that fill one measure between them, as
    at a repeat sign after an upbeat, are one; one that holds whole measures is several; all others that do not fit are
    irregular. Where all measures have another length, that is their metre, whatever is written; `onsets` of notes tell
    6/8 from 3/4. A metre with no barline up to the next one, as in MIDI, is laid out in full measures, the last of
    them cut short. A metre that is given again parts the measures before it from those after it, and is no change.
    """
    metres: list[MetreAt] = []
    irregular: list[IrregularAt] = []
    notices: list[str] = []
    anacrusis = Fraction(0)
    marks = sorted({*barlines})
    for change, following in zip(declared, [*declared[1:], None], strict=True):
        stop = following.onset if following else end
        inside = marks[bisect_right(marks, change.onset) : bisect_right(marks, stop)]
        cuts = inside if stop in inside[-1:] else [*inside, stop]
        position, metre = change.onset, change.metre
        found = _metre_of_all(cuts, change, onsets) if inside else None
        if found is not None:
            metre = found
            notices.append(f"The measures last as in {found}, not as in {change.metre}: read in {found}")
        if not metres or metres[-1].metre != metre:
            metres.append(MetreAt(change.onset, metre))
        if position == 0 and cuts[0] < min(metre.duration, end):
            position = anacrusis = cuts[0]
            cuts = cuts[1:]
        if inside:
            unusual = _irregular(position, cuts, metre, end, anacrusis if change.onset == 0 else Fraction(0))
            # Where no barline ends the piece, one before may be missing too.
            is_ended = inside[-1] == stop
            irregular += [one for one in unusual if is_ended or one.onset + one.duration < end]
        elif stop < end and (surplus := (stop - position) % metre.duration):
            irregular.append(IrregularAt(stop - surplus, surplus))
    return Layout(tuple(metres), anacrusis, tuple(irregular), tuple(notices))


def metres_again(melody: Melody) -> tuple[MetreAt, ...]:
    """The metres that a writer gives again so that a reader keeps irregular measures as they are (`lay_measures`).

    Two neighbours would be joined; a last measure that fills whole ones with the anacrusis would be parted.
    """
    return tuple(
        MetreAt(after.onset, after.metre)
        for before, after in pairwise(melody.measures)
        if before.metre == after.metre
        and after.duration != after.metre.duration
        and (
            before.is_irregular
            or (after.offset == melody.duration and _fills(after.duration, after.metre, melody.anacrusis))
        )
    )


def irregular_notices(melody: Melody) -> tuple[str, ...]:
    """One sentence that names the irregular measures of a melody, the first few of many; none without any.

    >>> from dataclasses import replace
    >>> tune = Melody.from_text("C4:3 D4:2 E4:3", metre="3/4")
    >>> irregular_notices(replace(tune, irregular=(IrregularAt(Fraction(3), Fraction(2)),)))
    ('Measure 2 lasts 2 beats of 3: kept as it is',)
    """
    found = [measure for measure in melody.measures if measure.is_irregular]
    if not found:
        return ()
    named = [_lasting(found[0]), *(_lasting(after, before) for before, after in pairwise(found[:_MOST_NAMED]))]
    if len(found) > _MOST_NAMED:
        listed = ", ".join(named)
        return (f"{len(found)} measures are longer or shorter than their metre ({listed}, …): kept as they are",)
    listed = " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
    return (f"{listed[0].upper()}{listed[1:]}: kept as {'it is' if len(found) == 1 else 'they are'}",)


def _lasting(measure: Measure, before: Measure | None = None) -> str:
    """`measure 5 lasts 2 beats of 3`, in the largest value that counts both; shorter after one counted alike."""
    said, unit = f"measure {measure.number} lasts", _counted_in(measure)
    if unit is None:
        return f"{said} {float(measure.duration):.4g} quarter notes of {float(measure.metre.duration):g}"
    if before is not None and before.metre == measure.metre and _counted_in(before) == unit:
        return f"{said} {measure.duration / unit}"
    return f"{said} {measure.duration / unit} {_UNITS[unit]} of {measure.metre.duration / unit}"


def _counted_in(measure: Measure) -> Fraction | None:
    units = [measure.metre.unit, *_UNITS]
    return next((u for u in units if u in _UNITS and measure.duration % u == measure.metre.duration % u == 0), None)


def _irregular(
    position: Fraction,
    cuts: Sequence[Fraction],
    metre: Metre,
    end: Fraction,
    anacrusis: Fraction,
) -> list[IrregularAt]:
    """The measures from `position` to the last of the barlines `cuts` that do not fit."""
    found: list[IrregularAt] = []
    place = 0
    while place < len(cuts):
        cut = cuts[place]
        length = cut - position
        surplus = length % metre.duration
        joined = _completed(position, cuts[place + 1 : place + 4], metre) if surplus else None
        if joined is not None:
            place, cut = cuts.index(joined, place), joined
        elif surplus and not (cut == end and _may_end_so(length, metre, anacrusis)):
            found.append(IrregularAt(position, length))
        position, place = cut, place + 1
    return found


def _may_end_so(length: Fraction, metre: Metre, anacrusis: Fraction) -> bool:
    """Whether a last stretch ends early, fills measures together with the anacrusis, or is too long for one measure."""
    is_long = length > LONGEST_IRREGULAR * metre.duration
    return length < metre.duration or is_long or _fills(length, metre, anacrusis)


def _fills(length: Fraction, metre: Metre, anacrusis: Fraction) -> bool:
    return length > metre.duration and (length + anacrusis) % metre.duration == 0


def _completed(position: Fraction, cuts: Sequence[Fraction], metre: Metre) -> Fraction | None:
    """The barline soon after a misplaced one at which whole measures have gone by since `position`, if there is one."""
    if cuts and not (cuts[0] - position) % metre.duration:
        return cuts[0]
    return next((cut for cut in cuts if cut - position == metre.duration), None)


def _metre_of_all(cuts: Sequence[Fraction], declared: MetreAt, onsets: Collection[Fraction]) -> Metre | None:
    """The metre that the measures have where none, or next to none, lasts as long as the written one; else None."""
    edges = [declared.onset, *cuts]
    lengths = [after - before for before, after in pairwise(edges)]
    if declared.metre.duration in lengths:
        return None
    length, count = Counter(lengths).most_common(1)[0]
    n_others = sum(other != length for other in lengths[1:-1])
    is_common = count >= _FEWEST_ALIKE and count >= _SHARE_ALIKE * (count + n_others)
    if not is_common or length % declared.metre.duration == 0:
        return None
    starts = [(edge, edge + length) for edge, after in pairwise(edges) if after - edge == length]
    return _metre_lasting(length, starts, onsets)


def _metre_lasting(
    length: Fraction, measures: Sequence[tuple[Fraction, Fraction]], onsets: Collection[Fraction]
) -> Metre | None:
    """The metre of measures that last so long: in dotted beats where notes rather begin on them, as in 6/8."""
    dotted, plain = (_begin(beat, measures, onsets) for beat in (Fraction(3, 2), Fraction(1)))
    if length % Fraction(3, 2) == 0 and dotted and dotted >= plain:
        numerator = length * 2
        return Metre(int(numerator), 8) if numerator <= 32 else None
    for denominator in (4, 8, 16, 32):
        numerator = length * denominator / 4
        if numerator.denominator == 1 and numerator <= 32:
            return Metre(int(numerator), denominator)
    return None


def _begin(beat: Fraction, measures: Sequence[tuple[Fraction, Fraction]], onsets: Collection[Fraction]) -> float:
    """The share of beats, but for the first of a measure, at which a note begins."""
    beats = [begin + beat * step for begin, end in measures for step in range(1, int((end - begin) / beat))]
    return sum(at in onsets for at in beats) / len(beats) if beats else 0.0
