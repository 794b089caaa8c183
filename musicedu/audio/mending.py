"""Sound files that are whole but for their first bytes, read as they were meant; and decoders that do not chatter."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MOST_PADDING = 1 << 16
_LARGEST_CLAIM = 0xFFFFFFFE


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


@contextmanager
def quietly() -> Iterator[None]:
    """Keep what a decoder's C code says of a file off the terminal: what matters is said in one line of our own."""
    try:
        sys.stderr.flush()
        kept = os.dup(2)
    except (OSError, ValueError):  # there is no standard error
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
