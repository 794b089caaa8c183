"""Melodies on disk: the format is told by what a file holds, and by its name where that leaves a doubt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from musicedu.errors import FileProblem
from musicedu.formats.abc_book import holds_abc, text_of
from musicedu.formats.abc_write import render_abc
from musicedu.formats.foreign import refuse_foreign
from musicedu.formats.midi import read_midi, render_midi
from musicedu.formats.midi_played import read_played
from musicedu.formats.musicxml import read_musicxml, render_musicxml
from musicedu.formats.mxl import read_mxl, render_mxl
from musicedu.formats.reading import ANY_LINE, Choice, Reading, chosen
from musicedu.melody import Melody
from musicedu.played import PlayedNote
from musicedu.storage import write_atomically

SUFFIXES = {
    ".musicxml": "MusicXML", ".xml": "MusicXML", ".mxl": "compressed MusicXML", ".mid": "MIDI", ".midi": "MIDI",
    ".abc": "ABC",
}  # fmt: skip
"""The name of the format by suffix, for reading and writing."""

_KNOWN = "MusicXML (.musicxml, .xml, .mxl), MIDI (.mid, .midi) and ABC (.abc)"
_LARGEST = 50_000_000  # bytes


def load_melody(
    path: str | Path,
    *,
    part: int | str | None = None,
    voice: int | str | None = None,
    tune: int | str | None = None,
    tell: Callable[[str], object] = print,
) -> Melody:
    """Read the melody in a MusicXML, MIDI or ABC file, whatever its suffix if its content is plain.

    `part`, `voice` and `tune` (a number from 1 or a name) say which line is meant where a file holds several. `tell`
    gets a sentence for each thing that was chosen, mended or passed over; by default it is printed. Raises
    `FileProblem` in one line for a file that is missing, empty, too large, damaged or of another kind, or that holds
    no single melodic line.
    """
    reading = read_music(path, Choice(part, voice, tune))
    for notice in reading.notices:
        tell(f"{Path(path).name}: {notice}")
    return reading.melody


def load_played(
    path: str | Path, *, part: int | str | None = None, tell: Callable[[str], object] = print
) -> tuple[PlayedNote, ...]:
    """Read a take, what somebody played on a keyboard and recorded as MIDI: its notes in seconds, put on no grid.

    `part` (a number from 1 or a name) says which track is meant where a file holds several. A note lasts as long as it
    sounds, the sustain pedal obeyed. `tell` gets a sentence for each thing that was chosen, mended or passed over; by
    default it is printed. Raises `FileProblem` in one line for a file that is missing, empty, too large, damaged or of
    another kind, or that holds no notes.
    """
    path = Path(path)
    data = _bytes_of(path)
    refuse_foreign(data, path.suffix.lower(), path.name)
    kind = _format_of(data, path.suffix.lower())
    if kind != "MIDI":
        problem = f"is {kind}, which holds no playing" if kind else "is no MIDI file"
        raise FileProblem(problem, where=path.name, remedy="A take is a MIDI file (.mid, .midi)")
    take = read_played(data, path.name, part)
    for notice in take.notices:
        tell(f"{path.name}: {notice}")
    return take.notes


def read_music(path: str | Path, choice: Choice = ANY_LINE) -> Reading:
    """Read a file as `load_melody` does, and keep what is to be said of it; raises what that raises."""
    path = Path(path)
    reading = _read(path, choice)
    if not reading.melody.notes:
        raise FileProblem("holds no notes", where=path.name, remedy=". ".join(reading.passed_over))
    return reading


def _read(path: Path, choice: Choice) -> Reading:
    data = _bytes_of(path)
    refuse_foreign(data, path.suffix.lower(), path.name)
    kind = _format_of(data, path.suffix.lower())
    if choice.tune is not None and kind in ("MusicXML", "compressed MusicXML", "MIDI"):
        chosen([""], choice.tune, "tune", path.name)  # such a file holds one
    match kind:
        case "MusicXML":
            return read_musicxml(data, path.name, choice)
        case "compressed MusicXML":
            return read_mxl(data, path.name, choice)
        case "MIDI":
            return read_midi(data, path.name, choice)
        case "ABC":
            # Imported here because it imports music21 (1-2 s), which nobody waits for who has no ABC.
            from musicedu.formats.abc import read_abc

            return read_abc(text_of(data), path.name, choice)
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
    if data.startswith(b"MThd") or data[8:12] == b"RMID":
        return "MIDI"
    if data.startswith(b"PK"):
        return "compressed MusicXML"
    if head.startswith(b"<"):
        return "MusicXML"
    if suffix != ".abc" and suffix in SUFFIXES:
        return SUFFIXES[suffix]  # its reader says what is wrong with it
    if suffix == ".abc" or holds_abc(data):
        return "ABC"
    return ""
