"""From a list of sound files to a table of features: on all cores or on a cluster, each file computed once.

    table = extract_features(sorted(Path("takes").glob("*.wav")))

Each row is a file, each column a feature of `musicedu.audio.summary.FEATURES`. A file that cannot be used is told of
and left out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pandas as pd

from musicedu.audio.containers import DECODED_SUFFIXES, SUFFIXES
from musicedu.audio.summary import FEATURES
from musicedu.corpus.feature_cache import FeatureCache, content_hash
from musicedu.corpus.hearing import hear
from musicedu.corpus.pool import Client, jobs_for_memory, map_over
from musicedu.corpus.progress import Progress, progress_bar
from musicedu.errors import FileProblem

SAMPLE_RATE_HZ = 22_050
COLUMNS = ("path", "sha256", *FEATURES)
"""The columns of a table: the path as given, the SHA-256 of the file, and the features."""

_HASHING_THREADS = 4
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PROCESS_BYTES = 400_000_000  # what a process needs for a recording of any length, and some to spare
_FEW_BYTES = 4_000_000  # of sound, which one process has heard before others have started

Values = dict[str, float]
Known = dict[str, Values | FileProblem]


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
