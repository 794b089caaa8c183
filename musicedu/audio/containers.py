"""What a sound file is by its first bytes, whatever its name says, and whether all of it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

FORMATS = "WAV, FLAC, OGG (Vorbis, Opus), MP3, AIFF, CAF, AU and W64"
SUFFIXES = (
    *(".wav", ".wave", ".bwf", ".rf64", ".flac", ".ogg", ".oga", ".opus", ".mp3"),
    *(".aif", ".aiff", ".aifc", ".caf", ".au", ".snd", ".w64"),
)
"""How the names of files end that are read without help."""

DECODED_SUFFIXES = (
    *(".m4a", ".m4b", ".mp4", ".aac", ".webm", ".weba", ".mka", ".wma", ".amr", ".3gp", ".3ga", ".mov", ".mp2", ".ac3"),
    *(".wv", ".ape", ".alac"),
)
"""How the names of recordings end that a decoder of the user's own may read."""

_SOUND = (
    (b"fLaC", "FLAC"),
    (b"OggS", "OGG"),
    (b"ID3", "MP3"),
    (b"caff", "CAF"),
    (b".snd", "AU"),
    (b"riff.\x91", "W64"),
)
_DECODED = (
    (b"\x1aE\xdf\xa3", "a WebM or Matroska file"),
    (b"0&\xb2u", "a Windows Media file"),
    (b"#!AMR", "an AMR file"),
    (b"wvpk", "a WavPack file"),
    (b"MAC ", "a Monkey's Audio file"),
    (b"\x0bw", "an AC-3 file"),
)
_OTHER = (
    (b"\x00\x00\x01\xba", "an MPEG video"),
    (b"\x00\x00\x01\xb3", "an MPEG video"),
    (b"FLV", "a Flash video"),
    (b"MThd", "a MIDI file: notes, not sound"),
    (b"PK", "a compressed archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_UNKNOWN_SIZE = (0, 0xFFFFFFFF)  # what a recorder writes that was never told to stop
_OGG_TAIL = 1 << 17  # bytes; a page of Ogg is at most 65,307 long


def sound_format(head: bytes) -> str:
    """The format of a sound file by its first 16 bytes; empty if it is none of `FORMATS`."""
    for magic, name in _SOUND:
        if head.startswith(magic):
            return name
    if head[:4] in (b"RIFF", b"RIFX", b"RF64") and head[8:12] == b"WAVE":
        return "WAV"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "AIFF"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 and head[:3] != b"\xff\xd8\xff":
        return "MP3"
    return ""


def decoded_kind(head: bytes) -> str:
    """What a recording that needs a decoder is, such as `an MP4 or M4A file`; empty if it is none."""
    if head[4:8] == b"ftyp":
        return "an MP4 or M4A file"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "an AAC file"
    return next((name for magic, name in _DECODED if head.startswith(magic)), "")


def other_kind(head: bytes) -> str:
    """What a file without sound seems to be, such as `a picture`; empty if that is not known."""
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "an AVI video"
    return next((name for magic, name in _OTHER if head.startswith(magic)), "")


def present_share(path: Path, kind: str) -> float:
    """How much of the sound that the file promises is in it: 1.0 if all is, or if it makes no promise.

    WAV and AIFF say how long their data is; Ogg marks its last page, and a file without that mark gives 0.99. FLAC
    and MP3 are judged while they are decoded.
    """
    if kind in ("WAV", "AIFF"):
        return _share_of_chunks(path, kind)
    return 0.99 if kind == "OGG" and not _ends_as_ogg(path) else 1.0


def _share_of_chunks(path: Path, kind: str) -> float:
    size = path.stat().st_size
    with path.open("rb") as file:
        order: Literal["little", "big"] = "little" if kind == "WAV" and file.read(4) != b"RIFX" else "big"
        at = 12
        for _ in range(1000):  # chunks; a damaged file must not send us round and round
            file.seek(at)
            head = file.read(8)
            if len(head) < 8:
                return 0.0  # the sound itself is missing
            claimed = int.from_bytes(head[4:], order)
            if head[:4] in (b"data", b"SSND"):
                present = size - at - 8
                return 1.0 if claimed in _UNKNOWN_SIZE else min(1.0, present / claimed)
            at += 8 + claimed + claimed % 2
    return 1.0


def _ends_as_ogg(path: Path) -> bool:
    """Whether the last page is whole and marked as the last (RFC 3533, section 6)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _OGG_TAIL))
        tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0 or len(tail) < at + 27:
        return False
    n_segments = tail[at + 26]
    laced = tail[at + 27 : at + 27 + n_segments]
    is_whole = len(laced) == n_segments and len(tail) >= at + 27 + n_segments + sum(laced)
    return is_whole and bool(tail[at + 5] & 0x04)
