"""`musicedu lab`: the lessons in a folder of one's own, opened in JupyterLab."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from musicedu.cli.reporting import AsJson, print_json


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
