"""Building the lessons: one source each, from which come the solved notebook and the student's.

Nothing in a built notebook depends on when or where it was built: cells keep their ids, no version, time or path is
stored, and outputs are made in the quick setting. A student's copy is run to its end as well, to be sure of it, and
shows what came before its first guess or task: what follows is for the student to see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from musicedu.course.cells import Lesson, LessonCell, calls, is_task, solved, stub
from musicedu.course.checks import NOT_YET
from musicedu.course.execute import execute_notebook
from musicedu.course.folded import render_hints, render_quiz
from musicedu.course.laid_out import LANGUAGE
from musicedu.course.source import find_sources, load_lesson
from musicedu.errors import FileProblem, UnknownName
from musicedu.storage import write_atomically

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": LANGUAGE,
}
SOLUTIONS = "solutions"
_PASSING = re.compile(r"np\.(?:float|int|str|bool)\w*\(|/(?:tmp|home|root|usr)/\S+|(?:Wall|CPU) times?:|0x[0-9a-f]{8,}")


@dataclass(frozen=True, slots=True)
class BuiltLesson:
    """What was built of one lesson: where it stands and how large it is."""

    name: str
    student: Path
    solution: Path
    n_cells: int
    n_code_cells: int
    n_tasks: int
    n_words: int
    student_bytes: int
    solution_bytes: int


def build_course(
    source_folder: str | Path,
    out_folder: str | Path,
    *,
    execute: bool = True,
    only: Collection[str] = (),
    report: Callable[[BuiltLesson], None] = lambda built: None,
) -> tuple[BuiltLesson, ...]:
    """Build every lesson of `source_folder`: `out_folder/NN_topic.ipynb` and `out_folder/solutions/NN_topic.ipynb`.

    `only` names lessons (`21_your_practice_partner`, or `21`); `report` is called after each. Without `execute` the
    notebooks hold no outputs. A lesson that fails leaves its two notebooks as they were. Raises `FileProblem` for a
    fault in a source, `UnknownName` for a lesson that is not there.
    """
    paths = find_sources(source_folder)
    chosen = [path for path in paths if not only or path.stem in only or path.stem.split("_")[0] in only]
    if len(chosen) < len(set(only)):
        names = ", ".join(path.stem for path in paths)
        raise UnknownName(f"no lesson is called {' or '.join(only)}", remedy=f"There are {names}")
    built = []
    for path in chosen:
        built.append(_build_lesson(load_lesson(path), str(path), Path(out_folder), execute=execute))
        report(built[-1])
    return tuple(built)


def solution_notebook(lesson: Lesson) -> NotebookNode:
    """The lesson solved, not yet executed."""
    return _notebook(_solution_cell(cell, lesson.name) for cell in lesson.cells)


def student_notebook(lesson: Lesson) -> NotebookNode:
    """The lesson as a student gets it, guesses and tasks as stubs, not yet executed."""
    return _notebook(_student_cell(cell, lesson.name) for cell in lesson.cells)


def count_words(lesson: Lesson) -> int:
    """The words of a lesson's prose, as a student reads them (hints and quiz included)."""
    return sum(len(cell.text.split()) for cell in lesson.cells if cell.kind == "markdown")


def _build_lesson(lesson: Lesson, where: str, out_folder: Path, *, execute: bool) -> BuiltLesson:
    solution, student = solution_notebook(lesson), student_notebook(lesson)
    if execute:
        _reset_metadata(execute_notebook(solution, where=where))
        _refuse_wrong_solutions(solution, lesson, where)
        _reset_metadata(execute_notebook(student, where=where))
        _refuse_silent_stubs(student, where)
        for notebook in (solution, student):
            _refuse_passing_things(notebook, where)
        _hide_answers(student)
    texts = [nbformat.writes(notebook, indent=1).encode() + b"\n" for notebook in (student, solution)]
    student_path = out_folder / f"{lesson.name}.ipynb"
    solution_path = out_folder / SOLUTIONS / f"{lesson.name}.ipynb"
    for path, text in zip((student_path, solution_path), texts, strict=True):
        write_atomically(path, text)
    return BuiltLesson(
        name=lesson.name,
        student=student_path,
        solution=solution_path,
        n_cells=len(lesson.cells),
        n_code_cells=sum(cell.kind == "code" for cell in lesson.cells),
        n_tasks=sum(map(is_task, lesson.cells)),
        n_words=count_words(lesson),
        student_bytes=len(texts[0]),
        solution_bytes=len(texts[1]),
    )


