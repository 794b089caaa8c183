"""The lessons are what their sources say, give no answer away, and say what an unsolved task needs."""

import ast
from pathlib import Path

import nbformat
import pytest

from musicedu.course.build import build_course, count_words, solution_notebook, student_notebook
from musicedu.course.cells import answers, is_task, solved, stub
from musicedu.course.source import find_sources, load_lesson
from musicedu.errors import FileProblem, UnknownName

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SOURCES = find_sources(NOTEBOOKS / "source")
BEGIN = "from musicedu.course.lesson import begin_lesson\n\nbegin_lesson()\n"
LESSON = """
# %% [markdown] id="title"
# # A lesson

# %% id="demonstration"
import time

from musicedu.course.lesson import begin_lesson

begin_lesson()

for number in range(3):
    print(number, flush=True)
    time.sleep(0.02)

# %% id="start-up"
import sys

print("I0000 00:00:179.5 1 port.cc:153] TensorFlow speaks of itself", file=sys.stderr)
print("a warning of the lesson", file=sys.stderr)

# %% id="task-1"
beats = 4  # solution: how many beats?
if beats is ...:
    raise NotImplementedError("Task 1 waits for a number")
beats

# %% id="after"
print("what a task is good for")

# %% id="task-2" tags=["solution"]
# Print the beats twice.
print(4, 4)

# %% [markdown] id="task-2-hints" tags=["hints"]
# 1. One.
# 2. Two.
# 3. Three:
#
#    ```python
#    print(beats, ...)
#    ```

# %% [markdown] id="quiz" tags=["quiz"]
# ## Quiz
# **How many beats?**
# - [ ] 3 :: That is a waltz.
# - [x] 4 :: A march.
# - [ ] `a < b` :: No number.
"""


def write_source(folder, text=LESSON, name="01_beats.py"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def cells_by_id(path):
    return {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    return build_course(write_source(folder / "source"), folder / "out")[0]


def test_a_solution_is_executed_in_every_cell(built):
    cells = [cell for cell in cells_by_id(built.solution).values() if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4, 5]
    assert cells[0].outputs[0].text == "0\n1\n2\n"
    assert [output.text for output in cells[1].outputs] == ["a warning of the lesson\n"]
    assert cells[4].outputs[0].text == "4 4\n"
    assert not any("solution" in cell.source for cell in cells)


def test_a_students_copy_shows_what_comes_before_the_first_task_and_asks_for_the_rest(built):
    cells = cells_by_id(built.student)
    assert cells["demonstration"].outputs[0].text == "0\n1\n2\n"
    assert cells["task-1"].source.startswith("beats = ...  # how many beats?\n")
    assert cells["task-2"].source == ("# Print the beats twice.\nraise NotImplementedError('Print the beats twice.')")
    for name in ("task-1", "after", "task-2"):
        assert cells[name].outputs == []
        assert cells[name].execution_count is None
    for name in ("task-1", "task-2"):
        assert {"task", "raises-exception"} <= set(cells[name].metadata.tags)


def test_hints_and_quiz_open_by_a_click(built):
    cells = cells_by_id(built.student)
    assert cells["task-2-hints"].source.count("<details>") == 3
    assert "```python\nprint(beats, ...)\n```" in cells["task-2-hints"].source
    assert "<details><summary>3</summary>\n\n> **Not quite.** That is a waltz." in cells["quiz"].source
    assert "<summary><code>a &lt; b</code></summary>" in cells["quiz"].source
    assert "> **Right.** A march." in cells["quiz"].source


def test_a_notebook_does_not_say_when_where_or_by_what_it_was_built(built, tmp_path):
    for path in (built.student, built.solution):
        notebook = nbformat.read(path, as_version=4)
        assert notebook.metadata.kernelspec.name == "python3"
        assert set(notebook.metadata) == {"kernelspec", "language_info"}
        assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    again = build_course(built.student.parents[1] / "source", tmp_path)[0]
    assert again.student.read_bytes() == built.student.read_bytes()
    assert again.solution.read_bytes() == built.solution.read_bytes()


def test_a_cell_without_an_id_keeps_the_one_its_text_gives_it(tmp_path):
    source = write_source(tmp_path / "source", "# %%\n1 + 1\n\n# %%\n2 + 2\n")
    first, second = load_lesson(source / "01_beats.py").cells
    write_source(source, "# %%\n2 + 2\n\n# %%\n1 + 1\n")
    assert [cell.id for cell in load_lesson(source / "01_beats.py").cells] == [second.id, first.id]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "holds no cell"),
        ('# %% id="a"\n1\n# %% id="a"\n2\n', "two cells have the id 'a'"),
        ('# %% id="A b"\n1\n', "cell id 'A b' is not usable"),
        ('# %% id="a" tags=["solutoin"]\n1\n', "cell 'a' has unknown tags solutoin"),
        ('# %% [markdown] id="a" tags=["hints"]\n# 1. One.\n', "holds 1 hints"),
        ('# %% [markdown] id="a" tags=["quiz"]\n# **Which?**\n# - [x] one :: yes\n', "needs two choices or more"),
        ('# %% [markdown] id="a" tags=["quiz"]\n# **Which?**\n# - [x] one, yes\n', r"cannot read '- \[x\] one, yes'"),
        ('# %% id="a"\nprint(undefined)\n', "cell 'a' fails with NameError: name 'undefined' is not defined"),
        (
            f'# %% id="b"\n{BEGIN}from musicedu.course.checks import check\n'
            '# %% id="a"\nx = 1  # solution: one\ncheck("Task 1", x, str)',
            "the solution of 'a' is refused: Task 1: not yet. - 1",
        ),
        ('# %% id="a"\nx = 1  # solution: one\n', r"the first code cell, 'a', does not call begin_lesson\(\)"),
        ('# %% id="a"\nimport numpy as np\nnp.float64(1)\n', r"cell 'a' shows 'np.float64\('"),
        ('# %% id="a"\nprint(__import__("tempfile").gettempdir() + "/x")\n', "cell 'a' shows '/tmp/x'"),
        ('# %% id="a"\nprint(object())\n', "cell 'a' shows '0x"),
        (
            f'# %% id="b"\n{BEGIN}# %% id="a"\nx = 1  # solution: one\n',
            "task 'a' runs without complaint although it is unsolved",
        ),
    ],
)
def test_a_fault_in_a_source_is_named_and_nothing_is_written(tmp_path, text, fault):
    source = write_source(tmp_path / "source", text)
    with pytest.raises(FileProblem, match=fault):
        build_course(source, tmp_path / "out")
    assert not list(tmp_path.glob("out/**/*.ipynb"))


