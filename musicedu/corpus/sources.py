"""Which files there are to read, and how the work is shared out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from musicedu.corpus.collections import Collection, collection_files, corpus_folder


@dataclass(frozen=True, slots=True)
class Source:
    """One file of one collection."""

    collection: str
    path: Path

    @property
    def file(self) -> str:
        """The file's name inside music21's corpus folder."""
        root = corpus_folder()
        return (self.path.relative_to(root) if self.path.is_relative_to(root) else Path(self.path.name)).as_posix()


def sources_of(collections: Iterable[Collection]) -> tuple[Source, ...]:
    """Return every file of the collections."""
    return tuple(Source(collection.name, path) for collection in collections for path in collection_files(collection))


def batches_of(sources: Sequence[Source], n_bytes: int = 60_000) -> tuple[tuple[Source, ...], ...]:
    """Group files into batches of about `n_bytes`, the largest first so that no worker is left with one at the end."""
    sized = sorted(((source.path.stat().st_size, index) for index, source in enumerate(sources)), reverse=True)
    batches: list[list[Source]] = []
    filled = n_bytes
    for size, index in sized:
        if filled + size > n_bytes:
            batches.append([])
            filled = 0
        batches[-1].append(sources[index])
        filled += size
    return tuple(map(tuple, batches))
