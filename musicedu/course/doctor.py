"""The installation looked over: what is there, what is missing, and what to do about it.

Every part is tried for real (a bar is engraved, a note is synthesised, a file is written), not only looked for. What a
trial needs it imports itself, so that a broken part is a finding and not the end.

A sound is played by whatever player the operating system brings.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from shutil import disk_usage

from musicedu.errors import MusicEduError
from musicedu.melody import Melody
from musicedu.storage import cache_folder, write_atomically

PYTHONS = ((3, 11), (3, 14))
"""The first Python that is supported, and the first that is not."""
_LEAST_FREE_MB = 200
_AGAIN = "Install musicedu again (`uv sync` in a checkout)"
_OF_THE_COURSE = ("jupyterlab", "keras", "librosa")
_NO_COURSE = 'without the lessons (`pip install "musicedu[course]"` brings them)'
PLAYERS = (("paplay",), ("pw-play",), ("aplay", "-q"), ("afplay",))
"""Commands that play a WAV file: PulseAudio, PipeWire, ALSA, macOS."""
_LONGEST_SEC = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor found out about one part; `remedy` is empty where nothing is wrong."""

    part: str
    is_well: bool
    text: str
    remedy: str = ""


def examine() -> Iterator[Finding]:
    """Try every part of the installation in turn; the findings come as they are made."""
    for part, trial in TRIALS.items():
        yield _tried(part, trial)


def bar_of_notation() -> str:
    """A bar of music as SVG, engraved here and now."""
    from musicedu.formats.engraving import engrave
    from musicedu.formats.musicxml import render_musicxml

    return engrave(render_musicxml(_bar()))[0]


def note_of_sound() -> bytes:
    """The same bar as the bytes of a WAV file, synthesised here and now."""
    from musicedu.audio.synthesise import render_wav, synthesise

    sr = 22050
    y = synthesise(_bar(), program=0, sr=sr)
    if float(abs(y).max()) < 0.01:
        raise RuntimeError("the synthesised note is silent")
    return render_wav(y, sr)


def _bar() -> Melody:
    return Melody.from_text("C5:1 D5:1 E5:1 G5:1")


def _tried(part: str, trial: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, trial())
    except MusicEduError as fault:
        located = f"{fault.where}: {fault.problem}" if fault.where else fault.problem
        return Finding(part, False, located, fault.remedy or _AGAIN)
    except Exception as fault:  # a doctor reports whatever is broken, and goes on
        return Finding(part, False, f"{type(fault).__name__}: {fault}".splitlines()[0], _AGAIN)


def _python() -> str:
    running = ".".join(map(str, sys.version_info[:3]))
    if not PYTHONS[0] <= sys.version_info[:2] < PYTHONS[1]:
        raise MusicEduError(f"musicedu was not tested with Python {running}", remedy="Use Python 3.11, 3.12 or 3.13")
    return f"{running}, {sys.executable}"


def _packages() -> str:
    base, course = _needed(), _needed(extra="course")
    missing = [name for name in base + (course if has_course() else []) if not _is_installed(name)]
    if missing:
        raise MusicEduError(f"missing: {', '.join(missing)}", remedy=_AGAIN)
    if not has_course():
        return f"musicedu {version('musicedu')} and the {len(base)} packages it needs, {_NO_COURSE}"
    return f"musicedu {version('musicedu')} and the {len(base + course)} packages it needs"


def _needed(extra: str = "") -> list[str]:
    """The names of the packages that `musicedu` itself declares, or those that one of its extras adds."""
    names = []
    for text in requires("musicedu") or ():
        name, condition = re.fullmatch(r"([\w.-]+)(?:.*extra == .(\w+).)?.*", text).groups()  # type: ignore[union-attr]
        if (condition or "") == extra:
            names.append(name)
    return names


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def has_course() -> bool:
    """Whether the lessons' packages were installed: one that the base does not need is there."""
    return any(_is_installed(name) for name in _OF_THE_COURSE)


def _notation() -> str:
    return f"a bar of notation engraved ({len(bar_of_notation()) / 1000:.0f} kB of SVG)"


def _sound() -> str:
    return f"a bar of sound made ({len(note_of_sound()) / 1000:.0f} kB of WAV)"


def _weights() -> str:
    from musicedu.data import data_path
    from musicedu.harmony.chord_tables import shipped_tables
    from musicedu.weights import load_weights

    networks = [path for path in sorted(data_path("models").glob("*.npz")) if path.stem != "chords"]
    if not networks:
        raise MusicEduError("no trained weights were found", where=str(data_path("models")), remedy=_AGAIN)
    count = sum(array.size for path in networks for array in load_weights(path).arrays.values())
    shipped_tables()
    return f"{', '.join(path.stem for path in networks)} ({count:,} weights), and the tables of chords"


def _cache() -> str:
    folder = cache_folder()
    trial = folder / "doctor.txt"
    write_atomically(trial, b"The doctor was here.\n")
    trial.unlink()
    free_mb = disk_usage(folder).free // 2**20
    if free_mb < _LEAST_FREE_MB:
        raise MusicEduError(f"only {free_mb} MB are free", where=str(folder), remedy="Free some space on this disk")
    return f"{folder}, {free_mb / 1024:.1f} GB free"


def _jupyter() -> str:
    if not has_course():
        return f"not needed {_NO_COURSE}"
    missing = [name for name in ("jupyterlab", "ipykernel", "ipywidgets") if find_spec(name) is None]
    if missing:
        raise MusicEduError(f"missing: {', '.join(missing)}", remedy=_AGAIN)
    return f"JupyterLab {version('jupyterlab')}, opened by `musicedu lab`"


def _compiled() -> str:
    from musicedu.course.healing import heal_compiled

    return heal_compiled()


TRIALS: dict[str, Callable[[], str]] = {
    "Python": _python,
    "packages": _packages,
    "notation": _notation,
    "sound": _sound,
    "weights": _weights,
    "cache folder": _cache,
    "compiled functions": _compiled,
    "Jupyter": _jupyter,
}
"""The parts that are looked over, in order, and how each is tried."""


def save_proofs(folder: str | Path) -> tuple[Path, Path]:
    """Write a bar as `bar.svg` and as `bar.wav`, to look at and to listen to; return their paths."""
    picture, sound = Path(folder) / "bar.svg", Path(folder) / "bar.wav"
    write_atomically(picture, bar_of_notation().encode())
    write_atomically(sound, note_of_sound())
    return picture, sound


def play_wav(data: bytes) -> bool:
    """Play the bytes of a WAV file to its end; False where nothing here can play it."""
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(data, winsound.SND_MEMORY)
        return True
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        path.write_bytes(data)
        return any(_plays([*player, os.fspath(path)]) for player in PLAYERS if shutil.which(player[0]))


def _plays(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=_LONGEST_SEC, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
