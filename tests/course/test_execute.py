"""What is kept of widgets when a lesson is built: their still pictures, the same on every run, and no fault."""

import nbformat
import pytest

from musicedu.course.execute import execute_notebook
from musicedu.errors import FileProblem

EXPLORER = """from musicedu.display.embed import Shown
from musicedu.display.explorer import explore, slider

explore(lambda width: Shown(f"<b>{width}</b>", f"{10 / width} wide"), width=slider(0, 5, 1, value=START))"""
OTHERS = """from musicedu.display.rhythm_input import step_grid

step_grid({"kick": "x..."})"""


def notebook(start):
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate((EXPLORER, OTHERS))]
    cells[0].source = cells[0].source.replace("START", str(start))
    return nbformat.v4.new_notebook(cells=cells)


def test_still_pictures_stay_and_nothing_of_the_kernel():
    runs = [[cell.outputs for cell in execute_notebook(notebook(2)).cells] for _ in range(2)]
    assert runs[0] == runs[1]
    (explorer,), (grid,) = runs[0]
    assert set(explorer.data) == set(grid.data) == {"text/html", "text/plain"}
    assert explorer.data["text/plain"] == "5.0 wide\nRun this cell to move the knobs: width."
    assert explorer.data["text/html"].startswith('<div class="musicedu-still"><b>2</b>')
    assert "Run this cell to press the buttons." in grid.data["text/plain"]


def test_a_widget_that_cannot_draw_stops_the_build():
    with pytest.raises(FileProblem, match="the widget of cell 'cell-0' says: width 0: ZeroDivisionError"):
        execute_notebook(notebook(0), where="a lesson")
