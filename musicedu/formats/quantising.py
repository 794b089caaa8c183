"""Quantising: note onsets in ticks, as written, as rounded or as played, put where they were meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from math import hypot, sqrt

_GRIDS = (1, 2, 3, 4, 6, 8, 12, 16, 24)  # steps a quarter note
_FINEST = {1: 16, 3: 24, 5: 40, 7: 56, 9: 72}  # the largest denominator taken as written, by its odd part
_TOLERANCE = 0.25  # of a step: how far onsets may lie from the grid, but for one in twenty
_COARSE = 8  # ticks that a step has at least, where onsets a tick away from it are rounded ones
_PARTS = {1: 1.0, 2: 1.0, 3: 4.0, 4: 4.0, 6: 9.0, 8: 9.0}  # of a beat that stands alone, and how unusual they are
_EARLY = 0.125  # of a beat: an onset no earlier than this before a beat belongs to it
_UNSURE = 0.01


@dataclass(frozen=True, slots=True)
class Onsets:
    """Where notes begin, in quarter notes.

    steps: of the grid a quarter note has, 0 where each beat has its own; is_played: whether times had to be moved by
    more than a tick.
    """

    places: tuple[Fraction, ...]
    steps: int
    is_played: bool


def written_onsets(onsets: Sequence[int], ticks: int) -> Onsets:
    """Put onsets, in order, on a grid: as they are where they spell note values already, or do so but for one tick.

    Otherwise a grid of 1, 2, 3, 4, 6, 8, 12, 16 or 24 steps a quarter note: of those from which all onsets but one in
    twenty lie no further than a quarter step, the one with the least root mean square distance times the root of its
    steps, so that a finer grid must explain more; where there is none, each beat gets the parts that suit it.

    >>> written_onsets([5, 235, 482], 480).places
    (Fraction(0, 1), Fraction(1, 2), Fraction(1, 1))
    """
    inside = [onset % ticks for onset in onsets]
    if all(_is_written(Fraction(each, ticks)) for each in set(inside)) and _is_regular(inside, ticks):
        steps = next((steps for steps in _GRIDS if all(each * steps % ticks == 0 for each in set(inside))), 24)
        return Onsets(tuple(Fraction(onset, ticks) for onset in onsets), steps, is_played=False)
    for steps in _GRIDS:
        if ticks >= _COARSE * steps and all(_distance(each, steps, ticks) <= 1 for each in set(inside)):
            return Onsets(_on_grid(onsets, steps, ticks), steps, is_played=False)
    explaining = [steps for steps in _GRIDS if _explains(steps, inside, ticks)]
    if explaining:
        steps = min(explaining, key=lambda steps: _cost(steps, inside, ticks))
        return Onsets(_on_grid(onsets, steps, ticks), steps, is_played=True)
    return Onsets(_beat_by_beat(onsets, ticks), 0, is_played=True)


def nearest(time: float | Fraction, steps: int) -> Fraction:
    """The place nearest to a time on a grid of so many steps a quarter note."""
    return Fraction(round(time * steps), steps)


def _on_grid(onsets: Sequence[int], steps: int, ticks: int) -> tuple[Fraction, ...]:
    return tuple(nearest(Fraction(onset, ticks), steps) for onset in onsets)


def _distance(inside: int, steps: int, ticks: int) -> float:
    """How far a time is from the grid, in ticks."""
    beyond = inside * steps % ticks
    return min(beyond, ticks - beyond) / steps


@lru_cache(maxsize=4096)
def _is_written(edge: Fraction) -> bool:
    odd = edge.denominator
    while odd % 2 == 0:
        odd //= 2
    return edge.denominator <= _FINEST.get(odd, 0)


def _is_regular(inside: Sequence[int], ticks: int) -> bool:
    """Whether most onsets lie on twelfths of a quarter: in played music with few ticks anything looks like a value."""
    return sum(each * 12 % ticks == 0 for each in inside) * 2 >= len(inside)


def _explains(steps: int, inside: Sequence[int], ticks: int) -> bool:
    astray = sum(_distance(each, steps, ticks) * steps > _TOLERANCE * ticks for each in inside)
    return astray * 20 <= len(inside)


def _cost(steps: int, inside: Sequence[int], ticks: int) -> float:
    return hypot(*(_distance(each, steps, ticks) / ticks for each in inside)) * sqrt(steps)


def _beat_by_beat(onsets: Sequence[int], ticks: int) -> tuple[Fraction, ...]:
    """Each beat in the parts that explain its onsets best, the plainest first, and two notes on one place last."""
    places: list[Fraction] = []
    for beat, group in groupby(onsets, key=lambda onset: int((onset / ticks + _EARLY) // 1)):
        within = [onset / ticks - beat for onset in group]
        tried = [_in_parts(within, parts, unusual) for parts, unusual in _PARTS.items()]
        places += [beat + place for place in min(tried, key=lambda one: one[0])[1]]
    return tuple(places)


def _in_parts(within: Sequence[float], parts: int, unusual: float) -> tuple[float, list[Fraction]]:
    places = [nearest(time, parts) for time in within]
    away = hypot(*(time - float(place) for time, place in zip(within, places, strict=True))) / sqrt(len(within))
    return (away + _UNSURE) * sqrt(unusual) + (len(places) - len(set(places))), places
