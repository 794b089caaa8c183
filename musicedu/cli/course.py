"""`musicedu course`, `lab` and `doctor`: lessons built and opened, and whether everything is there for them."""

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
    from musicedu.course.lab import notebooks_folder

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


def lab(
    folder: Annotated[Path | None, typer.Argument(help="Your workspace. Default: `musicedu-lessons` at home.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser on it.")] = True,
    start: Annotated[bool, typer.Option(help="Start JupyterLab; without it the lessons are only laid out.")] = True,
    as_json: AsJson = False,
) -> None:
    """Lay the lessons out in a folder of your own, and open JupyterLab on it.

    What you wrote is never overwritten: where a lesson has a newer version, it is put beside yours. Close JupyterLab by
    its menu, or by Ctrl-C here.

    **Examples**

    `musicedu lab` opens your lessons.

    `musicedu lab my-course --no-browser` prints an address to open instead.
    """
    from musicedu.course.lab import default_workspace, lay_out_workspace

    workspace = lay_out_workspace(folder or default_workspace())
    if as_json:
        print_json(workspace)
    else:
        print("\n".join(workspace.lines))
    if start:
        from musicedu.course.serving import start_lab

        raise typer.Exit(start_lab(workspace.folder, open_browser=browser))


def doctor(
    out: Annotated[Path | None, typer.Option(help="Keep the bar that was engraved and played in this folder.")] = None,
    play: Annotated[bool, typer.Option(help="Play the bar through the loudspeakers.")] = True,
    as_json: AsJson = False,
) -> None:
    """Look the installation over, and say what to do about what is missing.

    Engraves a bar of notation, makes and plays a bar of sound, reads the trained weights, writes to the cache folder
    and looks for JupyterLab. The exit code is 1 if something is missing.

    **Examples**

    `musicedu doctor` examines everything and plays a bar.

    `musicedu doctor --out trial/` keeps the bar, as a picture and as a sound.
    """
    from musicedu.course.doctor import examine, save_proofs

    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            mark = "ok     " if finding.is_well else "MISSING"
            print(f"{mark} {finding.part}: {finding.text}")
            if finding.remedy:
                print(f"        What to do: {finding.remedy}.")
    broken = [finding for finding in findings if not finding.is_well]
    hearing = {finding.part for finding in broken}.isdisjoint({"notation", "sound"})
    files = list(save_proofs(out)) if out is not None and hearing else []
    if as_json:
        print_json({"is_well": not broken, "findings": findings, "files": files})
    else:
        if play and "sound" not in {finding.part for finding in broken}:
            print(_played())
        for path in files:
            print(f"        {path}")
        print("All is well." if not broken else f"{len(broken)} of {len(findings)} parts need attention.")
    if broken:
        raise typer.Exit(1)


def _played() -> str:
    from musicedu.course.doctor import note_of_sound, play_wav

    if play_wav(note_of_sound()):
        return "ok      loudspeaker: four notes were played. Nothing heard? Turn up the volume."
    return "note    loudspeaker: no player found here; sounds still play in the notebooks and from the WAV files."
