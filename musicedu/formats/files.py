"""Melodies on disk: the format is told by what a file holds, and by its name where that leaves a doubt."""

from __future__ import annotations

import re
from pathlib import Path

from musicedu.errors import FileProblem
from musicedu.formats.abc_write import render_abc
from musicedu.formats.midi import parse_midi, render_midi
from musicedu.formats.musicxml import parse_musicxml, render_musicxml
from musicedu.formats.mxl import parse_mxl, render_mxl
from musicedu.melody import Melody
from musicedu.storage import write_atomically

SUFFIXES = {
    ".musicxml": "MusicXML", ".xml": "MusicXML", ".mxl": "compressed MusicXML", ".mid": "MIDI", ".midi": "MIDI",
    ".abc": "ABC",
}  # fmt: skip
"""The name of the format by suffix, for reading and writing."""

_KNOWN = "MusicXML (.musicxml, .xml, .mxl), MIDI (.mid, .midi) and ABC (.abc)"
_LARGEST = 50_000_000  # bytes
_ABC_FIELD = re.compile(rb"^\s*[XK]:", re.MULTILINE)


def load_melody(path: str | Path) -> Melody:
    """Read the melody in a MusicXML, MIDI or ABC file, whatever its suffix if its content is plain.

    Raises `FileProblem` in one line for a file that is missing, empty, too large, damaged or of another kind, or that
    holds no single melodic line.
    """
    path = Path(path)
    data = _bytes_of(path)
    match _format_of(data, path.suffix.lower()):
        case "MusicXML":
            return parse_musicxml(data, path.name)
        case "compressed MusicXML":
            return parse_mxl(data, path.name)
        case "MIDI":
            return parse_midi(data, path.name)
        case "ABC":
            # Imported here because it imports music21 (1-2 s), which nobody waits for who has no ABC.
            from musicedu.formats.abc import parse_abc

            return parse_abc(_text_of(data), path.name)
        case _:
            raise FileProblem("is no file of music that can be read", where=path.name, remedy=f"Known are {_KNOWN}.")


def save_melody(melody: Melody, path: str | Path) -> None:
    """Write a melody in the format that the suffix names, completely or not at all.

    Raises `FileProblem` for a suffix that names none, `StorageProblem` where the file cannot be written.
    """
    path = Path(path)
    match SUFFIXES.get(path.suffix.lower()):
        case "MusicXML":
            data = render_musicxml(melody)
        case "compressed MusicXML":
            data = render_mxl(melody)
        case "MIDI":
            data = render_midi(melody)
        case "ABC":
            data = render_abc(melody).encode()
        case _:
            suffix = f"the suffix {path.suffix}" if path.suffix else "no suffix"
            raise FileProblem(f"has {suffix}, which names no format", where=path.name, remedy=f"Known are {_KNOWN}.")
    write_atomically(path, data)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise FileProblem("is a folder", where=str(path), remedy="Name a file in it.")
        if not path.exists():
            raise FileProblem("there is no such file", where=str(path))
        if not path.is_file() or path.stat().st_size > _LARGEST:
            raise FileProblem(f"is no file of at most {_LARGEST // 1_000_000} MB", where=str(path))
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        raise FileProblem(f"cannot be read ({error})", where=str(path)) from None
    if not data.strip():
        raise FileProblem("is empty", where=path.name, remedy=f"Known are {_KNOWN}.")
    return data


def _format_of(data: bytes, suffix: str) -> str:
    """The format by the first bytes, else by the suffix if the content does not speak against it, else none."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    if data.startswith(b"MThd"):
        return "MIDI"
    if data.startswith(b"PK"):
        return "compressed MusicXML"
    if head.startswith(b"<"):
        return "MusicXML"
    if suffix != ".abc" and suffix in SUFFIXES:
        return SUFFIXES[suffix]  # its reader says what is wrong with it
    if suffix == ".abc" or (b"\0" not in data and _ABC_FIELD.search(data)):
        return "ABC"
    return ""


def _text_of(data: bytes) -> str:
    """Decode UTF-8, or Latin-1 as old collections have it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
