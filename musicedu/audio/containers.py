"""What a sound file is by its first bytes, whatever its name says, and whether all of it is there.

Files that are whole but for their first bytes are read as they were meant.
"""

from __future__ import annotations

import io
import os
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
_MOST_PADDING = 1 << 16
_LARGEST_CLAIM = 0xFFFFFFFE


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


class MendedFile(io.RawIOBase):
    """A file read from `skipped` bytes on, in which some bytes are others than on disk: `patches` by their place."""

    def __init__(self, path: Path, *, skipped: int = 0, patches: dict[int, bytes] | None = None) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._skipped, self._patches = skipped, patches or {}
        self._file.seek(skipped)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell() - self._skipped

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._file.seek(offset + (self._skipped if whence == os.SEEK_SET else 0), whence)
        return self.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        begin = self.tell()
        n_read = self._file.readinto(buffer)
        for place, data in self._patches.items():
            for at, byte in enumerate(data, start=place - begin):
                if 0 <= at < n_read:
                    buffer[at : at + 1] = bytes([byte])
        return n_read

    def close(self) -> None:
        self._file.close()
        super().close()


def with_true_length(path: Path) -> MendedFile | None:
    """A WAV whose recorder never wrote how long it is (0 bytes of sound, it says), told so; None for any other."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return None
        at = 12
        for _ in range(1000):
            file.seek(at)
            chunk = file.read(8)
            if len(chunk) < 8:
                return None
            claimed = int.from_bytes(chunk[4:], "little")
            if chunk[:4] == b"data":
                present = min(size - at - 8, _LARGEST_CLAIM)
                if claimed or not present:
                    return None
                riff = min(size - 8, _LARGEST_CLAIM).to_bytes(4, "little")
                return MendedFile(path, patches={4: riff, at + 4: present.to_bytes(4, "little")})
            at += 8 + claimed + claimed % 2
    return None


def n_zeros_before(path: Path) -> int:
    """How many zero bytes stand before the first other one; 0 where there are more than recorders pad with."""
    with path.open("rb") as file:
        head = file.read(_MOST_PADDING)
    kept = head.lstrip(b"\0")
    return len(head) - len(kept) if kept else 0
