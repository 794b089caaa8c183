"""The rules of no rule: measures are filled, and that is all. What a model does when nothing guides it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from musicedu.encoding.vocabulary import VALUES
from musicedu.generation.lookahead import LookAhead
from musicedu.generation.rhythm import CellShape, build_rhythm
from musicedu.generation.rules import Rules, any_move
from musicedu.grid import Grid

_CELLS = tuple(CellShape(str(value), ((value, True),)) for value in VALUES)


@lru_cache(maxsize=64)
def free_ahead(grid: Grid) -> LookAhead:
    """A look-ahead that allows any value anywhere inside its measure, any pitch, any rest and any tie."""

    def cells_at(step: int) -> Sequence[CellShape]:
        left = grid.measure_ticks - (step + grid.phase) % grid.measure_ticks
        return [cell for cell in _CELLS if cell.n_ticks <= left]

    rhythm = build_rhythm(grid, cells_at, may_tie=lambda begun, step: True)
    if rhythm is None:
        raise ValueError(f"a measure of {grid.metre} cannot be filled with the values there are")
    return LookAhead(Rules(grid, rhythm, any_move(), may_end_with_rest=True))
