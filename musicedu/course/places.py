"""Where the lessons that travel with the package are found, from a checkout and from an install."""

from __future__ import annotations

from pathlib import Path

from musicedu.errors import FileProblem


def notebooks_folder() -> Path:
    """The folder of the built lessons: `notebooks/` of a checkout, `musicedu/_notebooks` of an install."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_notebooks", package.parent / "notebooks"):
        if folder.is_dir():
            return folder
    raise FileProblem("the lessons of musicedu are missing", where=str(package), remedy="Install musicedu again")
