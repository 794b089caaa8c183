"""What a worker does with one sound file; it imports no more than that needs, so that workers start quickly."""

from __future__ import annotations

from musicedu.audio.load import load_audio
from musicedu.audio.summary import summarise_sound
from musicedu.errors import FileProblem


def hear(sr: int, path: str) -> dict[str, float] | FileProblem:
    """The features of a file at `sr` hertz, or what is wrong with it: no exception that would end the others' work."""
    try:
        return summarise_sound(load_audio(path, sr=sr).y, sr)
    except FileProblem as fault:
        return fault
