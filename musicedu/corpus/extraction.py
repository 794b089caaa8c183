"""From a list of sound files to a table of features: on all cores or on a cluster, each file computed once.

    table = extract_features(sorted(Path("takes").glob("*.wav")))

Each row is a file, each column a feature of `musicedu.audio.summary.FEATURES`. A file that cannot be used is told of
and left out. The table is saved as Parquet, which keeps every digit, or as CSV for a spreadsheet.

What was computed once is kept by the content of the file it describes: one small file of JSON for each content, under
its hash, written completely or not at all, the moment it is known, so that a run that was killed goes on where it was.
A file that was renamed or copied is known again; one that was changed is not. What is damaged, or of another version of
the features, counts as missing.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from musicedu.audio.containers import DECODED_SUFFIXES, SUFFIXES
from musicedu.audio.decode import SoundSource
from musicedu.audio.load import stream_audio
from musicedu.audio.summary import FEATURES, SUMMARY_VERSION, summarise_passing
from musicedu.corpus.pool import Client, Progress, jobs_for_memory, map_over, progress_bar
from musicedu.errors import FileProblem
from musicedu.storage import atomic_file, cache_folder, write_atomically

if TYPE_CHECKING:
    import pandas as pd

SAMPLE_RATE_HZ = 22_050
COLUMNS = ("path", "sha256", *FEATURES)
"""The columns of a table: the path as given, the SHA-256 of the file, and the features."""

_HASHING_THREADS = 4
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PROCESS_BYTES = 400_000_000  # what a process needs for a recording of any length, and some to spare
_FEW_BYTES = 4_000_000  # of sound, which one process has heard before others have started

Values = dict[str, float]
Known = dict[str, Values | FileProblem]
LONGEST_SEC = 12 * 3600.0
"""Longer recordings are left out: they are streams, not takes."""
_CHUNK = 1 << 20
KINDS = (".parquet", ".csv")


def extract_features(
    paths: Iterable[str | Path],
    *,
    sr: int = SAMPLE_RATE_HZ,
    jobs: int | None = None,
    client: Client | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
    say: Callable[[str], None] | None = None,
) -> pd.DataFrame:
    """Compute the features of many recordings: a row for each usable file, in the order given, with `COLUMNS`.

    sr: hertz at which all are compared; jobs: processes (as many as there are cores by default, or 1 where the files
    are few); client: of a Dask cluster, which takes their place and must see the same files; cache: folder of what is
    known already (in the user's cache folder by default); progress: told of each file (a bar on a terminal by
    default); say: given one line for each file that is missing, damaged or no sound (standard error by default).

    Results are kept as they come: after a kill the same call computes only what is missing. Raises `StorageProblem`
    where the cache cannot be written, `ValueError` for an `sr` that is out of range.
    """
    if not 8000 <= sr <= 96_000:
        raise ValueError(f"sr must be from 8000 to 96000 Hz, not {sr}")
    files = [Path(path) for path in paths]
    kept = FeatureCache(sr, cache)
    contents, known = _look_up(files, kept)
    todo = {content: path for path, content in zip(files, contents, strict=True) if content not in known}
    n_done = sum(content in known for content in contents)
    with nullcontext(progress) if progress else progress_bar("Listening") as tell:
        tell(n_done, len(files))
        for n_more, (content, heard) in enumerate(_hear_all(todo, sr, jobs, client), start=1):
            known[content] = heard
            if not isinstance(heard, FileProblem):
                kept.put(content, heard)
            tell(n_done + n_more, n_done + len(todo))
    return _table(files, contents, known, say or _say)


def find_recordings(folder: Path) -> tuple[list[Path], list[FileProblem]]:
    """The files in a folder, and in those in it, that are named like recordings; and the folders that are closed to us.

    The notes that Macs put beside files (`._take.wav`) are no recordings.
    """
    closed: list[FileProblem] = []

    def say_of(fault: OSError) -> None:
        reason = (fault.strerror or str(fault)).lower()
        closed.append(FileProblem(f"cannot be looked into ({reason})", where=str(fault.filename or folder)))

    found = [
        Path(place) / name
        for place, _, names in os.walk(folder, onerror=say_of)
        for name in names
        if name.lower().endswith((*SUFFIXES, *DECODED_SUFFIXES)) and not name.startswith("._")
    ]
    return sorted(found), closed


def _look_up(files: Sequence[Path], kept: FeatureCache) -> tuple[list[str], Known]:
    """The content of each file (its path where it cannot be read), and what is known of them before listening."""

    def look_up(path: Path) -> tuple[str, Values | FileProblem | None]:
        try:
            content = content_hash(path)
        except FileProblem as fault:
            return str(path), fault
        return content, kept.get(content)

    with ThreadPoolExecutor(_HASHING_THREADS) as threads:
        found = list(threads.map(look_up, files))
    return [content for content, _ in found], {content: values for content, values in found if values is not None}


def _hear_all(
    todo: dict[str, Path], sr: int, jobs: int | None, client: Client | None
) -> Iterable[tuple[str, Values | FileProblem]]:
    contents, paths = list(todo), [str(path) for path in todo.values()]
    if jobs is None and sum(path.stat().st_size for path in todo.values() if path.exists()) < _FEW_BYTES:
        jobs = 1
    jobs = jobs or jobs_for_memory(_PROCESS_BYTES)
    for index, heard in map_over(partial(hear, sr), paths, jobs=jobs, client=client):
        yield contents[index], heard


def _table(files: Sequence[Path], contents: Sequence[str], known: Known, say: Callable[[str], None]) -> pd.DataFrame:
    import pandas as pd  # here, so that processes that only listen start quickly

    rows = []
    for path, content in zip(files, contents, strict=True):
        values = known[content]
        if isinstance(values, FileProblem):
            say(str(FileProblem(values.problem, where=str(path), remedy=values.remedy)))
        else:
            rows.append({"path": _text(path), "sha256": content, **values})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _text(path: Path) -> str:
    text = str(path).encode("utf-8", "backslashreplace").decode()  # a name may hold bytes that are no text
    return f"./{text}" if text.startswith(_FORMULA) else text  # the same file, but no formula for a spreadsheet


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def hear(sr: int, path: str) -> dict[str, float] | FileProblem:
    """The features of a file at `sr` hertz, or what is wrong with it: no exception that would end the others' work."""
    try:
        SoundSource(path).refuse_longer(LONGEST_SEC)
        return summarise_passing(lambda: (block.y for block in stream_audio(path, sr=sr)), sr)
    except FileProblem as fault:
        return fault


