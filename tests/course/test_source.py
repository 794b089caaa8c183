"""What a student edits holds an answer and its check: a lesson in which more hangs on it is refused."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from musicedu.course.source import bound_names, find_sources, load_lesson, parse_lesson, read_names, refuse_entangled
from musicedu.errors import FileProblem

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SOURCES = find_sources(NOTEBOOKS / "source")
BEGIN = '# %% id="tools"\nfrom musicedu.course.lesson import begin_lesson\n\nbegin_lesson()\n\n'
TASK = '# %% id="task-1"\nbeats = 4  # solution: a number\ncheck("Task 1", beats)\n'


def lesson(*cells, first=BEGIN):
    return parse_lesson(first + "\n\n".join(cells), "01_beats")


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (['# %% id="task-1"\nimport math\nbeats = 4  # solution: a number'], "cell 'task-1', .* imports"),
        (['# %% id="task-1"\nfrom math import pi\nx = 4  # solution: a number'], "cell 'task-1', .* imports"),
        (['# %% id="task-1"\ndef f(x):\n    import math\n    return x  # solution: it'], "cell 'task-1', .* imports"),
        ([TASK, '# %% id="after"\nprint(beats)'], "cell 'after' reads beats, which a student edits in 'task-1'"),
        ([TASK, '# %% id="after"\nbeats = beats + 1'], "cell 'after' reads beats"),
        ([TASK, '# %% id="after"\nbeats += 1'], "cell 'after' reads beats"),
        ([TASK, '# %% id="after"\ndef f():\n    return beats'], "cell 'after' reads beats"),
        ([TASK, '# %% id="after"\nexplore(lambda step: step * beats)'], "cell 'after' reads beats"),
        ([TASK, '# %% id="after"\n[beat for beat in range(beats)]'], "cell 'after' reads beats"),
        ([TASK, '# %% id="after"\nprint(f"{beats}")'], "cell 'after' reads beats"),
        (['# %% id="before"\ndef draw():\n    return beats', TASK], "cell 'before' reads beats"),
        (['# %% id="task-1"\nn = 2\nbeats = 4  # solution: it', '# %% id="after"\nn + 1'], "'after' reads n,"),
        (['# %% id="task-1"\nfor n in (1,):\n    x = n  # solution: it', '# %% id="after"\nn'], "'after' reads n,"),
        ([TASK, '# %% id="task-2"\nmore = 5  # solution: it\ncheck("Task 2", more + beats)'], "'task-2' reads beats"),
    ],
)
def test_what_hangs_on_an_edited_cell_is_refused(cells, fault):
    with pytest.raises(FileProblem, match=fault):
        lesson(*cells)


@pytest.mark.parametrize(
    "cells",
    [
        [TASK, '# %% id="after"\nbeats = 3\nprint(beats)'],
        [TASK, '# %% id="after"\nprint(answer_to("Task 1", until_then=3))'],
        [TASK, '# %% id="after"\ndef f(beats):\n    return beats'],
        [TASK, '# %% id="after"\ndef f():\n    beats = 2\n    return beats'],
        [TASK, '# %% id="after"\nfor beats in range(3):\n    print(beats)'],
        [TASK, '# %% id="after"\nwith open("x") as beats:\n    print(beats)'],
        [TASK, '# %% id="after"\n[beats for beats in range(3)]'],
        [TASK, '# %% id="after"\nprint("beats", note.beats)'],
        [TASK, TASK.replace("task-1", "task-2")],
    ],
)
def test_what_stands_by_itself_is_taken(cells):
    assert lesson(*cells)


def test_a_lesson_with_tasks_begins_with_its_first_code_cell():
    with pytest.raises(FileProblem, match=r"the first code cell, 'a', does not call begin_lesson\(\)"):
        lesson('# %% id="a"\n1\n', BEGIN, TASK, first="")
    assert lesson('# %% id="a"\n1\n', first="")  # nothing is edited in it


def test_a_cell_that_is_not_python_alone_needs_and_gives_nothing():
    assert lesson('# %% id="magic"\n# %timeit 1\n', '# %% id="wrong"\nx = (\n', TASK)


def test_names_are_read_in_the_order_of_a_cell():
    body = ast.parse("a = b\nc = a\ndef f(d):\n    return d + e + g\ng = 1\nh += 1\nprint(c)")
    assert read_names(body) == {"b", "e", "h", "print"}
    assert bound_names(body) == {"a", "c", "f", "g", "h"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
class TestOurLessons:
    def test_nothing_hangs_on_an_edited_cell(self, path):
        refuse_entangled(load_lesson(path).cells)

    def test_a_students_copy_shows_nothing_below_an_open_guess_or_task(self, path):
        cells = [cell for cell in copy_of(path).cells if cell.cell_type == "code"]
        edited = ["task" in cell.metadata.get("tags", []) for cell in cells]
        first = edited.index(True)
        assert all(cell.execution_count is not None for cell in cells[:first])
        for cell in cells[first:]:
            assert not cell.outputs, cell.id
            assert cell.execution_count is None, cell.id

    def test_no_edited_cell_of_a_students_copy_imports(self, path):
        for cell in copy_of(path).cells:
            if "task" in cell.metadata.get("tags", []):
                assert not [line for line in cell.source.splitlines() if line.split()[:1] in (["import"], ["from"])]

    def test_guesses_are_marked(self, path):
        marked = {cell.id for cell in copy_of(path).cells if "guess" in cell.metadata.get("tags", [])}
        assert marked
        assert marked == {cell.id for cell in load_lesson(path).cells if re.fullmatch(r"prediction-\d", cell.id)}


def copy_of(path):
    return nbformat.read(NOTEBOOKS / f"{path.stem}.ipynb", as_version=4)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_lesson_imports_musicedu_before_keras_which_then_starts_in_silence(source):
    text = source.read_text(encoding="utf-8")
    heavy = re.search(r"^(?:import|from) (?:keras|tensorflow)\b", text, re.MULTILINE)
    ours = re.search(r"^(?:import|from) musicedu\b", text, re.MULTILINE)
    assert ours
    assert heavy is None or ours.start() < heavy.start()
