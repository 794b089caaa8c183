"""Recordings that only a decoder of the user's own reads (phones' M4A, browsers' WebM): by ffmpeg, if it is there."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from musicedu.errors import FileProblem

LONGEST_SEC = 12 * 3600
_PATIENCE_SEC = 900


def decoder() -> str | None:
    """The path of ffmpeg, None if it is not installed."""
    return shutil.which("ffmpeg")


def decoded(path: Path, where: str) -> Path:
    """The sound of a file as a temporary WAV, which the caller removes; `FileProblem` if there is none in it.

    ffmpeg gets the file alone: no network, no other file, no picture.
    """
    program = decoder()
    if program is None:
        raise FileProblem("needs a decoder, and none is installed", where=where, remedy="Install ffmpeg")
    handle = tempfile.NamedTemporaryFile(prefix="musicedu-", suffix=".wav", delete=False)  # noqa: SIM115
    handle.close()
    target = Path(handle.name)
    command = [program, "-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file", "-i", f"file:{path.resolve()}"]
    command += ["-vn", "-sn", "-dn", "-t", str(LONGEST_SEC), "-c:a", "pcm_f32le", "-f", "wav", str(target)]
    try:
        subprocess.run(command, check=True, timeout=_PATIENCE_SEC, stdin=subprocess.DEVNULL, capture_output=True)
    except (OSError, subprocess.SubprocessError) as fault:
        target.unlink(missing_ok=True)
        raise FileProblem("holds no sound that ffmpeg can decode", where=where) from fault
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target
