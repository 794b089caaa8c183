"""The table on disk: a Parquet file in the user's cache folder, stamped with what it was made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from musicedu.corpus.collections import Source
from musicedu.corpus.report import BuildReport
from musicedu.corpus.table import SCHEMA, Row
from musicedu.errors import FileProblem
from musicedu.storage import atomic_file, cache_folder

TABLE_VERSION = 3
"""Raised whenever the same files would give other rows."""


def default_path(collections: Sequence[str] = ()) -> Path:
    """Return where the corpus is kept: `corpus/tunes.parquet` in the cache folder; some collections beside it."""
    return cache_folder("corpus") / f"{'-'.join(['tunes', *sorted(collections)])}.parquet"


def stamp_of(sources: Sequence[Source]) -> str:
    """Return a fingerprint of what a table is made from: its version, music21's, and every file's name and size."""
    files = sorted(f"{source.collection} {source.file} {source.path.stat().st_size}" for source in sources)
    content = "\n".join([str(TABLE_VERSION), version("music21"), *files])
    return hashlib.sha256(content.encode()).hexdigest()


def save_rows(path: str | Path, rows: Sequence[Row], *, stamp: str, report: BuildReport) -> None:
    """Write rows, stamp and report to one file, completely or not at all; `StorageProblem` where it cannot be."""
    table = pa.Table.from_pylist(
        list(rows), schema=SCHEMA.with_metadata({"stamp": stamp, "report": json.dumps(report.to_dict())})
    )
    with atomic_file(path) as temporary:
        pq.write_table(table, temporary, compression="zstd", write_page_checksum=True)


def load_table(path: str | Path, *, stamp: str | None = None) -> tuple[pa.Table, BuildReport]:
    """Return the table and the report stored with it.

    Raises `FileProblem` if the file is missing, truncated, altered, or made from other files than `stamp` says.
    """
    path = Path(path)
    if not path.is_file():
        raise FileProblem("has not been built yet", where=str(path), remedy="Run `musicedu corpus build`")
    try:
        table = pq.read_table(path, page_checksum_verification=True)
        metadata = table.schema.metadata or {}
        report = BuildReport.from_dict(json.loads(metadata[b"report"]))
        table = table.cast(SCHEMA)
    except (pa.ArrowException, OSError, KeyError, ValueError) as fault:
        raise FileProblem("is damaged", where=str(path), remedy="Run `musicedu corpus build`") from fault
    if stamp is not None and metadata.get(b"stamp", b"").decode() != stamp:
        raise FileProblem("was made by another version", where=str(path), remedy="Run `musicedu corpus build`")
    return table, report
