"""Install the wheel in a new environment and use it there: what a user gets, not what stands in the checkout.

    python .ci/try_install.py                    # the base alone: an exercise, a class, a doctor, a refusal
    python .ci/try_install.py --bounds lowest-direct --python 3.11   # all of it and its tests, on the lowest versions
    python .ci/try_install.py --bounds highest --python 3.13         # the same on the newest

Without `--bounds` the versions are the pinned ones, and nothing is fetched that the checkout's own environment had not.
What follows `--` goes to pytest.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[1]
PINS = re.compile(r"^constraint-dependencies = \[\n(?:  .*\n)*\]\n", re.MULTILINE)
NOT_FOR_USERS = ("solutions/", "conftest.py", "pictures/")


def main() -> None:
    """Try an install."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=f"{sys.version_info[0]}.{sys.version_info[1]}", help="which Python")
    parser.add_argument("--bounds", choices=["lowest-direct", "lowest", "highest"], help="no pins: these versions")
    parser.add_argument("pytest", nargs="*", help="what pytest is given, with --bounds")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        wheel = build(folder)
        if asked.bounds:
            try_bounds(folder, asked.python, asked.bounds, asked.pytest or ["tests"])
        else:
            try_base(folder, wheel, asked.python)


def build(folder: Path) -> Path:
    """The wheel, with what a user needs in it and nothing else."""
    uv("build", "--quiet", "--wheel", "--out-dir", str(folder), cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    inside = ZipFile(wheel).namelist()
    assert not [name for name in inside if any(part in name for part in NOT_FOR_USERS)], "what users do not need"
    for needed in ("_data/levels.toml", "_data/typefaces/DejaVuSans.ttf", "_notebooks/00_start_here.ipynb"):
        assert f"musicedu/{needed}" in inside, f"{needed} is not in the wheel"
    print(f"{wheel.name}: {len(inside)} files, {wheel.stat().st_size / 1e6:.1f} MB")
    return wheel


def try_base(folder: Path, wheel: Path, python: str) -> None:
    """Make an exercise and a class where nothing but the base is installed."""
    environment = folder / "environment"
    uv("venv", "--quiet", "--python", python, str(environment), cwd=ROOT)
    uv("pip", "install", "--quiet", "--python", str(environment), str(wheel), cwd=ROOT)  # there, for the pins
    musicedu = shutil.which("musicedu", path=f"{environment / 'bin'}{os.pathsep}{environment / 'Scripts'}")
    assert musicedu, "the wheel brings no command"
    (folder / "class.csv").write_text("name,instrument\nAda Łukasz,flute\n李小龙,cello\nليلى,voice\n", encoding="utf-8")

    def run(*arguments: str, code: int = 0, says: str = "") -> None:
        done = subprocess.run([musicedu, *arguments], cwd=folder, env=clean(folder), capture_output=True, text=True)
        said = done.stdout + done.stderr
        assert done.returncode == code, f"musicedu {' '.join(arguments)}: {done.returncode}\n{said}"
        assert "Traceback" not in said, said
        assert says in said, said

    run("practice", "--level", "3", "--seed", "1", "--out", "first")
    run("assign", "class.csv", "--level", "3", "--seed", "1", "--out", "week")
    run("make", "--bars", "8", "--seed", "1", "--out", "piece")
    for suffix in (".musicxml", ".mid"):
        run("check", str(next((folder / "first").glob(f"*{suffix}"))))
    assert {path.suffix for path in (folder / "first").iterdir()} >= {".pdf", ".musicxml", ".mid", ".wav"}
    assert len(list((folder / "week").rglob("*.pdf"))) >= 3
    run("doctor", "--no-play", says="without the lessons")
    run("evaluate", "--out", "figures", code=2, says="musicedu[course]")
    run("lab", "lessons", "--no-browser", code=2, says="musicedu[course]")
    size = sum(path.stat().st_size for path in environment.rglob("*") if path.is_file() and not path.is_symlink())
    listing = uv("pip", "list", "--quiet", "--python", str(environment), cwd=folder).splitlines()
    print(f"the base: {len(listing) - 2} packages, {size / 1e6:.0f} MB; an exercise, a piece and a class were made")


def try_bounds(folder: Path, python: str, bounds: str, arguments: list[str]) -> None:
    """Run tests of a copy of the checkout with the lowest, or the highest, versions that its bounds allow."""
    copy, environment = folder / "copy", folder / "environment"
    uv_ignores = shutil.ignore_patterns(".git", ".venv", ".uv", "uv.lock", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, copy, ignore=uv_ignores)
    project = (copy / "pyproject.toml").read_text()
    (copy / "pyproject.toml").write_text(PINS.sub("", project))
    tools = tomllib.loads(project)["dependency-groups"]["dev"]
    tools = [text if bounds == "highest" else re.sub(r">=.*", "", text) for text in tools if "musicedu" not in text]
    uv("venv", "--quiet", "--python", python, str(environment), cwd=copy)
    install = ["pip", "install", "--quiet", "--python", str(environment)]
    uv(*install, "--resolution", bounds, "--editable", ".[course]", cwd=copy)
    uv(*install, *tools, cwd=copy)  # the tools of the tests are not what is tried
    interpreter = next(
        path for path in (environment / "bin/python", environment / "Scripts/python.exe") if path.exists()
    )
    # What an old package says of a new one that it uses is nobody's fault here.
    quiet = ["-W", "ignore::DeprecationWarning"] if bounds != "highest" else []
    subprocess.run([interpreter, "-m", "pytest", *quiet, *arguments], cwd=copy, env=clean(folder), check=True)


def clean(folder: Path) -> dict[str, str]:
    """The variables of this process, without what leads to the checkout or to what a user has."""
    kept = {name: text for name, text in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return kept | {"MUSICEDU_CACHE": str(folder / "cache")}


def uv(*arguments: str, cwd: Path) -> str:
    """What `uv` prints; the checkout's own is taken where there is one."""
    own = ROOT / ".uv" / "bin" / "uv"
    command = str(own) if own.exists() else shutil.which("uv")
    assert command, "uv is not installed"
    return subprocess.run([command, *arguments], cwd=cwd, stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    main()
