"""Quantising: note onsets and offsets in ticks or as played, put on the smallest grid that explains them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import hypot, sqrt

Span = tuple[Fraction, Fraction]  # onset and offset in quarter notes

_GRIDS = (1, 2, 3, 4, 6, 8, 12, 16, 24)  # steps a quarter note
_FINEST = {1: 16, 3: 24, 5: 40, 7: 56, 9: 72}  # the largest denominator taken as written, by its odd part
_TOLERANCE = Fraction(1, 4)  # of a step: how far onsets may lie from the grid, but for one in twenty
_LEGATO = Fraction(1, 6)  # of the time to the next onset: a shorter gap is articulation and not a rest


def quantised(spans: Sequence[Span]) -> list[Span | None]:
    """Put spans, in order of onset, on a grid: the spans as they are where they spell note values already.

    Otherwise a grid of 1, 2, 3, 4, 6, 8, 12, 16 or 24 steps a quarter note: of those from which all onsets but one in
    twenty lie no further than a quarter step, the one with the least root mean square distance times the root of its
    steps, so that a finer grid must explain more; 12 steps if there is none. A note keeps at least one step, and lasts
    until the next one if it ends just before it, as in files whose notes are shortened for playback. For a note so
    short that the next one falls on its place, an ornament, stands None.

    >>> quantised([(Fraction(1, 100), Fraction(46, 100)), (Fraction(49, 100), Fraction(98, 100))])
    [(Fraction(0, 1), Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 1))]
    """
    edges = {edge for span in spans for edge in span}
    if all(_is_written(edge) for edge in edges) and _is_regular(spans):
        return list(spans)
    onsets = [onset for onset, _ in spans]
    steps = min((grid for grid in _GRIDS if _explains(grid, onsets)), key=lambda grid: _cost(grid, onsets), default=12)
    placed: list[Span | None] = []
    for (onset, offset), following in zip(spans, [*onsets[1:], None], strict=True):
        begins = _nearest(onset, steps)
        if following is not None and offset <= following and begins == _nearest(following, steps):
            placed.append(None)
            continue
        if following is not None and 0 < following - offset < (following - onset) * _LEGATO:
            offset = following
        placed.append((begins, max(_nearest(offset, steps), begins + Fraction(1, steps))))
    return placed


def _nearest(time: Fraction, steps: int) -> Fraction:
    return Fraction(round(time * steps), steps)


def without_overlaps(spans: Sequence[Span]) -> list[Span] | int:
    """Shorten each note to the onset of the next; the index of the first that sounds into the next for longer.

    A note played legato may reach into the next by up to a third of its own length and a quarter of the next one's.
    """
    cleared = list(spans)
    for index, ((onset, offset), (next_onset, next_offset)) in enumerate(pairwise(spans)):
        overlap = offset - next_onset
        if overlap > 0:
            if next_onset == onset or overlap > (offset - onset) / 3 or overlap > (next_offset - next_onset) / 4:
                return index
            cleared[index] = (onset, next_onset)
    return cleared


def _is_written(edge: Fraction) -> bool:
    odd = edge.denominator
    while odd % 2 == 0:
        odd //= 2
    return edge.denominator <= _FINEST.get(odd, 0)


def _is_regular(spans: Sequence[Span]) -> bool:
    """Whether most onsets lie on twelfths of a quarter: in played music with few ticks anything looks like a value."""
    return sum(12 % onset.denominator == 0 for onset, _ in spans) * 2 >= len(spans)


def _explains(steps: int, onsets: Sequence[Fraction]) -> bool:
    astray = sum(abs(onset * steps - round(onset * steps)) > _TOLERANCE for onset in onsets)
    return astray * 20 <= len(onsets)


def _cost(steps: int, onsets: Sequence[Fraction]) -> float:
    distances = [float(onset - _nearest(onset, steps)) for onset in onsets]
    return hypot(*distances) * sqrt(steps)
