"""Write the exact tested versions of every package, direct or not, into `pyproject.toml`.

    python .ci/pin_versions.py             # pin what is new, keep the versions of `uv.lock` where they still fit
    python .ci/pin_versions.py --upgrade   # take the newest versions that work together

The versions stand under `[tool.uv] constraint-dependencies`, for every supported Python and platform, with markers
where they differ. They are worked out in a temporary folder; `uv.lock` is not touched.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^constraint-dependencies = \[\n(?:  .*\n)*\]\n", re.MULTILINE)
COMMAND = ["export", "--quiet", "--no-hashes", "--no-annotate", "--no-header", "--no-emit-project", "--all-groups"]
COMMAND += [
    "--fork-strategy",
    "fewest",
]  # one version for every Python where there is one: what is tested is what all get


def resolve(project: str, lock: Path | None) -> list[str]:
    """Return the requirements of the whole closure, `name==version` with a marker where one is needed."""
    uv = shutil.which("uv")
    command = [uv] if uv else [sys.executable, "-m", "uv"]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pyproject.toml").write_text(BLOCK.sub("", project))
        if lock is not None:
            shutil.copy(lock, folder)
        export = subprocess.run([*command, *COMMAND], cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
    return [line.strip() for line in export.stdout.splitlines() if "==" in line]


def pinned(project: str, requirements: list[str]) -> str:
    """Return the text of `pyproject.toml` with the block of pins replaced, or added at the start of `[tool.uv]`."""
    block = "constraint-dependencies = [\n" + "".join(f'  "{line}",\n' for line in requirements) + "]\n"
    if BLOCK.search(project):
        return BLOCK.sub(lambda _: block, project)
    return project.replace("[tool.uv]\n", "[tool.uv]\n" + block, 1)


def main() -> None:
    """Rewrite the pins."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that work together")
    upgrade = parser.parse_args().upgrade
    path, lock = ROOT / "pyproject.toml", ROOT / "uv.lock"
    project = path.read_text()
    requirements = resolve(project, lock if lock.exists() and not upgrade else None)
    temporary = path.with_suffix(".partial")
    temporary.write_text(pinned(path.read_text(), requirements))  # read again: it took seconds, a person may be editing
    temporary.replace(path)
    print(f"pinned {len(requirements)} versions")


if __name__ == "__main__":
    main()
