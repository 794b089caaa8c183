"""Compressed MusicXML (.mxl): a zip archive of one score and a note that says which file it is."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from musicedu.errors import FileProblem
from musicedu.formats.foreign import refuse_foreign_archive
from musicedu.formats.musicxml import read_musicxml, render_musicxml
from musicedu.formats.musicxml.tree import MOST_BYTES
from musicedu.formats.reading import ANY_LINE, Choice, Reading
from musicedu.melody import Melody

_CONTAINER = "META-INF/container.xml"
_SCORE = "score.musicxml"
_MEDIA_TYPE = "application/vnd.recordare.musicxml+xml"
_DATE = (1980, 1, 1, 0, 0, 0)  # the zip epoch: the same melody gives the same bytes
_MOST_CONTAINER_BYTES = 100_000
_MOST_MEMBERS = 1_000
_HIGHEST_RATIO = 200  # real scores compress about 30 to 1
_CONTAINER_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<container>\n  <rootfiles>\n'
    f'    <rootfile full-path="{_SCORE}" media-type="{_MEDIA_TYPE}"/>\n  </rootfiles>\n</container>\n'
)


def render_mxl(melody: Melody, *, instrument: str = "", part_name: str = "", clef: str = "") -> bytes:
    """Write a melody as a compressed MusicXML file; the arguments are those of `render_musicxml`."""
    score = render_musicxml(melody, instrument=instrument, part_name=part_name, clef=clef)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in ((_CONTAINER, _CONTAINER_XML.encode()), (_SCORE, score)):
            member = zipfile.ZipInfo(name, _DATE)
            member.create_system = 3  # else the bytes would depend on the operating system
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return buffer.getvalue()


def parse_mxl(data: bytes, where: str = "", *, part: int | str | None = None) -> Melody:
    """Read the melody in a compressed MusicXML file; see `read_mxl`."""
    return read_mxl(data, where, Choice(part=part)).melody


def read_mxl(data: bytes, where: str = "", choice: Choice = ANY_LINE) -> Reading:
    """Read the melody in a compressed MusicXML file as `read_musicxml` does; nothing is ever unpacked to disk.

    Raises `FileProblem` for an archive that is broken, encrypted,
    too large when unpacked, names files outside itself, or holds no score.
    """
    return read_musicxml(unpack_score(data, where), where, choice)


def unpack_score(data: bytes, where: str = "") -> bytes:
    """Return the bytes of the score inside a .mxl archive."""
    if not data:
        raise FileProblem("the file is empty", where=where, remedy="Export it again as MusicXML")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {member.filename: member for member in archive.infolist()}
            _refuse_escapes(list(members), where)
            refuse_foreign_archive(members, where)
            return _read(archive, members[_score_name(archive, members, where)], MOST_BYTES, where)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, ValueError, OSError):
        raise FileProblem(
            "this is no .mxl archive, or it is broken", where=where, remedy="Export it again as MusicXML"
        ) from None


def _refuse_escapes(names: list[str], where: str) -> None:
    if len(names) > _MOST_MEMBERS:
        raise FileProblem(f"the archive holds {len(names):,} files, no score does", where=where)
    for name in names:
        if name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts:
            raise FileProblem(f"the archive names a file outside itself ({name[:40]!r})", where=where)


def _score_name(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], where: str) -> str:
    """The score's name from the container, or where that is missing or wrong the first MusicXML there is."""
    names: list[str] = []
    if _CONTAINER in members:
        text = _read(archive, members[_CONTAINER], _MOST_CONTAINER_BYTES, where)
        try:
            container = fromstring(text)
        except (ParseError, DefusedXmlException, LookupError):
            raise FileProblem("the archive's container.xml is broken", where=where, remedy="Export it again") from None
        files = (element for element in container.iter() if element.tag.rpartition("}")[2] == "rootfile")
        names = [file.get("full-path", "") for file in files]
    if not names or names[0] not in members:
        names = sorted(filter(_may_be_score, members), key=lambda name: name.count("/"))
    if not names:
        raise FileProblem("the archive holds no score", where=where, remedy="Export it again as MusicXML")
    return names[0]


def _may_be_score(name: str) -> bool:
    """Whether a part of an archive is a score by its name; `._` files are what a Mac keeps beside each file."""
    path = PurePosixPath(name)
    is_beside = path.name.startswith(".") or path.parts[:1] in (("META-INF",), ("__MACOSX",))
    return path.suffix.lower() in (".xml", ".musicxml") and not is_beside


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most_bytes: int, where: str) -> bytes:
    """Unpack one member, at most `most_bytes`; sizes in the archive's headers are not believed."""
    if member.flag_bits & 1:
        raise FileProblem("the archive is encrypted", where=where, remedy="Save it without a password")
    too_large = FileProblem(
        f"the archive unpacks to far more than a score ({most_bytes / 1e6:g} MB at most)", where=where
    )
    allowed = min(most_bytes, max(_MOST_CONTAINER_BYTES, member.compress_size * _HIGHEST_RATIO))
    if member.file_size > allowed:
        raise too_large
    with archive.open(member) as file:
        data = file.read(allowed + 1)
    if len(data) > allowed:
        raise too_large
    return data
