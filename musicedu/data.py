"""Where the files that travel with the package are found."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from musicedu.errors import FileProblem


@lru_cache(maxsize=1)
def _root() -> Path:
    package = Path(__file__).resolve().parent
    for folder in (package / "_data", package.parent / "data"):  # an installed wheel, then a checkout
        if folder.is_dir():
            return folder
    raise FileProblem("the data files of musicedu are missing", where=str(package), remedy="Install musicedu again")


def data_path(*parts: str) -> Path:
    """Return the path of a file or folder of `data/`, from a checkout and from an installed wheel alike.

    Raises `FileProblem` where the installation lacks it.

    >>> data_path("levels.toml").name
    'levels.toml'
    """
    path = _root().joinpath(*parts)
    if not path.exists():
        raise FileProblem("is missing from this installation", where=str(path), remedy="Install musicedu again")
    return path
