"""The rhythm automaton accepts the rows of cells that fill a phrase, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pytest

from musicedu.encoding.vocabulary import VALUE_INDEX, VALUES
from musicedu.generation.rhythm import CellShape, Rhythm, Sound, build_rhythm
from musicedu.grid import Grid
from musicedu.melody import Metre
from tests.generation.examples import CELLS, random_cells, rhythm_of

Row = tuple[tuple[Sound, int], ...]
GRIDS = (
    Grid(Metre(2, 4), 1),
    Grid(Metre(3, 4), 1),
    Grid(Metre(2, 4), 2),
    Grid(Metre(2, 4), 2, 12),
    Grid(Metre(4, 4), 1),
)


def accepted_rows(rhythm: Rhythm) -> set[Row]:
    def grown(state: int, row: Row) -> Iterator[Row]:
        if rhythm.is_final(state):
            yield row
        for (sound, value), arc in rhythm.arcs[state].items():
            yield from grown(arc.target, (*row, (sound, VALUES[value])))

    return set(grown(0, ()))


def tilings(cells: Sequence[CellShape], grid: Grid) -> Iterator[tuple[CellShape, ...]]:
    """Every row of cells that fills the grid, each on a quarter and inside its measure."""

    def grown(step: int, row: tuple[CellShape, ...]) -> Iterator[tuple[CellShape, ...]]:
        if step == grid.n_ticks:
            yield row
            return
        place = (step + grid.phase) % grid.measure_ticks
        for cell in cells:
            if place % 12 == 0 and place + cell.n_ticks <= grid.measure_ticks and step + cell.n_ticks <= grid.n_ticks:
                yield from grown(step + cell.n_ticks, (*row, cell))

    return grown(0, ())


def rows_of(tiling: Sequence[CellShape]) -> Iterator[Row]:
    """Every way to sound a row of cells without ties."""
    elements = [element for cell in tiling for element in cell.elements]
    choices = [
        [(Sound.NOTE, value), (Sound.REST, value)] if may_rest else [(Sound.NOTE, value)]
        for value, may_rest in elements
    ]
    return (tuple(row) for row in product(*choices))


@pytest.mark.parametrize("seed", range(12))
def test_it_accepts_the_rows_of_whole_cells_and_no_others(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells, grid = random_cells(rng, most=3), GRIDS[seed % len(GRIDS)]
    expected = {row for tiling in tilings(cells, grid) for row in rows_of(tiling)}
    rhythm = rhythm_of(cells, grid)
    assert (set() if rhythm is None else accepted_rows(rhythm)) == expected


@pytest.mark.parametrize("grid", GRIDS, ids=str)
def test_every_row_fills_its_measures_and_no_state_is_a_dead_end(grid: Grid) -> None:
    rhythm = rhythm_of(CELLS[:4], grid, ties=True)
    assert rhythm is not None
    for row in accepted_rows(rhythm):
        ends = np.cumsum([value for _, value in row])
        assert ends[-1] == grid.n_ticks
        barlines = set(range((-grid.phase) % grid.measure_ticks, grid.n_ticks + 1, grid.measure_ticks)) - {0}
        assert barlines <= set(ends.tolist())
    n_states = len(rhythm.positions)
    assert all(rhythm.arcs[state] for state in range(n_states - rhythm.n_final))
    assert all(rhythm.positions[state] == grid.n_ticks for state in range(n_states - rhythm.n_final, n_states))


def test_states_are_in_order_of_time() -> None:
    rhythm = rhythm_of(CELLS, Grid(Metre(4, 4), 3), ties=True)
    assert rhythm is not None
    assert list(rhythm.positions) == sorted(rhythm.positions)
    for state, arcs in enumerate(rhythm.arcs):
        for (_, value), arc in arcs.items():
            assert arc.target > state
            assert rhythm.positions[arc.target] == rhythm.positions[state] + VALUES[value]


def test_ties_stand_only_where_they_may() -> None:
    quarter = CellShape("quarter", ((12, True),))

    def may_tie(begun: int, step: int) -> bool:
        return step == 24

    rhythm = build_rhythm(Grid(Metre(2, 4), 2), lambda step: [quarter], may_tie=may_tie)
    assert rhythm is not None
    rows = accepted_rows(rhythm)
    assert {index for row in rows for index, (sound, _) in enumerate(row) if sound is Sound.TIE} == {2}
    assert not any(row[1][0] is Sound.REST and row[2][0] is Sound.TIE for row in rows)


def test_a_state_tells_whether_a_short_note_came_before() -> None:
    cells = [CellShape("quarter", ((12, True),)), CellShape("long-short", ((9, False), (3, False)))]
    rhythm = rhythm_of(cells, Grid(Metre(2, 4), 1), short=3)
    assert rhythm is not None
    for state, arcs in enumerate(rhythm.arcs):
        for (sound, value), arc in arcs.items():
            parted = sound is Sound.REST and rhythm.after_short[state]  # a rest does not part a short note from a leap
            assert rhythm.after_short[arc.target] == (VALUES[value] <= 3 or parted)
        assert state or not rhythm.after_short[state]


def test_an_arc_says_which_cells_it_may_complete() -> None:
    rhythm = rhythm_of([CellShape("half", ((24, False),)), CellShape("quarter", ((12, False),))], Grid(Metre(2, 4), 1))
    assert rhythm is not None
    assert rhythm.arcs[0][Sound.NOTE, VALUE_INDEX[24]].completes == {"half"}
    assert rhythm.arcs[0][Sound.NOTE, VALUE_INDEX[12]].completes == {"quarter"}


@pytest.mark.parametrize("cells", [[], [CELLS[3]], [CELLS[2], CELLS[3]]], ids=["none", "dotted", "halves"])
def test_cells_that_cannot_fill_a_measure_are_reported(cells: list[CellShape]) -> None:
    assert rhythm_of(cells, Grid(Metre(3, 4), 1)) is None
