"""Files that people give for a score and that are none: what they are, by their content, and what to do with them."""

from __future__ import annotations

import re
from collections.abc import Collection

from musicedu.errors import FileProblem

_EXPORT = "Open it in {} and export it as MusicXML"
_SOUND = "Sound holds no written notes; `musicedu extract` describes it"
_PICTURE = "Give the score as MusicXML, MIDI or ABC; a program that reads printed music can make that of it"
_PROGRAMS = {
    "musescore": ("a MuseScore file", "MuseScore"),
    "sibelius": ("a Sibelius file", "Sibelius"),
    "finale": ("a Finale file", "Finale"),
    "guitar pro": ("a Guitar Pro file", "Guitar Pro or MuseScore"),
    "encore": ("an Encore file", "Encore"),
    "noteworthy": ("a NoteWorthy Composer file", "NoteWorthy Composer"),
    "capella": ("a capella file", "capella"),
    "dorico": ("a Dorico file", "Dorico"),
    "lilypond": ("a LilyPond file", "a program that reads LilyPond, such as Frescobaldi,"),
}
_BY_START = (
    (rb"\x0fSIBELIUS", "sibelius"), (rb"ENIGMA BINARY FILE", "finale"), (rb".FICHIER GUITAR PRO", "guitar pro"),
    (rb"BCF[SZ]", "guitar pro"), (rb"\[NoteWorthy|\[NWZ\]", "noteworthy"),
    (rb"\s*(?:<\?xml[^>]*>\s*)?<museScore\b", "musescore"),
    (rb"\s*(?:%[^\n]*\n\s*)*\\(?:version|relative|header)\b", "lilypond"),
)  # fmt: skip
_BY_SUFFIX = {
    ".mscz": "musescore", ".mscx": "musescore", ".sib": "sibelius", ".musx": "finale", ".mus": "finale",
    ".gp": "guitar pro", ".gp3": "guitar pro", ".gp4": "guitar pro", ".gp5": "guitar pro", ".gpx": "guitar pro",
    ".enc": "encore", ".nwc": "noteworthy", ".cap": "capella", ".capx": "capella", ".dorico": "dorico",
    ".ly": "lilypond",
}  # fmt: skip
_OTHERS = (
    (rb"%PDF", "a PDF, a picture of a score", _PICTURE),
    (
        rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0\0\0|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(?:heic|heix|mif1|avif)",
        "a picture", _PICTURE,
    ),
    (rb"ID3|\xff[\xfa\xfb\xf2\xf3]|RIFF.{4}WAVE|OggS|fLaC|FORM.{4}AIF|\.snd|\x1aE\xdf\xa3", "a recording", _SOUND),
    (rb".{4}ftyp", "a recording or a film", _SOUND),
    (rb"\xd0\xcf\x11\xe0", "a document of an older Office program", "Give the score as MusicXML, MIDI or ABC"),
    (rb"\x1f\x8b|Rar!|7z\xbc\xaf", "an archive", "Unpack it, and give the score in it"),
    (rb"\s*<!DOCTYPE\s+html|\s*<html", "a web page", "Download the score itself, as MusicXML, MIDI or ABC"),
)  # fmt: skip
_ARCHIVES = (
    (r".*\.mscx", "musescore"), (r"Content/score\.gpif|score\.gpif", "guitar pro"),
    (r"NotationMetadata\.xml|score\.dat", "finale"),
)  # fmt: skip


def refuse_foreign(data: bytes, suffix: str, where: str) -> None:
    """Raise `FileProblem` for a file of another kind that can be named, by its content or else by its suffix."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    for start, program in _BY_START:
        if re.match(start, head, re.DOTALL):
            raise _of_program(program, where)
    for start, what, remedy in _OTHERS:
        if re.match(start, head, re.DOTALL | re.IGNORECASE if "web" in what else re.DOTALL):
            raise FileProblem(f"is {what}", where=where, remedy=remedy)
    if suffix in _BY_SUFFIX and not head.lstrip().startswith((b"<", b"MThd")):
        raise _of_program(_BY_SUFFIX[suffix], where)


def refuse_foreign_archive(names: Collection[str], where: str) -> None:
    """Raise `FileProblem` for an archive whose parts are those of another kind of file."""
    for pattern, program in _ARCHIVES:
        if any(re.fullmatch(pattern, name) for name in names):
            raise _of_program(program, where)
    for start, what in (
        ("word/", "a Word document"),
        ("xl/", "an Excel workbook"),
        ("ppt/", "a presentation"),
        ("Index/", "a document of Pages, Numbers or Keynote"),
    ):
        if any(name.startswith(start) for name in names):
            raise FileProblem(f"is {what}", where=where, remedy="Give the score as MusicXML, MIDI or ABC")
    if "META-INF/manifest.xml" in names and "content.xml" in names:
        raise FileProblem("is an OpenDocument file", where=where, remedy="Give the score as MusicXML, MIDI or ABC")
    inside = [name for name in names if name.lower().endswith((".mxl", ".mid", ".midi", ".abc"))]
    if inside:
        raise FileProblem(
            "is an archive of scores", where=where, remedy=f"Unpack it, and give a score in it ({inside[0][:60]})"
        )


def _of_program(program: str, where: str) -> FileProblem:
    what, opened_in = _PROGRAMS[program]
    return FileProblem(f"is {what}, which cannot be read", where=where, remedy=_EXPORT.format(opened_in))
