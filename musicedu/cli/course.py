"""`musicedu course`: building lessons from their sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from musicedu.cli.reporting import AsJson, print_json

app = typer.Typer(no_args_is_help=True, help="Build the lessons, or lessons of your own.")


@app.command()
def build(
    source: Annotated[Path | None, typer.Argument(help="Folder of the sources. Default: the course's own.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the notebooks. Default: beside the sources.")] = None,
    lesson: Annotated[list[str] | None, typer.Option(help="Only this lesson, as `21`; may be repeated.")] = None,
    execute: Annotated[bool, typer.Option(help="Run the notebooks and keep what they show.")] = True,
    as_json: AsJson = False,
) -> None:
    """Build the notebooks of the course from their sources, solved and to be solved.

    A source is a Python file with cells (`# %%`), the solutions in place; from it come `solutions/NN_topic.ipynb` and
    the student's `NN_topic.ipynb`, in which each task is a stub that says what to write.

    **Examples**

    `musicedu course build` builds every lesson.

    `musicedu course build --lesson 21` builds one.

    `musicedu course build my/source --out my/notebooks` builds a teacher's own.
    """
    from musicedu.course.build import BuiltLesson, build_course
    from musicedu.course.places import notebooks_folder

    def report(built: BuiltLesson) -> None:
        if not as_json:
            size_kb = max(built.student_bytes, built.solution_bytes) / 1000
            print(
                f"{built.name}: {built.n_cells} cells, {built.n_tasks} tasks, {built.n_words} words, {size_kb:.0f} kB"
            )

    source_folder = source or notebooks_folder() / "source"
    out_folder = out or source_folder.parent
    lessons = build_course(source_folder, out_folder, execute=execute, only=lesson or (), report=report)
    if as_json:
        print_json(lessons)
    else:
        print(f"{len(lessons)} lessons in {out_folder}")
