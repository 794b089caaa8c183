"""The metre as a tree of spans, and how one sounding piece is cut into values that leave the tree visible."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate

from musicedu.melody import Metre
from musicedu.notation.symbols import SHORTEST, value_of

Stretch = tuple[Fraction, Fraction]  # onset and offset, in quarter notes from the start of the measure
Counts = tuple[Fraction | int, Fraction | int]

# What may hide the middle of a span of two equal halves, as onset and offset in quarters of that span: long-short,
# short-long-short, short-long. The last one is not written over a measure of four beats.
_OVER_TWO: set[Counts] = {(0, 3), (1, 3), (1, 4)}
_OVER_FOUR: set[Counts] = {(0, 3), (1, 3)}
# The same over two neighbours of three, in halves of one of them: dotted and syncopated, never short-long, which in
# three would pass for two dotted beats.
_OVER_THREE: set[Counts] = {(0, 3), (1, 3), (2, 5), (3, 5)}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a measure with its parts; without parts it divides into halves. `is_beat`: felt as one beat."""

    onset: Fraction
    duration: Fraction
    parts: tuple[Span, ...] = ()
    is_beat: bool = False

    @property
    def offset(self) -> Fraction:
        return self.onset + self.duration

    @property
    def divisions(self) -> tuple[Span, ...]:
        """The parts, or the two halves."""
        if self.parts:
            return self.parts
        half = self.duration / 2
        return Span(self.onset, half), Span(self.onset + half, half)


def is_power_of_two(duration: Fraction) -> bool:
    """Whether a duration is a plain note value: 4, 2, 1, 1/2, …"""
    return duration.numerator & (duration.numerator - 1) == 0 and duration.denominator & (duration.denominator - 1) == 0


def row(onset: Fraction, durations: tuple[Fraction, ...], *, is_beat: bool = False) -> Span:
    """A span of parts of the given durations, each divided in three or in halves as its length asks."""
    onsets = accumulate(durations[:-1], initial=onset)
    return joined([_beat(start, duration) for start, duration in zip(onsets, durations, strict=True)], is_beat=is_beat)


def joined(parts: list[Span], *, is_beat: bool = False) -> Span:
    """One span over neighbouring parts."""
    duration = sum((part.duration for part in parts), Fraction(0))
    return parts[0] if len(parts) == 1 else Span(parts[0].onset, duration, tuple(parts), is_beat)


def _beat(onset: Fraction, duration: Fraction) -> Span:
    if is_power_of_two(duration):
        return Span(onset, duration, is_beat=True)
    if is_power_of_two(duration / 3):
        return row(onset, (duration / 3,) * 3, is_beat=True)
    unit = Fraction(1, duration.denominator)
    return row(onset, (unit,) * int(duration / unit), is_beat=True)


@lru_cache(maxsize=256)
def metre_tree(metre: Metre) -> Span:
    """The measure of a metre as a tree: 4/4 is 2+2 beats, 6/4 3+3, 5/4 3+2, 7/4 (2+2)+3, others a row."""
    beats = [*row(Fraction(0), metre.beats).divisions] if len(metre.beats) > 1 else [_beat(Fraction(0), metre.duration)]
    if len(set(metre.beats)) > 1:
        return joined(beats)
    groups = {4: (2, 2), 5: (3, 2), 6: (3, 3), 7: (4, 3), 8: (4, 4)}.get(len(beats), (len(beats),))
    return joined(_grouped(beats, groups))


@lru_cache(maxsize=256)
def measure_tree(metre: Metre, duration: Fraction) -> Span:
    """The tree of a measure that lasts so long: that of its metre, repeated as far as a longer one needs it."""
    tree = metre_tree(metre)
    laps = -(-duration // tree.duration)
    return tree if laps <= 1 else joined([_moved(tree, lap * tree.duration) for lap in range(laps)])


def _moved(span: Span, later: Fraction) -> Span:
    return Span(span.onset + later, span.duration, tuple(_moved(part, later) for part in span.parts), span.is_beat)


def _grouped(beats: list[Span], sizes: tuple[int, ...]) -> list[Span]:
    if len(sizes) == 1:
        return beats
    groups, rest = [], beats
    for size in sizes:
        inner = _grouped(rest[:size], (2, 2) if size == 4 else (size,))
        groups.append(joined(inner))
        rest = rest[size:]
    return groups


def cut(piece: Stretch, span: Span, *, is_rest: bool) -> tuple[Stretch, ...] | None:
    """Cut a piece into stretches of one written value each; None if it takes something shorter than a 64th."""
    onset, offset = piece
    if value_of(offset - onset) is not None and _stands(piece, span, is_rest):
        return (piece,)
    if span.duration <= SHORTEST:
        return None
    for part in span.divisions:
        if part.onset <= onset and offset <= part.offset:
            return cut(piece, part, is_rest=is_rest)
    where = _division(piece, span, is_rest)
    before, after = cut((onset, where), span, is_rest=is_rest), cut((where, offset), span, is_rest=is_rest)
    return None if before is None or after is None else before + after


def _division(piece: Stretch, span: Span, is_rest: bool) -> Fraction:
    """Where to cut: the middle of two; else show the next beat if the piece begins off it, the last one if not."""
    onset, offset = piece
    edges = [part.onset for part in span.divisions]
    inside = [edge for edge in edges if onset < edge < offset]
    return inside[0] if is_rest or onset not in edges else inside[-1]


def _stands(piece: Stretch, span: Span, is_rest: bool) -> bool:
    """Whether the piece may be one symbol although it crosses a division of the span (or is the span)."""
    onset, offset = piece
    if (onset, offset) == (span.onset, span.offset):
        return True
    parts = span.divisions
    edges = [part.onset for part in parts] + [span.offset]
    is_plain = is_power_of_two(parts[0].duration)
    if is_rest:  # a rest never hides a beat; inside a beat of three it may fill the first two
        return span.is_beat and len(parts) == 3 and is_plain and (onset, offset) == (edges[0], edges[2])
    is_even = len({part.duration for part in parts}) == 1
    if is_even and len(parts) == 2:
        quarters = _counted(piece, span.onset, span.duration / 4)
        if is_plain:
            return quarters in (_OVER_TWO if span.duration < 4 else _OVER_FOUR)
        return quarters == (1, 3) and len(parts[0].parts) == 2
    if is_even and len(parts) == 3 and is_plain:
        halves = _counted(piece, span.onset, parts[0].duration / 2)
        return halves in _OVER_THREE or (onset in edges and offset in edges)
    return onset in edges and offset in edges


def _counted(piece: Stretch, origin: Fraction, unit: Fraction) -> Counts:
    return (piece[0] - origin) / unit, (piece[1] - origin) / unit
