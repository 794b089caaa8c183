"""Sound files opened with care: every fault is one line, and nothing is read that was not asked for.

Recordings that only a decoder of the user's own reads (phones' M4A, browsers' WebM) go through ffmpeg, if it is there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import numpy as np
import soundfile

from musicedu.audio.containers import (
    FORMATS,
    MendedFile,
    decoded_kind,
    n_zeros_before,
    other_kind,
    present_share,
    sound_format,
    with_true_length,
)
from musicedu.audio.mixing import Sound
from musicedu.errors import FileProblem

RATES_HZ = (1000, 768_000)
MOST_CHANNELS = 64
_CHUNK = 1 << 14  # frames read at once
_LATE_SEC = 0.1  # how much may be missing at the end before a file counts as cut short
_LOUDEST = 1e9  # of full scale: whole numbers kept as numbers with a fraction are still below it
DECODED = "what needs a decoder"
_CLIPPED, _FLAT = 0.9995, 1e-6
LONGEST_SEC = 12 * 3600
_PATIENCE_SEC = 900


class _ForwardFile(soundfile.SoundFile):  # type: ignore[misc]
    """A sound file that is read on and on: soundfile seeks after every read, and an MP3 then crackles at each seam."""

    def seekable(self) -> bool:
        return False


class SoundSource:
    """An open sound file: what it says of itself, and its samples in chunks.

    Raises `FileProblem` for what is missing, a folder or a device, empty, no sound, damaged or (unless
    `allow_truncated`) cut short. While chunks are read, `n_clipped` of `n_read` samples were clipped.
    """

    def __init__(self, path: str | Path, *, allow_truncated: bool = False) -> None:
        self.path, self.allow_truncated = Path(path), allow_truncated
        self.kind = _kind_of(self.path)
        self._temporary: Path | None = None
        if self.kind == DECODED:
            self._temporary = decoded(self.path, str(path))
            weakref.finalize(self, self._temporary.unlink, missing_ok=True)
        try:
            with quietly() if self.kind == "MP3" else nullcontext():
                self._file = _ForwardFile(self._opened())
        except (soundfile.SoundFileError, TypeError, OSError) as fault:
            raise self._damaged() from fault
        self.sr, self.n_channels = self._file.samplerate, self._file.channels
        self.n_clipped = self.n_read = 0
        if not RATES_HZ[0] <= self.sr <= RATES_HZ[1] or self.n_channels > MOST_CHANNELS:
            raise FileProblem(f"claims {self.sr} Hz and {self.n_channels} channels, which no recording has", **self._at)
        share = 1.0 if self._temporary else present_share(self.path, self.kind)
        promised_sec = self.duration_sec / share if self.kind != "OGG" and share else None
        is_cut = share < 1 if promised_sec is None else promised_sec - self.duration_sec > _LATE_SEC
        if is_cut and not allow_truncated:
            raise self._cut_short(self.duration_sec, promised_sec)
        if self._file.frames == 0:
            raise FileProblem("holds no sound", **self._at, remedy="Record or save it again")

    def _opened(self) -> Path | MendedFile:
        if self._temporary is not None:
            return self._temporary
        if self.kind == "MP3" and (padding := n_zeros_before(self.path)):
            return MendedFile(self.path, skipped=padding)
        return (with_true_length(self.path) if self.kind == "WAV" else None) or self.path

    @property
    def duration_sec(self) -> float:
        """As far as the file says."""
        return float(self._file.frames / self.sr)

    def refuse_longer(self, longest_sec: float) -> None:
        """Raise `FileProblem` if the file lasts longer."""
        if self.duration_sec > longest_sec:
            self._file.close()
            raise FileProblem(
                f"lasts {clock(self.duration_sec)}, and at most {clock(longest_sec)} are heard", **self._at
            )

    def chunks(
        self, offset_sec: float = 0.0, duration_sec: float | None = None, *, longest: int = _CHUNK
    ) -> Iterator[Sound]:
        """The samples from `offset_sec` on, float32 of shape (n_frames, n_channels); then the file is closed.

        longest: frames in a chunk, no more than 16,384. Raises `FileProblem` where samples are no numbers, or where
        the file breaks off.
        """
        first, last, longest = round(offset_sec * self.sr), self._file.frames, max(1, min(longest, _CHUNK))
        if duration_sec is not None:
            last = min(last, first + round(duration_sec * self.sr))
        with self._file:
            at = self._seek(first)
            while at < last:
                chunk = self._read(min(longest, last - at), at)
                self._refuse_non_numbers(chunk, at)
                self.n_clipped += count_clipped(chunk)
                self.n_read += chunk.size
                at += len(chunk)
                if len(chunk):
                    yield chunk
                if at < last and len(chunk) < longest:
                    break
        if (last - at) / self.sr > _LATE_SEC and not self.allow_truncated:
            raise self._cut_short(at / self.sr, self.duration_sec)

    def _seek(self, first: int) -> int:
        if first >= self._file.frames:
            raise FileProblem(
                f"lasts {clock(self.duration_sec)}; there is nothing from {clock(first / self.sr)} on", **self._at
            )
        try:
            return int(self._file.seek(first)) if first else 0
        except soundfile.SoundFileError as fault:
            raise self._damaged() from fault

    def _read(self, n_frames: int, at: int) -> Sound:
        try:
            with quietly() if self.kind == "MP3" else nullcontext():
                chunk: Sound = self._file.read(n_frames, dtype="float32", always_2d=True)
        except soundfile.SoundFileError as fault:
            if self.allow_truncated:
                return np.zeros((0, self.n_channels), dtype=np.float32)
            raise self._cut_short(at / self.sr, self.duration_sec) from fault
        return chunk

    def _refuse_non_numbers(self, chunk: Sound, at: int) -> None:
        bad = np.flatnonzero(~np.isfinite(chunk).all(axis=1))
        if len(bad):
            raise FileProblem(
                f"holds samples that are no numbers, the first at {clock((at + int(bad[0])) / self.sr)}",
                **self._at,
                remedy="Record or save it again",
            )
        if float(np.max(np.abs(chunk), initial=0.0)) > _LOUDEST:
            raise FileProblem(
                f"holds samples more than {_LOUDEST:g} times full scale, the first about {clock(at / self.sr)}",
                **self._at,
                remedy="Save it with samples from -1 to 1",
            )

    @property
    def _at(self) -> dict[str, str]:
        return {"where": str(self.path)}

    def _damaged(self) -> FileProblem:
        return FileProblem(f"is damaged: it begins as {self.kind} and cannot be decoded", **self._at)

    def _cut_short(self, present_sec: float, promised_sec: float | None) -> FileProblem:
        promise = f" of {clock(promised_sec)}" if promised_sec else ""
        return FileProblem(
            f"is damaged or cut short: it breaks off after {clock(present_sec)}{promise}",
            **self._at,
            remedy="Save it again, or take what is there with allow_truncated=True",
        )


def count_clipped(chunk: Sound) -> int:
    """How many samples, of shape (n_frames, n_channels), are cut off at full scale.

    Counted are samples beyond full scale and runs of three or more equal ones at it: a loud sound that is whole
    touches full scale with one or two.
    """
    loud = np.abs(chunk) >= _CLIPPED
    if not loud.any():
        return 0
    held = loud[1:] & loud[:-1] & (np.abs(np.diff(chunk, axis=0)) <= _FLAT)  # equal to the one before
    flat = np.zeros_like(loud)
    for shift in range(3):
        flat[shift : len(flat) - 2 + shift] |= held[:-1] & held[1:]
    return int(np.count_nonzero(flat | (np.abs(chunk) > 1.0 + _FLAT)))


def clock(seconds: float) -> str:
    """A duration as a reader says it.

    >>> clock(2.5), clock(75), clock(36_000)
    ('2.50 s', '1:15 min', '10:00:00 h')
    """
    if seconds < 60:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d}:{rest:02d} h"


def _kind_of(path: Path) -> str:
    where = str(path)
    try:
        if path.is_dir():
            raise FileProblem("is a folder", where=where, remedy="Name a sound file in it")
        if not path.exists():
            raise FileProblem("there is no such file", where=where)
        if not path.is_file():
            raise FileProblem("is no ordinary file", where=where)
        with path.open("rb") as file:
            head = file.read(16)
    except (OSError, ValueError) as fault:  # ValueError: a null byte in the path
        raise FileProblem(f"cannot be read ({fault})", where=where) from None
    if not head:
        raise FileProblem("is empty", where=where, remedy="Record or save it again")
    kind = sound_format(head)
    if not kind and head[:1] == b"\0" and (padding := n_zeros_before(path)):
        with path.open("rb") as file:
            file.seek(padding)
            kind = "MP3" if sound_format(file.read(16)) == "MP3" else ""
    if not kind and (foreign := decoded_kind(head)):
        if decoder() is None:
            remedy = f"Install ffmpeg, and it will be; or save its sound as one of {FORMATS}"
            raise FileProblem(f"is {foreign}, which cannot be read without a decoder", where=where, remedy=remedy)
        return DECODED
    if not kind:
        seen = other_kind(head)
        problem = f"is {seen}" if seen else "is no sound file"
        raise FileProblem(problem, where=where, remedy=f"{FORMATS} can be read: save its sound as one of them")
    return kind


def decoder() -> str | None:
    """The path of ffmpeg, None if it is not installed."""
    return shutil.which("ffmpeg")


def decoded(path: Path, where: str) -> Path:
    """The sound of a file as a temporary WAV, which the caller removes; `FileProblem` if there is none in it.

    ffmpeg gets the file alone: no network, no other file, no picture.
    """
    program = decoder()
    if program is None:
        raise FileProblem("needs a decoder, and none is installed", where=where, remedy="Install ffmpeg")
    handle = tempfile.NamedTemporaryFile(prefix="musicedu-", suffix=".wav", delete=False)  # noqa: SIM115
    handle.close()
    target = Path(handle.name)
    command = [program, "-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file", "-i", f"file:{path.resolve()}"]
    command += ["-vn", "-sn", "-dn", "-t", str(LONGEST_SEC), "-c:a", "pcm_f32le", "-f", "wav", str(target)]
    try:
        subprocess.run(command, check=True, timeout=_PATIENCE_SEC, stdin=subprocess.DEVNULL, capture_output=True)
    except (OSError, subprocess.SubprocessError) as fault:
        target.unlink(missing_ok=True)
        raise FileProblem("holds no sound that ffmpeg can decode", where=where) from fault
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


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
