"""Compiled functions of librosa that are spoiled, noticed by running them, and deleted: they are compiled again."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from musicedu.compiled import compiled_home, forget_compiled, has_compiled
from musicedu.errors import MusicEduError, StorageProblem

_LIMIT_SEC = 90
_TONE = """
import warnings, librosa, numpy as np, librosa.core.audio, librosa.util.utils
warnings.simplefilter("ignore")
y = np.sin(np.arange(22050) * 0.06)
"""
_RUN = {
    "constantq.": "librosa.feature.chroma_cqt(y=y.astype('float32'), sr=22050)",
    "sequence._viterbi": "librosa.pyin(y, sr=22050, fmin=65, fmax=2000)",
    "beat.": "librosa.beat.beat_track(y=y, sr=22050)",
}
"""What runs the functions whose files are called so; only what is there is run, since compiling takes long."""


@dataclass(frozen=True, slots=True)
class _Place:
    folder: Path
    first: str  # what a program imports before librosa, so that it uses this place


def heal_compiled() -> str:
    """Run what is compiled, delete it where it is spoiled, and say so in a sentence.

    Raises `MusicEduError` where librosa fails although nothing is compiled.
    """
    said = []
    for place in _places():
        if not has_compiled(place.folder):
            continue
        fault = _fault_of(place)
        if fault is None:
            said.append("what is compiled runs")
            continue
        n_files = forget_compiled(place.folder)
        still = _fault_of(place)
        if still is not None:
            raise MusicEduError(f"librosa fails: {still}", where=str(place.folder), remedy="Install librosa again")
        said.append(f"was spoiled ({fault}) and is healed: {n_files} files in {place.folder} deleted")
    return "; ".join(dict.fromkeys(said)) or "nothing is compiled yet"


def _places() -> list[_Place]:
    """Where programs that know of `musicedu` keep what is compiled, and where others do."""
    found = []
    with suppress(StorageProblem):  # the cache folder is looked at by itself
        found.append(_Place(compiled_home(), "import musicedu"))
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    spec = None if chosen else find_spec("librosa")
    folders = [chosen] if chosen else list(spec.submodule_search_locations or ()) if spec else []
    return found + [_Place(Path(folder), "") for folder in folders]


def _fault_of(place: _Place) -> str | None:
    """How running what is compiled there fails; None where it does not, or takes too long to say."""
    names = [path.name.removeprefix("guf-") for path in place.folder.rglob("*.nbi")]
    runs = [run for start, run in _RUN.items() if any(name.startswith(start) for name in names)]
    script = "\n".join([place.first, _TONE, *runs])
    try:
        ran = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=_LIMIT_SEC, check=False)
    except subprocess.TimeoutExpired:
        return None
    if ran.returncode == 0:
        return None
    lines = ran.stderr.decode(errors="replace").strip().splitlines()
    died = ran.returncode < 0 or ran.returncode >= 0xC0000000
    return f"it ends the program, code {ran.returncode}" if died or not lines else lines[-1]
