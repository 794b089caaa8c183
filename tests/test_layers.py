"""The rooms of the house: who may import whom, and which library may appear where."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_the_contracts_hold() -> None:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    run = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_library_has_its_room() -> None:
    graph = grimp.build_graph("musicedu", include_external_packages=True, cache_dir=None)
    external = {name for name in graph.modules if graph.is_module_squashed(name)} - set(sys.stdlib_module_names)
    homes = {library for contract in CONTRACTS for library in contract.get("protected_modules", ())}
    free = {"numpy", "typing_extensions"}  # arrays may appear in every room
    assert sorted(external - homes - free) == [], "add a contract to pyproject.toml that says where it may be imported"