def _notebook(cells: Iterable[NotebookNode]) -> NotebookNode:
    notebook: NotebookNode = new_notebook(cells=list(cells), metadata=METADATA)
    return notebook


def _solution_cell(cell: LessonCell, lesson: str) -> NotebookNode:
    return _cell(cell, solved(cell.text), cell.tags) if cell.kind == "code" else _prose(cell, lesson)


def _student_cell(cell: LessonCell, lesson: str) -> NotebookNode:
    if cell.kind == "markdown":
        return _prose(cell, lesson)
    if is_task(cell):
        # JupyterLab's "run all" and nbval go on after a cell with this tag: the tasks below stay in reach.
        kept = (tag for tag in cell.tags if tag != "solution")
        kind = ("guess",) if calls(cell, "predict") else ()
        return _cell(cell, stub(cell), (*kept, "raises-exception", "task", *kind))
    return _cell(cell, cell.text, cell.tags)


def _prose(cell: LessonCell, lesson: str) -> NotebookNode:
    text, where = cell.text, f"{lesson}, cell {cell.id}"
    if "hints" in cell.tags:
        text = render_hints(text, where=where)
    elif "quiz" in cell.tags:
        text = render_quiz(text, where=where)
    return _cell(cell, text, cell.tags)


def _cell(cell: LessonCell, text: str, tags: tuple[str, ...]) -> NotebookNode:
    new: Callable[..., NotebookNode] = new_code_cell if cell.kind == "code" else new_markdown_cell
    built: NotebookNode = new(text, id=cell.id, metadata={"tags": sorted(set(tags))} if tags else {})
    return built


def _reset_metadata(notebook: NotebookNode) -> None:
    notebook.metadata = nbformat.from_dict(METADATA)


def _refuse_wrong_solutions(solution: NotebookNode, lesson: Lesson, where: str) -> None:
    """A solution must satisfy its own check."""
    tasks = {cell.id for cell in lesson.cells if is_task(cell)}
    for cell in solution.cells:
        texts = [output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", [])]
        refused = [text for text in texts if NOT_YET in text]
        if cell.id in tasks and refused:
            said = " ".join(refused[0].split())
            raise FileProblem(f"the solution of {cell.id!r} is refused: {said}", where=where, remedy="Mend one of them")


def _refuse_silent_stubs(student: NotebookNode, where: str) -> None:
    """An unsolved task must fail, and say so."""
    for cell in student.cells:
        if _is_edited(cell) and not any(output.output_type == "error" for output in cell.outputs):
            raise FileProblem(
                f"task {cell.id!r} runs without complaint although it is unsolved",
                where=where,
                remedy="Let a check in the same cell look at the answer",
            )


def _refuse_passing_things(notebook: NotebookNode, where: str) -> None:
    """Nothing that is another on the next machine or day may be shown, nor how a library writes its numbers."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            shown = output.get("text", "") + output.get("data", {}).get("text/plain", "")
            match = _PASSING.search(shown)
            if match:
                raise FileProblem(
                    f"cell {cell.id!r} shows {match[0]!r}", where=where, remedy="Print what is meant, rounded, by print"
                )


def _hide_answers(student: NotebookNode) -> None:
    """A guess comes before its answer: from the first cell to be edited on, a copy is handed out unrun."""
    cells = [cell for cell in student.cells if cell.cell_type == "code"]
    first = next((number for number, cell in enumerate(cells) if _is_edited(cell)), len(cells))
    for cell in cells[first:]:
        cell.outputs, cell.execution_count = [], None


def _is_edited(cell: NotebookNode) -> bool:
    return "task" in cell.metadata.get("tags", [])
