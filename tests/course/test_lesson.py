"""What a lesson's first line does in a real kernel: one sentence for a slip, the traceback on demand, and no harm."""

import nbformat
import pytest

from musicedu.course.execute import execute_notebook

CELLS = {
    "begin": "from musicedu.course.lesson import begin_lesson\n\nbegin_lesson()\nbegin_lesson()",
    "unreadable": "guess = the same",
    "miscounted": "def f(a):\n    b = 1\n   return b",
    "outside": "return 3",
    "twice": "print(a=1, a=2)",
    "deep": "from musicedu.exercise.specification import Specification\n\nSpecification(level=11)",
    "traceback": "%tb",
    "after": 'print("the page goes on")',
    "stopped": "import os, signal, time\n\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(9)",
    "careful": "import numpy as np\n\nprint(np.array([1.0]) / 0)",
    "its own fault": "import musicedu.course.lesson as lesson\n\nlesson.wrap = None\n1 / 0",
    "still": 'print("the page goes on")',
}


@pytest.fixture(scope="module")
def told():
    cells = [nbformat.v4.new_code_cell(code, metadata={"tags": ["raises-exception"]}) for code in CELLS.values()]
    ran = execute_notebook(nbformat.v4.new_notebook(cells=cells))
    return {name: said(cell) for name, cell in zip(CELLS, ran.cells, strict=True)}


def said(cell):
    outputs = [output.get("text") or "\n".join(output.get("traceback", [])) for output in cell.outputs]
    return "\n".join(outputs)


def test_what_python_cannot_read_is_told_wherever_it_is_found(told):
    assert told["unreadable"] == 'Line 1: Python cannot read this. A text needs quotes around it: "the same"'
    assert told["miscounted"] == "Line 3: the line must begin exactly below another: count its spaces."
    assert told["outside"] == "Line 1: return stands outside of the function: indent it by four spaces."
    assert told["twice"] == "Line 1: a is given twice."


def test_a_fault_deep_in_the_package_is_told_at_the_line_of_the_cell(told):
    assert told["deep"] == "Line 3: there is no level 11. Levels go from 1 to 10: the nearest is 10."


def test_a_programmer_has_the_traceback(told):
    assert "Traceback (most recent call last)" in told["traceback"]
    assert "specification.py" in told["traceback"]


def test_the_page_goes_on(told):
    assert told["after"] == "the page goes on\n"
    assert told["stopped"].endswith("you stopped the cell here. Run it again when you like.")


def test_a_warning_names_the_line_and_no_file(told):
    assert "Line 3, RuntimeWarning: divide by zero" in told["careful"]
    assert "/tmp" not in told["careful"]


def test_a_fault_of_its_own_shows_the_students_and_breaks_nothing(told):
    assert "ZeroDivisionError" in told["its own fault"]
    assert "TypeError" not in told["its own fault"]
    assert told["still"] == "the page goes on\n"