def test_a_lesson_that_is_not_there_is_refused(tmp_path):
    source = write_source(tmp_path / "source")
    with pytest.raises(UnknownName, match=r"no lesson is called 77\..*There are 01_beats"):
        build_course(source, tmp_path / "out", only=["77"])
    with pytest.raises(FileProblem, match="no lesson source was found"):
        build_course(tmp_path, tmp_path / "out")


def test_only_some_lessons_can_be_built(tmp_path):
    source = write_source(tmp_path / "source")
    write_source(source, name="02_more.py")
    built = build_course(source, tmp_path / "out", only=["02"], execute=False)
    assert [lesson.name for lesson in built] == ["02_more"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
class TestOurLessons:
    def test_a_rebuild_finds_no_difference(self, path):
        lesson = load_lesson(path)
        for notebook, folder in (
            (student_notebook(lesson), NOTEBOOKS),
            (solution_notebook(lesson), NOTEBOOKS / "solutions"),
        ):
            committed = nbformat.read(folder / f"{path.stem}.ipynb", as_version=4)
            assert committed.metadata == notebook.metadata
            assert [_written(cell) for cell in committed.cells] == [_written(cell) for cell in notebook.cells]

    def test_every_cell_of_a_solution_is_executed(self, path):
        for cell in nbformat.read(NOTEBOOKS / "solutions" / f"{path.stem}.ipynb", as_version=4).cells:
            assert cell.cell_type != "code" or cell.execution_count is not None, cell.id

    def test_no_answer_is_left_in_the_students_copy(self, path):
        text = (NOTEBOOKS / f"{path.stem}.ipynb").read_text(encoding="utf-8")
        shown = "\n".join(
            cell.source + str(cell.get("outputs", "")) for cell in nbformat.reads(text, as_version=4).cells
        )
        for cell in load_lesson(path).cells:
            if cell.id.startswith("prediction"):
                continue  # what may be guessed is said before
            for answer in answers(cell):
                assert answer not in shown, f"{cell.id} gives {answer!r} away"

    def test_a_task_keeps_every_name_that_its_cell_uses(self, path):
        for cell in filter(is_task, load_lesson(path).cells):
            if "solution" not in cell.tags:
                lost = _assigned(solved(cell.text)) - _assigned(stub(cell))
                assert not lost, f"{cell.id}: a student is not told to write {', '.join(lost)}"

    def test_it_has_the_size_of_a_lesson(self, path):
        lesson = load_lesson(path)
        assert 25 <= len(lesson.cells) <= 40
        assert 8 <= sum(cell.kind == "code" for cell in lesson.cells) <= 15
        assert 900 <= count_words(lesson) <= 1500
        code = [cell.source for cell in student_notebook(lesson).cells if cell.cell_type == "code"]
        wide = [line for source in code for line in source.splitlines() if len(line) > 96]
        assert not wide, "a line is wider than a cell"
        for folder in (NOTEBOOKS, NOTEBOOKS / "solutions"):
            assert (folder / f"{path.stem}.ipynb").stat().st_size <= 400_000

    def test_it_predicts_tries_and_asks(self, path):
        cells = {cell.id: cell for cell in load_lesson(path).cells}
        tasks = [name for name, cell in cells.items() if is_task(cell)]
        assert any(name.startswith("prediction") for name in tasks)
        checked = [name for name in tasks if name.startswith("task")]
        assert len(checked) >= 3
        assert all(f"{name}-hints" in cells and "hints" in cells[f"{name}-hints"].tags for name in checked)
        assert any("quiz" in cell.tags for cell in cells.values())


def _assigned(code):
    """The names that a cell assigns outside of functions and conditions."""
    targets = [target for node in ast.parse(code).body if isinstance(node, ast.Assign) for target in node.targets]
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def _written(cell):
    return cell.cell_type, cell.id, cell.source, dict(cell.metadata)
