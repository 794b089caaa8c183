"""Whether a set of rhythm cells can fill a metre and end a phrase in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from musicedu.syllabus.levels import Cell, MetreGrid, places


def cut_pulses(grid: MetreGrid, anacrusis: Sequence[int] = ()) -> tuple[tuple[int, ...], int]:
    """The whole pulses of a last measure cut short by an upbeat, and what is left of the pulse it cuts (0 if none).

    >>> from musicedu.syllabus.levels import metre_grid
    >>> cut_pulses(metre_grid("4/4"), (12,)), cut_pulses(metre_grid("6/8"), (6,))
    (((12, 12, 12), 0), ((18,), 12))
    """
    left = grid.total - sum(anacrusis)
    whole: list[int] = []
    for pulse in grid.pulses:
        if left < pulse:
            break
        whole.append(pulse)
        left -= pulse
    return tuple(whole), left


def shortest_ending(grid: MetreGrid, anacrusis: Sequence[int], onset: int) -> int:
    """How long a phrase's last note must last at least, in twelfths: a felt beat, less what the upbeat takes of it."""
    beat = grid.beat_at(onset)
    return beat - sum(anacrusis) % beat


def _next_cells(cells: Sequence[Cell], grid: MetreGrid, onset: int, end: int) -> Iterator[Cell]:
    return (cell for cell in cells if onset in places(cell, grid) and onset + cell.total <= end)


def _reached(cells: Sequence[Cell], grid: MetreGrid, onset: int, end: int) -> set[int]:
    """The onsets that rows of cells beginning at `onset` reach, up to `end`."""
    reached = {onset}
    for pulse in grid.pulse_onsets:
        if pulse in reached:
            reached |= {pulse + cell.total for cell in _next_cells(cells, grid, pulse, end)}
    return reached


def can_fill(cells: Sequence[Cell], grid: MetreGrid, *, using: Cell | None = None) -> bool:
    """Whether `cells` fill a measure, with the cell `using` somewhere in it."""
    if using is None:
        return grid.total in _reached(cells, grid, 0, grid.total)
    before = _reached(cells, grid, 0, grid.total)
    return any(
        onset in before and grid.total in _reached(cells, grid, onset + using.total, grid.total)
        for onset in places(using, grid)
    )


def can_end_piece(cells: Sequence[Cell], grid: MetreGrid, anacrusis: Sequence[int] = ()) -> bool:
    """Whether `cells` fill the last measure, cut short by an upbeat, with a last note that is long enough."""
    whole, tail = cut_pulses(grid, anacrusis)
    end = sum(whole)
    reached = _reached(cells, grid, 0, end)
    if tail:
        return end in reached and end in grid.beat_onsets
    return any(
        onset + cell.total == end and _is_ending(grid, anacrusis, end - cell.values[-1], end)
        for onset in reached
        for cell in _next_cells(cells, grid, onset, end)
    )


def can_end_phrase(cells: Sequence[Cell], grid: MetreGrid, anacrusis: Sequence[int] = ()) -> bool:
    """Whether a full measure can hold the end of a phrase and, after it, the upbeat of the next one.

    Where the upbeat cuts a pulse, one cell must hold both the last note and the upbeat.
    """
    boundary = grid.total - sum(anacrusis)
    cuts_pulse = boundary != grid.total and boundary not in grid.pulse_onsets
    upbeat = tuple(anacrusis) if cuts_pulse else ()
    for onset in _reached(cells, grid, 0, grid.total):
        for cell in _next_cells(cells, grid, onset, grid.total):
            last, after = cell.values[: len(cell.values) - len(upbeat)], cell.values[len(cell.values) - len(upbeat) :]
            ends_there = bool(last) and after == upbeat and onset + sum(last) == boundary
            goes_on = grid.total in _reached(cells, grid, onset + cell.total, grid.total)
            if ends_there and goes_on and _is_ending(grid, anacrusis, boundary - last[-1], boundary):
                return True
    return False


def _is_ending(grid: MetreGrid, anacrusis: Sequence[int], start: int, end: int) -> bool:
    return start in grid.beat_onsets and end - start >= shortest_ending(grid, anacrusis, start)


@lru_cache(maxsize=1024)
def usable(cells: tuple[Cell, ...], grid: MetreGrid, anacrusis: tuple[int, ...] = ()) -> bool:
    """Whether `cells` can fill, pause and end an exercise in the metre."""
    return can_fill(cells, grid) and can_end_phrase(cells, grid, anacrusis) and can_end_piece(cells, grid, anacrusis)
