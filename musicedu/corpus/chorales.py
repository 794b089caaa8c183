"""One voice of a chorale: cut out of its score, so that only a quarter of the file need be parsed."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Literal

from musicedu.corpus.collections import Part
from musicedu.errors import FileProblem
from musicedu.formats.musicxml import parse_musicxml
from musicedu.formats.reading import NotOneLine
from musicedu.melody import Melody

Voice = Literal["soprano", "alto", "tenor", "bass"]
VOICES: tuple[Voice, ...] = ("soprano", "alto", "tenor", "bass")
"""From the highest to the lowest, as a score of four nameless parts has them."""

_NAMED = {voice: re.compile(rf"{voice.title()}\b") for voice in VOICES}
_SCORE_PART = re.compile(rb'<score-part\s+id="([^"]*)".*?</score-part>', re.DOTALL)
_PART_NAME = re.compile(rb"<part-name[^>]*>([^<]*)")
_PART = re.compile(rb'<part\s+id="([^"]*)".*?</part>', re.DOTALL)


def read_chorale(path: Path, voice: Part | Voice, where: str = "") -> Melody:
    """Read one voice of a four-part score as a melody, titled by its BWV number.

    Raises `FileProblem` where the score has no such voice, or the voice divides.
    """
    melody = parse_musicxml(_one_part(_score(path), voice, where), where, alone=True)
    return replace(melody, title=f"BWV {path.stem.removeprefix('bwv')}, {voice}")


def _score(path: Path) -> bytes:
    if path.suffix != ".mxl":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return archive.read(next(name for name in archive.namelist() if not name.startswith("META-INF")))


def _one_part(score: bytes, voice: Part | Voice, where: str) -> bytes:
    """The score without its other parts, still a whole document."""
    parts = list(_PART.finditer(score))
    names = {entry[1]: _PART_NAME.search(entry[0]) for entry in _SCORE_PART.finditer(score)}
    texts = [name[1].decode(errors="replace").strip() if (name := names.get(part[1])) else "" for part in parts]
    found = [part for part, text in zip(parts, texts, strict=True) if voice and _NAMED[voice].match(text)]
    if voice and not found and len(parts) == 4 and not any(texts):
        found = [parts[VOICES.index(voice)]]
    if not found:
        raise FileProblem(f"has no part called {voice}", where=where, kind=NotOneLine.NO_SUCH_VOICE)
    return score[: parts[0].start()] + found[0][0] + score[parts[-1].end() :]
