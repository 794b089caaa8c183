"""What is tested is what everyone gets: the whole closure is pinned, and the pins are what is installed."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
BASE = PYPROJECT["project"]["dependencies"]
COURSE = PYPROJECT["project"]["optional-dependencies"]["course"]
TOOLS = [text for text in PYPROJECT["dependency-groups"]["dev"] if text != "musicedu[course]"]
DIRECT = [*BASE, *COURSE, *TOOLS]
BROUGHT_BY = packages_distributions()
REMEDY = "Run `python .ci/pin_versions.py`, then `uv sync`."


def applies(requirement: Requirement, extras: frozenset[str] = frozenset()) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""})


PINS = {
    canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
    for pin in map(Requirement, PYPROJECT["tool"]["uv"]["constraint-dependencies"])
    if applies(pin)
}


def closure() -> set[str]:
    """The names of all packages that the package and its development tools need here, direct or not."""
    found: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(text) for text in DIRECT]
    while waiting:
        requirement = waiting.pop()
        node = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if node in found:
            continue
        found.add(node)
        try:
            needs = requires(node[0]) or []
        except PackageNotFoundError:
            continue  # reported by name below
        waiting += [need for need in map(Requirement, needs) if applies(need, node[1])]
    return {name for name, _ in found}


def test_every_dependency_is_pinned() -> None:
    assert sorted(closure() - PINS.keys()) == [], REMEDY


def test_every_pin_is_exact() -> None:
    for text in PYPROJECT["tool"]["uv"]["constraint-dependencies"]:
        assert re.fullmatch(r"==[^,*]+", str(Requirement(text).specifier)), text


def test_the_installed_versions_are_the_pinned_ones() -> None:
    wrong = {name: (version(name), PINS.get(name)) for name in closure() if version(name) != PINS.get(name)}
    assert not wrong, f"{REMEDY} Installed and pinned: {wrong}"


def test_every_bound_allows_the_pinned_version() -> None:
    for requirement in map(Requirement, DIRECT):
        pin = PINS[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(pin), f"{requirement} excludes the tested {pin}"


def imported_by(folder: str) -> set[str]:
    """The top-level names that the Python files of a folder import."""
    nodes = [node for path in (ROOT / folder).rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    neighbours = {path.stem for path in (ROOT / folder).glob("*.py")}  # a script may import the one beside it
    own = {"musicedu", "tests", "benchmarks"} | neighbours
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - own


@pytest.mark.parametrize("folder", ["musicedu", "tests", "benchmarks", "notebooks"])
def test_what_is_imported_is_declared(folder: str) -> None:
    declared = {
        canonicalize_name(Requirement(text).name) for text in ([*BASE, *COURSE] if folder == "musicedu" else DIRECT)
    }
    undeclared = {
        name
        for name in imported_by(folder)
        if declared.isdisjoint(canonicalize_name(package) for package in BROUGHT_BY.get(name, ()))
    }
    assert undeclared == set()


def test_everything_that_is_declared_is_used() -> None:
    used = {canonicalize_name(package) for name in imported_by("musicedu") for package in BROUGHT_BY.get(name, ())}
    by_name = {"paperang-p2-fonts-cjk", "pretty-midi", "tensorflow"}  # files of it are read; Keras stands on it
    declared = {canonicalize_name(Requirement(text).name) for text in [*BASE, *COURSE]}
    assert sorted(declared - used - by_name) == []


def test_the_tests_have_the_whole_course() -> None:
    assert "musicedu[course]" in PYPROJECT["dependency-groups"]["dev"]
