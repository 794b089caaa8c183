"""A sound played by whatever player the operating system brings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PLAYERS = (("paplay",), ("pw-play",), ("aplay", "-q"), ("afplay",))
"""Commands that play a WAV file: PulseAudio, PipeWire, ALSA, macOS."""
_LONGEST_SEC = 30


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
