"""The rhythmic half of a plan's rules: which cells may begin where in a phrase, and where it may end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from musicedu.encoding.vocabulary import VALUES
from musicedu.exercise.plan import Plan
from musicedu.generation.rhythm import CellShape, Placement, Rhythm, Sound, build_rhythm
from musicedu.grid import Grid
from musicedu.syllabus import levels
from musicedu.syllabus.levels import MetreGrid

_EIGHTH, _QUARTER = 6, 12
_PLAIN_VALUES = (6, 12, 18, 24, 36, 48)
SHORT_STEPS = 3
"""Notes of at most a sixteenth are short: a singer does not leap in them."""


def phrase_grid(metre: MetreGrid, n_measures: int, upbeat: int) -> Grid:
    """The grid of a phrase that begins `upbeat` steps before its first barline and ends as much before its last."""
    return Grid(metre.metre, n_measures, (metre.total - upbeat) % metre.total)


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell that must stand at a step of the phrase."""

    cell: str
    step: int


def phrase_rhythm(
    plan: Plan, metre: MetreGrid, grid: Grid, *, is_first: bool, placed: Placed | None = None
) -> Rhythm | None:
    """The automaton of a phrase's rhythm; None if the plan's cells cannot fill it, or not with the one `placed`."""
    upbeat = plan.anacrusis if is_first else ()
    # A rest of less than an eighth is a hiccup unless rests are what is practised.
    rests = plan.rests if "rests" in plan.focus else tuple(value for value in plan.rests if value >= _EIGHTH)
    return _rhythm(
        grid,
        metre,
        plan.cells_in(metre),
        rests,
        upbeat,
        placed,
        measure_rest=plan.measure_rest,
        tuplet_rests=plan.tuplet_rests,
        ties=plan.max_ties > 0,
        shortest_tie=_EIGHTH if plan.syncopation else _QUARTER,
        tells_short=plan.no_leap_in_sixteenths,
    )


@lru_cache(maxsize=1024)
def can_fill(cells: tuple[levels.Cell, ...], metre: MetreGrid, upbeat: tuple[int, ...] = (), using: str = "") -> bool:
    """Whether rows of `cells` fill phrases and end them, the first after an upbeat, with the cell `using` among them.

    One measure shows it, what fills one fills more; or two, where its end has less room than a measure.
    """
    grid = phrase_grid(metre, 2 if upbeat or using else 1, sum(upbeat))
    placed = end_placed(metre, grid, strictly=False)
    # Of phrases with an upbeat the first begins with its notes, and those after it inside a measure.
    rhythms = [_without_rests(grid, metre, cells, begun) for begun in dict.fromkeys((upbeat, ()))]
    return all(
        rhythm is not None and _can_end(rhythm, placed) and (not using or _has_cell(rhythm, using))
        for rhythm in rhythms
    )


def _without_rests(
    grid: Grid, metre: MetreGrid, cells: tuple[levels.Cell, ...], upbeat: tuple[int, ...]
) -> Rhythm | None:
    at: dict[int, list[CellShape]] = {}
    for cell in cells:
        for onset in levels.places(cell, metre):
            at.setdefault(onset, []).append(CellShape(cell.name, tuple((value, False) for value in cell.values)))
    return build_rhythm(grid, _placement(at, grid, metre, (), upbeat))


def _can_end(rhythm: Rhythm, placed: Callable[[int, int], bool]) -> bool:
    return any(
        placed(step, VALUES[value])
        for step, arcs in zip(rhythm.positions, rhythm.arcs, strict=True)
        for (sound, value), arc in arcs.items()
        if sound is Sound.NOTE and rhythm.is_final(arc.target)
    )


def _has_cell(rhythm: Rhythm, name: str) -> bool:
    return any(name in arc.completes for arcs in rhythm.arcs for arc in arcs.values())