def content_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes, as 64 hexadecimal digits; `FileProblem` where it cannot be read."""
    digest = hashlib.sha256()
    try:
        if path.is_dir():
            raise FileProblem("is a folder", where=str(path), remedy="Name the sound files in it")
        if not path.is_file():  # a device or a pipe would never end
            problem = "is no ordinary file" if path.exists() else "there is no such file"
            raise FileProblem(problem, where=str(path))
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except (OSError, ValueError) as fault:  # ValueError: a null byte in the path
        raise FileProblem(f"cannot be read ({fault})", where=str(path)) from None
    return digest.hexdigest()


class FeatureCache:
    """Features by content hash, for one sample rate in hertz; `folder` is in the user's cache folder by default."""

    def __init__(self, sr: int, folder: Path | None = None) -> None:
        self.folder = (folder or cache_folder("features")) / f"v{SUMMARY_VERSION}-{sr}"

    def get(self, content: str) -> dict[str, float] | None:
        """What is known of a content, None if nothing is."""
        try:
            values = json.loads(self._path(content).read_bytes())
        except (OSError, ValueError):
            return None
        return values if _is_complete(values) else None

    def put(self, content: str, values: dict[str, float]) -> None:
        """Keep the features of a content; `StorageProblem` where the disk refuses."""
        write_atomically(self._path(content), json.dumps(values).encode())

    def _path(self, content: str) -> Path:
        return self.folder / content[:2] / f"{content[2:]}.json"


def _is_complete(values: object) -> bool:
    if not isinstance(values, dict) or list(values) != list(FEATURES):
        return False
    return all(isinstance(value, float | int) and math.isfinite(value) for value in values.values())


def refuse_name(path: str | Path) -> None:
    """Raise `FileProblem` for a name that ends in neither `.parquet` nor `.csv`."""
    if Path(path).suffix.lower() not in KINDS:
        raise FileProblem("no such kind of table", where=str(path), remedy=f"End the name in {' or '.join(KINDS)}")


def save_features(path: str | Path, table: pd.DataFrame) -> None:
    """Write a table, completely or not at all; `FileProblem` for an unknown kind, `StorageProblem` for the disk's."""
    refuse_name(path)
    with atomic_file(path) as temporary:
        if Path(path).suffix.lower() == ".csv":
            table.to_csv(temporary, index=False, lineterminator="\n")
        else:
            table.to_parquet(temporary, index=False)
