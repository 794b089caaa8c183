"""The rhythmic half of a plan: metre, cells, number of measures, upbeat, tempo; each refused by name if impossible."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.random import Generator

from musicedu.errors import Unsatisfiable
from musicedu.exercise.phrases import Phrase, forms_for
from musicedu.exercise.rhythm_rules import can_fill
from musicedu.exercise.specification import Specification
from musicedu.exercise.wishable import TOPICS
from musicedu.syllabus.levels import Cell, Level, MetreGrid, level, levels, metre_grid, places
from musicedu.syllabus.levels import cell as cell_named

METRONOME = (
    40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 63, 66, 69, 72, 76, 80, 84, 88, 92, 96,
    100, 104, 108, 112, 116, 120, 126, 132,
)  # fmt: skip
"""The marks of a metronome, in beats a minute."""

SLOWEST_BPM = 30
_UNEVEN_BPM = (58, 72)  # an eighth note of an uneven metre is felt: 116 to 144 a minute
FEWEST_MEASURES = 2


def chosen_cells(wishes: Specification, at: Level) -> tuple[Cell, ...]:
    """The cells asked for, or all of the level; a focus must be among them."""
    for name in (*wishes.rhythms, *(focus for focus in wishes.focus if focus not in TOPICS)):
        wanted = cell_named(name)
        if wanted.level > at.number:
            raise Unsatisfiable(
                f"rhythm {name!r} begins at level {wanted.level}, not at level {at.number}",
                remedy=f"The nearest of this level is {_nearest_cell(wanted, at).name!r}",
            )
    outside = [name for name in wishes.focus if wishes.rhythms and name not in TOPICS and name not in wishes.rhythms]
    if outside:
        raise Unsatisfiable(
            f"focus {outside[0]!r} is not among the rhythms asked for", remedy=f"Add {outside[0]!r} to the rhythms"
        )
    return tuple(cell for cell in at.cells if not wishes.rhythms or cell.name in wishes.rhythms)


def _nearest_cell(wanted: Cell, at: Level) -> Cell:
    same_kind = [cell for cell in at.cells if cell.kind == wanted.kind] or list(at.cells)
    return max(same_kind, key=lambda cell: (cell.total == wanted.total, cell.level))


def chosen_metre(wishes: Specification, at: Level, rng: Generator) -> MetreGrid:
    """The metre asked for, or one of the level that the rhythms and the focus can fill."""
    cells = chosen_cells(wishes, at)
    if wishes.metre is not None:
        grid = metre_grid(wishes.metre)
        if grid.level > at.number:
            raise Unsatisfiable(
                f"metre {grid.name} begins at level {grid.level}, not at level {at.number}",
                remedy=f"The nearest is {_nearest_metre(grid, at)}",
            )
        _check_filled(wishes, cells, grid)
        return grid
    grids = [metre_grid(name) for name in at.metres]
    fitting = [grid for grid in grids if _unmet(wishes, cells, grid) is None]
    if not fitting:
        _check_filled(wishes, cells, _best_grid(grids, cells, wishes))
    rng_weights = [_weight(grid, at) for grid in fitting]
    return fitting[int(rng.choice(len(fitting), p=[weight / sum(rng_weights) for weight in rng_weights]))]


def _weight(grid: MetreGrid, at: Level) -> float:
    if len(set(grid.pulses)) > 1 or (len(grid.pulses) % 2 and len(grid.pulses) > 3):
        return 0.7  # uneven metres stay the exception
    if grid.level == at.number:
        return 3.0  # what a level adds comes often
    return 2.0 if grid.name in ("4/4", "3/4", "2/4", "6/8") else 1.0


def _nearest_metre(grid: MetreGrid, at: Level) -> str:
    return min(
        at.metres,
        key=lambda name: (metre_grid(name).pulses[0] != grid.pulses[0], abs(metre_grid(name).total - grid.total)),
    )


def _best_grid(grids: Sequence[MetreGrid], cells: tuple[Cell, ...], wishes: Specification) -> MetreGrid:
    return max(
        grids,
        key=lambda grid: sum(
            bool(places(cell, grid)) for cell in cells if cell.name in wishes.focus or not wishes.focus
        ),
    )


def _unmet(wishes: Specification, cells: tuple[Cell, ...], grid: MetreGrid) -> str | None:
    """What keeps the rhythms, the focus or the upbeat out of this metre, None if nothing does."""
    if not can_fill(cells, grid):
        return "rhythms"
    for name in wishes.focus:
        if name not in TOPICS and not can_fill(cells, grid, using=name):
            return name
    if wishes.anacrusis and not _anacruses(grid, cells):
        return "anacrusis"
    return None


def _check_filled(wishes: Specification, cells: tuple[Cell, ...], grid: MetreGrid) -> None:
    unmet = _unmet(wishes, cells, grid)
    if unmet is None:
        return
    if unmet == "rhythms":
        names = ", ".join(cell.name for cell in cells[:4]) + (f" and {len(cells) - 4} more" if len(cells) > 4 else "")
        raise Unsatisfiable(
            f"no measure of {grid.name} can be filled and ended with only: {names}",
            remedy=f"Add {_filling_cell(wishes, cells, grid)!r}",
        )
    if unmet == "anacrusis":
        raise Unsatisfiable(
            f"{grid.name} has no anacrusis with these rhythms", remedy="Ask for 4/4, 3/4 or 6/8, or for no anacrusis"
        )
    homes = [name for name in level(wishes.level).metres if places(cell_named(unmet), metre_grid(name))]
    raise Unsatisfiable(
        f"focus {unmet!r} cannot stand in {grid.name}", remedy=f"It stands in {', '.join(homes) or 'no metre here'}"
    )


def _filling_cell(wishes: Specification, cells: tuple[Cell, ...], grid: MetreGrid) -> str:
    candidates = [cell for cell in level(wishes.level).cells if can_fill((*cells, cell), grid)]
    if candidates:
        return candidates[0].name
    return "quarter and dotted-quarter" if 18 in grid.pulses else "quarter"


def chosen_measures(wishes: Specification, at: Level, grid: MetreGrid, rng: Generator) -> int:
    """The number of measures asked for, or a usual one."""
    if wishes.measures is None:
        choices = at.measures_of(grid.name)
        fitting = [number for number in choices if _fits_form(wishes.form, number)] or [_measures_for(wishes.form, at)]
        return fitting[int(rng.integers(len(fitting)))]
    if not FEWEST_MEASURES <= wishes.measures <= at.max_measures:
        nearest = min(max(wishes.measures, FEWEST_MEASURES), at.max_measures)
        raise Unsatisfiable(
            f"level {at.number} has {FEWEST_MEASURES} to {at.max_measures} measures, not {wishes.measures}",
            remedy=f"The nearest is {nearest}",
        )
    return wishes.measures


def _fits_form(form: str | None, measures: int) -> bool:
    return form is None or form in forms_for(measures)


def _lengths_for(form: str | None, at: Level) -> list[int]:
    return [number for number in range(FEWEST_MEASURES, at.max_measures + 1) if _fits_form(form, number)]


def _measures_for(form: str | None, at: Level) -> int:
    fitting = _lengths_for(form, at)
    if not fitting:
        first = next(one.number for one in levels() if _lengths_for(form, one))
        raise Unsatisfiable(
            f"form {form!r} needs more than the {at.max_measures} measures of level {at.number}",
            remedy=f"The nearest level that has room is {first}",
        )
    return min(fitting, key=lambda number: abs(number - at.measures[0]))


def _anacruses(grid: MetreGrid, cells: tuple[Cell, ...]) -> list[tuple[int, ...]]:
    values = {value for cell in cells for value in cell.values}
    return [upbeat for upbeat in grid.anacruses if set(upbeat) <= values and can_fill(cells, grid, upbeat)]


def chosen_anacrusis(wishes: Specification, at: Level, grid: MetreGrid, rng: Generator) -> tuple[int, ...]:
    """The durations of the upbeat's notes, () for none; three exercises in ten have one where the level does."""
    upbeats = _anacruses(grid, chosen_cells(wishes, at)) if at.anacrusis and not wishes.metre_change else []
    wanted = wishes.anacrusis if wishes.anacrusis is not None else bool(rng.random() < 0.3)
    return upbeats[int(rng.integers(len(upbeats)))] if wanted and upbeats else ()


