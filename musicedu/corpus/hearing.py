"""What a worker does with one sound file; it imports no more than that needs, so that workers start quickly."""

from __future__ import annotations

from musicedu.audio.decode import SoundSource
from musicedu.audio.load import stream_audio
from musicedu.audio.summary import summarise_passing
from musicedu.errors import FileProblem

LONGEST_SEC = 12 * 3600.0
"""Longer recordings are left out: they are streams, not takes."""


def hear(sr: int, path: str) -> dict[str, float] | FileProblem:
    """The features of a file at `sr` hertz, or what is wrong with it: no exception that would end the others' work."""
    try:
        SoundSource(path).refuse_longer(LONGEST_SEC)
        return summarise_passing(lambda: (block.y for block in stream_audio(path, sr=sr)), sr)
    except FileProblem as fault:
        return fault
