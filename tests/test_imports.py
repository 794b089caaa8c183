"""An exercise is made without the heavy libraries, so that it is there at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"tensorflow", "keras", "jupyterlab", "music21", "librosa", "scipy", "sklearn", "pyarrow", "partitura"}
LIST = "print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def loaded_by(script: str, folder: Path) -> set[str]:
    """The top-level names of all modules that a script has loaded when it ends."""
    command = [sys.executable, "-c", f"import sys\n{script}\n{LIST}"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("module", ["musicedu", "musicedu.cli", "musicedu.exercise.generator", "musicedu.generation"])
def test_importing_it_is_light(module: str, tmp_path: Path) -> None:
    assert loaded_by(f"import {module}", tmp_path) & (HEAVY | {"matplotlib", "IPython"}) == set()


def test_the_front_door_is_light_and_leads_to_every_name(tmp_path: Path) -> None:
    loaded = loaded_by("import musicedu", tmp_path)
    assert not loaded & (HEAVY | {"matplotlib", "IPython", "numpy", "rich"})
    script = (
        "import musicedu; [getattr(musicedu, name) for name in dir(musicedu)]; from musicedu import *; generate, quick"
    )
    assert "musicedu" in loaded_by(script, tmp_path)
    exercise = "from musicedu import Specification, generate; assert generate(Specification(1, seed=1)).melody.notes"
    assert not loaded_by(exercise, tmp_path) & (HEAVY | {"matplotlib", "IPython"})


def test_the_front_door_knows_no_other_name() -> None:
    import musicedu

    with pytest.raises(AttributeError, match="has no attribute 'sonata'"):
        _ = musicedu.sonata


def test_the_front_door_says_what_to_install(tmp_path: Path) -> None:
    script = """
sys.modules["IPython"] = sys.modules["IPython.display"] = None
import musicedu
try:
    musicedu.show_score
except musicedu.MusicEduError as lacking:
    assert "musicedu[course]" in str(lacking), lacking
else:
    raise AssertionError("nothing was missed")
"""
    loaded_by(script, tmp_path)


def test_making_a_sheet_is_light(tmp_path: Path) -> None:
    script = """
from musicedu.cli import main
try:
    main(["practice", "--level", "3", "--seed", "1", "--out", "sheet"])
except SystemExit as ended:
    assert ended.code == 0
"""
    assert loaded_by(script, tmp_path) & (HEAVY | {"matplotlib", "IPython"}) == set()
    assert {path.suffix for path in (tmp_path / "sheet").iterdir()} >= {".pdf", ".musicxml", ".mid", ".wav"}


def test_making_sheets_for_a_class_is_light(tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text("name\nAda\n")
    script = """
from musicedu.cli import main
try:
    main(["assign", "class.csv", "--level", "2", "--seed", "1", "--out", "week"])
except SystemExit as ended:
    assert ended.code == 0
"""
    assert loaded_by(script, tmp_path) & (HEAVY | {"matplotlib", "IPython", "pandas"}) == set()


def test_making_a_piece_is_light(tmp_path: Path) -> None:
    script = """
from musicedu.cli import main
try:
    main(["make", "--bars", "8", "--metre", "2/4", "--seed", "1", "--out", "piece"])
except SystemExit as ended:
    assert ended.code == 0
"""
    assert loaded_by(script, tmp_path) & (HEAVY | {"matplotlib", "IPython"}) == set()
