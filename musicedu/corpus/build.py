"""Building the corpus: read every file on all cores, compare the tunes, split them by family, write the table.

The table is a Parquet file in the user's cache folder, stamped with what it was made from.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from musicedu.corpus.collections import COLLECTIONS, Source, batches_of, find_collections, sources_of
from musicedu.corpus.families import find_families, share_in_training, split_of
from musicedu.corpus.pool import Client, Progress, map_over, silent
from musicedu.corpus.reading import Batch, read_batch
from musicedu.corpus.report import BuildReport, report_build
from musicedu.corpus.table import SCHEMA, Row
from musicedu.errors import FileProblem
from musicedu.storage import atomic_file, cache_folder

TABLE_VERSION = 3
"""Raised whenever the same files would give other rows."""


def build_corpus(
    path: str | Path | None = None,
    *,
    collections: Iterable[str] | None = None,
    sources: Sequence[Source] | None = None,
    jobs: int | None = None,
    client: Client | None = None,
    progress: Progress = silent,
) -> BuildReport:
    """Read the collections (all of them by default), write the table to `path` and return the account of it.

    `path` is in the user's cache folder by default; the file appears there only when it is complete. `sources` reads
    these files only. `jobs` processes do the work, or a cluster's `client`; `progress(done, total)` is told of each
    batch. Raises `UnknownName`, `FileProblem` where music21's tunes are missing, `StorageProblem` where `path` cannot
    be written.
    """
    start = time.monotonic()
    wanted = find_collections(collections)
    chosen = sources_of(wanted) if sources is None else tuple(sources)
    # Part of the corpus must not take the place of the whole, which `load_corpus` would then have to build again.
    target = path or default_path([] if len(wanted) == len(COLLECTIONS) else [collection.name for collection in wanted])
    batches = batches_of(chosen)
    progress(0, len(batches))
    read: list[Batch] = []
    for _, batch in map_over(read_batch, batches, jobs=jobs, client=client):
        read.append(batch)
        progress(len(read), len(batches))
    pairs = sorted(
        (pair for batch in read for pair in zip(batch.rows, batch.fingerprints, strict=True)),
        key=lambda pair: _natural(pair[0]["id"]),
    )
    rows, fingerprints = [row for row, _ in pairs], [own for _, own in pairs]
    for row, first in zip(rows, find_families(fingerprints).tolist(), strict=True):
        row["family"] = rows[first]["id"]
        row["split"] = split_of(row["family"])
    report = report_build(
        rows,
        [drop for batch in read for drop in batch.dropped],
        shared_runs=share_in_training([own.runs for own in fingerprints], [row["split"] for row in rows]),
        seconds=round(time.monotonic() - start, 1),
    )
    save_rows(target, rows, stamp=stamp_of(chosen), report=report)
    return report


def _natural(name: str) -> list[tuple[int, str]]:
    # book1/2 before book1/10
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in name.split("/")]


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
