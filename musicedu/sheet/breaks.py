"""Where a line of music ends: about four measures to a system, fewer where they are full of notes."""

from __future__ import annotations

import re

from musicedu.melody import Melody
from musicedu.notation import write

MEASURES_PER_SYSTEM = 4
_SYMBOL_PITCH = 0.6  # least distance from symbol to symbol, in staff heights
_FRONT = 3.2  # clef, key and time signature
_MEASURE = 0.4  # barline and the space around it


def choose_breaks(melody: Melody, *, width_mm: float, staff_mm: float) -> tuple[int, ...]:
    """The numbers of the measures that begin a new system, evenly shared out.

    A short last measure and an anacrusis count as belonging to their neighbours.

    >>> scale = Melody.from_text("C4:1 D4:1 E4:1 F4:1 " * 6)
    >>> choose_breaks(scale, width_mm=180, staff_mm=7)
    (4,)
    """
    widths = {measure.number: _MEASURE + _SYMBOL_PITCH * len(symbols) for measure, symbols in write(melody)}
    numbers = [number for number in widths if number > 0]
    room = width_mm / staff_mm - _FRONT - widths.get(0, 0.0)
    for n_systems in range(-(-len(numbers) // MEASURES_PER_SYSTEM), len(numbers) + 1):
        systems = _shared_out(numbers, n_systems)
        if all(sum(widths[number] for number in system) <= room for system in systems):
            return tuple(system[0] for system in systems[1:])
    return tuple(numbers[1:])


def with_breaks(musicxml: bytes, breaks: tuple[int, ...]) -> bytes:
    """The same score with a new system asked for at the measures of these numbers."""
    wanted = {str(number).encode() for number in breaks}

    def broken(match: re.Match[bytes]) -> bytes:
        return match[0] + b'<print new-system="yes" />' if match[1] in wanted else match[0]

    return re.sub(rb'<measure number="(\d+)"[^>]*>', broken, musicxml)


def _shared_out(numbers: list[int], n_systems: int) -> list[list[int]]:
    """The measures in `n_systems` rows as even as can be, the longer rows first."""
    least, more = divmod(len(numbers), max(n_systems, 1))
    rows, first = [], 0
    for row in range(n_systems):
        length = least + (row < more)
        rows.append(numbers[first : first + length])
        first += length
    return rows