@lru_cache(maxsize=128)
def _rhythm(
    grid: Grid,
    metre: MetreGrid,
    cells: tuple[levels.Cell, ...],
    rests: tuple[int, ...],
    upbeat: tuple[int, ...],
    placed: Placed | None,
    *,
    measure_rest: bool,
    tuplet_rests: bool,
    ties: bool,
    shortest_tie: int,
    tells_short: bool,
) -> Rhythm | None:
    at: dict[int, list[CellShape]] = {}
    for cell in cells:
        made = _made(cell, metre, rests, measure_rest=measure_rest, tuplet_rests=tuplet_rests)
        for onset in levels.places(cell, metre):
            at.setdefault(onset, []).append(made)
    pulses = set(metre.pulse_onsets)

    def begins_on_pulse(step: int) -> bool:
        return (step + grid.phase) % metre.total in pulses

    # No tie leads into a phrase's last measure, unless there is no other.
    last_tie = grid.n_ticks - (2 if grid.n_measures > 2 else 1) * metre.total

    def may_tie(begun: int, step: int) -> bool:
        over_barline = (step + grid.phase) % metre.total == 0
        is_long = step - begun >= shortest_tie and (begins_on_pulse(begun) or shortest_tie == _EIGHTH)
        is_plain = step - begun in _PLAIN_VALUES
        return ties and over_barline and is_long and is_plain and step <= last_tie

    placement = _placement(at, grid, metre, rests, upbeat)
    if placed is not None:
        placement = _with_placed(placement, placed)
    return build_rhythm(grid, placement, may_tie=may_tie, short=SHORT_STEPS if tells_short else 0)


def _made(
    cell: levels.Cell, metre: MetreGrid, rests: tuple[int, ...], *, measure_rest: bool, tuplet_rests: bool
) -> CellShape:
    def may_rest(value: int) -> bool:
        if value == metre.total and len(cell.values) == 1:
            return measure_rest
        if cell.syncopated or (cell.tuplet and not tuplet_rests):
            return False
        return value in rests and (value != 18 or cell.kind == "compound")

    return CellShape(cell.name, tuple((value, may_rest(value)) for value in cell.values))


def _placement(
    at: dict[int, list[CellShape]], grid: Grid, metre: MetreGrid, rests: tuple[int, ...], upbeat: tuple[int, ...]
) -> Placement:
    """Cells by step, with the planned upbeat at the start and what an upbeat leaves of a pulse at both ends."""
    first_pulse = min((p for p in metre.pulse_onsets if p >= grid.phase), default=metre.total)
    begun_late = first_pulse - grid.phase  # what is left of a pulse that the phrase begins inside of

    def cells_at(step: int) -> list[CellShape]:
        if step == 0 and upbeat:
            return [CellShape("upbeat", tuple((value, False) for value in upbeat))]
        if step == 0 and begun_late:
            return [CellShape("rest of a pulse", ((begun_late, begun_late in rests),))]
        found = at.get((step + grid.phase) % metre.total, [])
        left = grid.n_ticks - step
        if left < metre.total and found and left < _pulse_at(metre, (step + grid.phase) % metre.total):
            pulse = _pulse_at(metre, (step + grid.phase) % metre.total)
            # The upbeat of the next phrase goes on with the pulse, and both together are one cell.
            is_cell = any([value for value, _ in shape.elements] == [left, pulse - left] for shape in found)
            return [CellShape("part of a pulse", ((left, False),))] if is_cell else []
        return found

    return cells_at


def _with_placed(placement: Placement, placed: Placed) -> Placement:
    """Only the placed cell at its step, and nothing before that would sound across it."""

    def cells_at(step: int) -> list[CellShape]:
        found = placement(step)
        if step == placed.step:
            return [cell for cell in found if cell.name == placed.cell]
        return [cell for cell in found if not step < placed.step < step + cell.n_ticks]

    return cells_at


def _pulse_at(metre: MetreGrid, onset: int) -> int:
    return metre.pulses[metre.pulse_onsets.index(onset)]


def end_placed(metre: MetreGrid, grid: Grid, *, strictly: bool) -> Callable[[int, int], bool]:
    """Where the last note of a phrase may begin and how long it must be: from a felt beat, for a felt beat at least.

    strictly: from the barline or a main division of the measure, so that the end is heard as one.
    """
    divisions = {0, *metre.divisions}

    def placed(step: int, value: int) -> bool:
        onset = (step + grid.phase) % metre.total
        if onset not in metre.beat_onsets or (strictly and onset not in divisions):
            return False
        # An upbeat of an eighth cuts the last dotted beat of a compound metre short: the quarter that is left will do.
        return value >= min(metre.beat_at(onset), grid.n_ticks - step)

    return placed
