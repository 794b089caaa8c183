"""The way in for conda and Binder agrees with `pyproject.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[1]
LINES = [line.strip() for line in (ROOT / "environment.yml").read_text().splitlines() if not line.startswith("#")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DECLARED = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["course"]


def test_python_is_one_that_the_package_supports() -> None:
    (python,) = (line.removeprefix("- python=") for line in LINES if line.startswith("- python="))
    assert SpecifierSet(PROJECT["requires-python"]).contains(f"{python}.0")
    assert f"Programming Language :: Python :: {python}" in PROJECT["classifiers"]


def test_the_package_itself_brings_its_dependencies() -> None:
    # Binder copies the whole repository first when it sees a local package.
    assert LINES[-2:] == ["- pip:", "- -e .[course]"]
    named = {line.removeprefix("- ").split("=")[0] for line in LINES}
    assert not named & {Requirement(dependency).name for dependency in DECLARED}


def test_everything_else_comes_from_conda_forge_only() -> None:
    start, end = LINES.index("channels:"), LINES.index("dependencies:")
    assert LINES[start + 1 : end] == ["- conda-forge", "- nodefaults"]
