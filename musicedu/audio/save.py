"""Sound to files (WAV, FLAC, OGG or MP3, told by the suffix), and to the bytes of an MP3 for players inside a page."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from musicedu.audio.mixing import Sound
from musicedu.errors import FileProblem
from musicedu.storage import atomic_file

_FORMATS = {".wav": ("WAV", "PCM_16"), ".flac": ("FLAC", "PCM_16"), ".ogg": ("OGG", "VORBIS"), ".mp3": ("MP3", None)}


def save_audio(y: Sound, sr: int, path: str | Path) -> None:
    """Write sound in the format that the suffix names, completely or not at all.

    y: from -1 to 1, of shape (n_samples,) or (n_channels, n_samples); louder samples are cut off, as any player would.
    WAV and FLAC keep 16 bits, OGG and MP3 what the ear notices. Raises `FileProblem` for a suffix that names no
    format and for a rate that the format does not know, `StorageProblem` where the file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in _FORMATS:
        raise FileProblem(
            f"has the suffix {path.suffix or 'of nothing'}, which names no format of sound",
            where=path.name,
            remedy=f"Known are {', '.join(_FORMATS)}",
        )
    if not np.all(np.isfinite(y)):
        raise ValueError("y must hold finite samples")
    kind, subtype = _FORMATS[path.suffix.lower()]
    with atomic_file(path) as unfinished:
        try:
            soundfile.write(unfinished, np.clip(np.asarray(y, np.float32).T, -1, 1), sr, format=kind, subtype=subtype)
        except soundfile.LibsndfileError as fault:
            raise FileProblem(f"cannot be {kind} at {sr} Hz", where=path.name, remedy="Resample it first") from fault


def render_mp3(y: npt.NDArray[np.float32], sr: int, *, compression: float = 0.7) -> bytes:
    """Encode mono sound (-1 to 1) as MP3, the one small format that every browser plays.

    `compression` goes from 0 (best) to 1 (smallest); 0.7 is about 5 kB for a second at 22,050 Hz. The same sound
    gives the same bytes (Ogg would not: its streams are numbered at random).
    """
    buffer = io.BytesIO()
    soundfile.write(buffer, y, sr, format="MP3", subtype="MPEG_LAYER_III", compression_level=compression)
    return buffer.getvalue()
