"""From files to rows: which files there are, and what each of their tunes became."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from musicedu.corpus.chorales import read_chorale
from musicedu.corpus.collections import COLLECTIONS, Collection, Source
from musicedu.corpus.families import Fingerprint, fingerprint
from musicedu.corpus.keys import with_mode_of_notes
from musicedu.corpus.table import Row, tune_to_row
from musicedu.corpus.tune import Dropped, Tune
from musicedu.errors import FileProblem
from musicedu.formats.abc import read_tune
from musicedu.formats.abc_book import tunes_of
from musicedu.formats.abc_reader import AbcTune

FEWEST_NOTES = 8
LARGEST_IRREGULAR_SHARE = (
    0.125  # of the measures: one in eight, so that a tune in strains may end each with a short one
)

_UNREADABLE = "cannot be read"
_REGION = re.compile(r"^O:(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one worker read: rows, a fingerprint of each for comparing, and what was left out. Cheap to send home."""

    rows: list[Row]
    fingerprints: list[Fingerprint]
    dropped: list[Dropped]


def read_batch(sources: Sequence[Source]) -> Batch:
    """Read some files into rows; a tune that cannot be used is dropped with its reason, never an exception."""
    batch = Batch([], [], [])
    for source in sources:
        for outcome in read_source(source):
            if isinstance(outcome, Dropped):
                batch.dropped.append(outcome)
            else:
                batch.rows.append(tune_to_row(outcome))
                batch.fingerprints.append(fingerprint(outcome.melody))
    return batch


def read_source(source: Source) -> Iterator[Tune | Dropped]:
    """Read every tune of one file."""
    collection = COLLECTIONS[source.collection]
    return _read_part(source, collection) if collection.part else _read_abc(source, collection)


def _read_abc(source: Source, collection: Collection) -> Iterator[Tune | Dropped]:
    text = source.path.read_text(encoding="utf-8", errors="replace")
    for reference, tune_text in tunes_of(text):
        number = reference.lstrip("0") or "0"
        name = f"{collection.name}/{source.path.stem}/{number}"
        try:
            read = read_tune(tune_text, name)
        except FileProblem as fault:
            yield Dropped(name, collection.name, fault.kind or _UNREADABLE, fault.problem)
            continue
        if read.simplified:
            first = read.simplified[0]
            yield Dropped(name, collection.name, first.kind, first.words)
            continue
        region = _REGION.search(tune_text)
        yield _judged(source, collection, name, number, read, " ".join(region[1].split()) if region else "")


def _read_part(source: Source, collection: Collection) -> Iterator[Tune | Dropped]:
    number = source.path.stem.removeprefix("bwv")
    name = f"{collection.name}/{number}"
    try:
        melody = read_chorale(source.path, collection.part, name)
    except FileProblem as fault:
        yield Dropped(name, collection.name, fault.kind or _UNREADABLE, fault.problem)
        return
    yield _judged(source, collection, name, number, AbcTune(melody), "")


def _judged(
    source: Source, collection: Collection, name: str, reference: str, read: AbcTune, region: str
) -> Tune | Dropped:
    melody = read.melody
    if len(melody.notes) < FEWEST_NOTES:
        return Dropped(name, collection.name, f"fewer than {FEWEST_NOTES} notes", f"{len(melody.notes)} notes")
    if read.n_irregular > LARGEST_IRREGULAR_SHARE * len(melody.measures):
        detail = f"{read.n_irregular} of {len(melody.measures)} measures"
        return Dropped(name, collection.name, "measures that do not fit the metre", detail)
    # The table has no columns for dynamics, which next to no tune has.
    kept = replace(melody, dynamics=(), hairpins=(), title=" ".join(melody.title.split()))
    return Tune(
        id=name,
        collection=collection.name,
        file=source.file,
        reference=reference,
        region=region,
        licence=collection.licence,
        non_commercial=collection.non_commercial,
        melody=with_mode_of_notes(kept) if collection.names_tonic_only else kept,
        family=name,
        n_irregular=read.n_irregular,
    )
