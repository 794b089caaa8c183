"""The corpus as lessons and training use it: choose, count, and take melodies from it as they are needed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from musicedu.corpus.build import default_path, load_table, stamp_of
from musicedu.corpus.collections import Collection, find_collections, sources_of
from musicedu.corpus.pool import progress_bar
from musicedu.corpus.report import BuildReport
from musicedu.corpus.table import row_to_melody, row_to_tune
from musicedu.corpus.tune import SPLITS, Split, Tune
from musicedu.errors import FileProblem, UnknownName
from musicedu.melody import Melody

_BLOCK = 512  # rows made into Python values at a time


@dataclass(frozen=True, eq=False)
class Corpus:
    """Tunes in a fixed order, held as a table; a `Melody` is made when it is asked for.

    `table` has one row a tune, with the columns of `musicedu.corpus.table.SCHEMA`; `report` is the account of the
    build that made it.
    """

    table: pa.Table
    report: BuildReport

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __getitem__(self, index: int) -> Tune:
        return row_to_tune(self.table.slice(range(len(self))[index], 1).to_pylist()[0])

    def __iter__(self) -> Iterator[Tune]:
        return self.tunes()

    def tunes(self) -> Iterator[Tune]:
        """Yield the tunes, with their sources and licences."""
        for block in self.table.to_batches(_BLOCK):
            yield from map(row_to_tune, block.to_pylist())

    def melodies(self) -> Iterator[Melody]:
        """Yield the melodies alone."""
        for block in self.table.to_batches(_BLOCK):
            yield from map(row_to_melody, block.to_pylist())

    def tune(self, name: str) -> Tune:
        """Return the tune with this id; `UnknownName` if there is none."""
        rows = self.table.filter(pc.equal(self.table["id"], name)).to_pylist()
        if not rows:
            raise UnknownName(f"the corpus has no tune {name!r}", remedy="An id looks like 'airds/book1/12'")
        return row_to_tune(rows[0])

    def select(
        self,
        *,
        include_non_commercial: bool = True,
        collections: Iterable[str] | None = None,
        split: Split | None = None,
    ) -> Corpus:
        """Return the part of the corpus that meets every condition given; `UnknownName` lists the choices."""
        table = self.table
        if not include_non_commercial:
            table = table.filter(pc.invert(table["non_commercial"]))
        if collections is not None:
            names = [collection.name for collection in find_collections(collections)]
            table = table.filter(pc.is_in(table["collection"], pa.array(names)))
        if split is not None:
            if split not in SPLITS:
                raise UnknownName(f"no split is called {split!r}", remedy=f"Choose from {', '.join(SPLITS)}")
            table = table.filter(pc.equal(table["split"], split))
        return Corpus(table, self.report)


def load_corpus(
    include_non_commercial: bool = True,
    collections: Iterable[str] | None = None,
    split: Split | None = None,
    *,
    path: str | Path | None = None,
    say: Callable[[str], None] | None = None,
) -> Corpus:
    """Load the corpus, or the part of it that is wanted; where it is missing, damaged or outdated, build it first.

    Families and splits are those of the whole corpus, whatever part is loaded. `say` is given the line that tells of a
    build (standard error by default). Raises `UnknownName` for a collection or split that does not exist.
    """
    wanted = find_collections(collections)
    table, report = _load_or_build(Path(path) if path is not None else default_path(), say or _say)
    names = None if collections is None else [collection.name for collection in wanted]
    corpus = Corpus(table, report)
    return corpus.select(include_non_commercial=include_non_commercial, collections=names, split=split)


def _load_or_build(path: Path, say: Callable[[str], None]) -> tuple[pa.Table, BuildReport]:
    stamp = _current_stamp(find_collections())
    try:
        return load_table(path, stamp=stamp)
    except FileProblem as fault:
        say(f"The corpus {fault.problem}: reading all tunes, about half a minute ({path})")
    from musicedu.corpus.build import build_corpus

    with progress_bar() as progress:
        build_corpus(path, progress=progress)
    return load_table(path, stamp=stamp)


def _current_stamp(collections: Iterable[Collection]) -> str:
    return stamp_of(sources_of(collections))


def _say(line: str) -> None:
    print(line, file=sys.stderr)
