"""Building the corpus: read every file on all cores, compare the tunes, split them by family, write the table."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from musicedu.corpus.collections import COLLECTIONS, Source, batches_of, find_collections, sources_of
from musicedu.corpus.families import find_families, share_in_training, split_of
from musicedu.corpus.pool import Client, Progress, map_over, silent
from musicedu.corpus.reading import Batch, read_batch
from musicedu.corpus.report import BuildReport, report_build
from musicedu.corpus.store import default_path, save_rows, stamp_of


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
