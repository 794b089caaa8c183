"""Where a measure needs tuplets: the smallest spans whose odd divisions make the fewest symbols."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from musicedu.notation.spans import Span, Stretch, cut, is_power_of_two, joined, row
from musicedu.notation.symbols import SHORTEST

Pieces = tuple[tuple[Fraction, Fraction, bool], ...]  # onset, offset, is a rest


@dataclass(frozen=True, slots=True)
class Tuplet:
    """A span of the measure written as `actual` values in the time of `normal`."""

    onset: Fraction
    offset: Fraction
    actual: int
    normal: int

    @property
    def scale(self) -> Fraction:
        """Written duration for each sounding quarter."""
        return Fraction(self.actual, self.normal)

    def cut(self, onset: Fraction, offset: Fraction, is_rest: bool) -> tuple[Stretch, ...] | None:
        """Cut a piece inside the tuplet into stretches of one value each; None if that takes less than a 64th."""
        origin, scale = self.onset, self.scale
        tree = _tree((self.offset - origin) * scale, self.actual)
        written = cut(((onset - origin) * scale, (offset - origin) * scale), tree, is_rest=is_rest)
        if written is None:
            return None
        return tuple((origin + start / scale, origin + end / scale) for start, end in written)


@lru_cache(maxsize=256)
def _tree(duration: Fraction, parts: int) -> Span:
    return row(Fraction(0), (duration / parts,) * parts, is_beat=True)


def find_tuplets(span: Span, pieces: Pieces, *, is_compound: bool) -> tuple[Tuplet, ...] | None:
    """The tuplets a measure needs, in order; None if its pieces cannot be written with values down to the 64th."""
    edges = sorted({edge for onset, offset, _ in pieces for edge in (onset, offset)})
    inside = [edge for edge in edges if span.onset < edge < span.offset]
    if is_compound and _is_duplet(span, inside):
        return (Tuplet(span.onset, span.offset, 2, 3),)
    regular = all(is_dyadic(edge) for edge in inside)
    if not inside or (regular and (not is_compound or span.is_beat or is_power_of_two(span.duration))):
        return ()
    if span.duration < 2 * SHORTEST:
        return None
    options: list[tuple[Tuplet, ...]] = []
    for division in _divided(span):
        found = [find_tuplets(part, pieces, is_compound=is_compound) for part in division]
        if not any(each is None for each in found):
            options.append(tuple(tuplet for each in found if each for tuplet in each))
    options += [(tuplet,) for tuplet in _over(span, inside)]
    counts = [_count(span, pieces, option) for option in options]
    writable = [(count, rank) for rank, count in enumerate(counts) if count]
    return options[min(writable)[1]] if writable else None


def is_dyadic(edge: Fraction) -> bool:
    """Whether a position needs no tuplet: a whole number of 64ths."""
    return 16 % edge.denominator == 0


def _is_duplet(span: Span, inside: list[Fraction]) -> bool:
    """Whether a dotted beat is cut in its exact middle, and otherwise at most in the middles of those halves."""
    if not (span.is_beat and len(span.parts) == 3):
        return False
    quarters = {(edge - span.onset) * 4 / span.duration for edge in inside}
    return 2 in quarters and quarters <= {1, 2, 3}


def _over(span: Span, inside: list[Fraction]) -> list[Tuplet]:
    """The tuplets that may fill the span: one of its odd divisions is used and every edge lies on the finer grid."""
    tuplets = []
    for actual in (3, 5, 7):
        if is_power_of_two(span.duration):
            normal = {3: 2, 5: 4, 7: 4}[actual]
        elif actual == 5 and is_power_of_two(span.duration / 3):
            normal = 6
        else:
            continue
        scaled = [(edge - span.onset) / span.duration * actual for edge in inside]
        if any(edge.denominator == 1 for edge in scaled) and all(
            is_power_of_two(Fraction(1, e.denominator)) for e in scaled
        ):
            tuplets.append(Tuplet(span.onset, span.offset, actual, normal))
    return tuplets


def _divided(span: Span) -> list[tuple[Span, ...]]:
    """The ways to look inside a span: its parts, or of three parts two together, as a triplet over two beats."""
    parts = span.divisions
    if len(parts) != 3 or len({part.duration for part in parts}) > 1 or not is_power_of_two(parts[0].duration):
        return [parts]
    first, second, third = parts
    return [parts, (joined([first, second]), third), (first, joined([second, third]))]


def _count(span: Span, pieces: Pieces, tuplets: tuple[Tuplet, ...]) -> int:
    """How many symbols the span takes; 0 if it cannot be written so."""
    count = 0
    for onset, offset, is_rest in pieces:
        onset, offset = max(onset, span.onset), min(offset, span.offset)
        if onset < offset:
            written = cut_with_tuplets((onset, offset), span, tuplets, is_rest=is_rest)
            if written is None:
                return 0
            count += len(written)
    return count


def cut_with_tuplets(
    piece: Stretch, span: Span, tuplets: tuple[Tuplet, ...], *, is_rest: bool
) -> tuple[tuple[Fraction, Fraction, Tuplet | None], ...] | None:
    """Cut a piece at the edges of the tuplets and then into values; None if that takes less than a 64th."""
    written: list[tuple[Fraction, Fraction, Tuplet | None]] = []
    onset, end = piece
    while onset < end:
        inside = next((tuplet for tuplet in tuplets if tuplet.onset <= onset < tuplet.offset), None)
        if inside is None:
            offset = min([end, *(tuplet.onset for tuplet in tuplets if tuplet.onset > onset)])
            stretches = cut((onset, offset), span, is_rest=is_rest)
        else:
            offset = min(end, inside.offset)
            stretches = inside.cut(onset, offset, is_rest)
        if stretches is None:
            return None
        written += [(start, stop, inside) for start, stop in stretches]
        onset = offset
    return tuple(written)