def chosen_metre_changes(
    wishes: Specification, at: Level, grid: MetreGrid, phrases: Sequence[Phrase], rng: Generator
) -> tuple[tuple[int, MetreGrid], ...]:
    """One inner phrase in another metre and back again, only where it is asked for."""
    if not wishes.metre_change:
        return ()
    cells = chosen_cells(wishes, at)
    others = [metre_grid(name) for name in at.metres if name != grid.name]
    fitting = [other for other in others if can_fill(cells, other)]
    inner = phrases[1:-1]
    if not fitting or not inner:
        raise Unsatisfiable(
            "a change of metre needs three phrases and a second metre that the rhythms fill",
            remedy="Ask for 12 measures or more, or for more rhythms",
        )
    phrase = inner[int(rng.integers(len(inner)))]
    other = fitting[int(rng.integers(len(fitting)))]
    return (phrase.first_measure, other), (phrase.last_measure + 1, grid)


def chosen_tempo(wishes: Specification, at: Level, grid: MetreGrid, rng: Generator) -> int:
    """The tempo asked for (slower than the level's is allowed), or a metronome mark of the level.

    Where dotted quarters are felt the mark is one that makes a whole number of them.
    """
    slowest, fastest = at.tempo_bpm
    if wishes.tempo_bpm is None:
        uneven = len(set(grid.pulses)) > 1
        slow, fast = _UNEVEN_BPM if uneven else (slowest, at.fastest_unasked_bpm)
        marks = [mark for mark in METRONOME if slow <= mark <= fast and (12 in grid.pulses or mark % 3 == 0)]
        return marks[int(rng.integers(len(marks)))]
    if not SLOWEST_BPM <= wishes.tempo_bpm <= fastest:
        raise Unsatisfiable(
            f"tempo {wishes.tempo_bpm} is outside {SLOWEST_BPM} to {fastest}, the quarter notes a minute of level "
            f"{at.number}",
            remedy=f"The nearest is {min(max(wishes.tempo_bpm, SLOWEST_BPM), fastest)}",
        )
    return wishes.tempo_bpm
