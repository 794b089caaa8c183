"""From files to rows: which files there are, and what each of their tunes became.

One voice of a chorale is cut out of its score, so that only a quarter of the file need be parsed. The Essen files give
the tonic of a song as if every one were in major, and write the notes of the others with accidentals: a song in G minor
says `K: G` and flattens every B. Left so, a signature would not say what it says elsewhere.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from musicedu.corpus.collections import COLLECTIONS, Collection, Part, Source
from musicedu.corpus.families import Fingerprint, fingerprint
from musicedu.corpus.table import Row, tune_to_row
from musicedu.corpus.tune import Dropped, Tune
from musicedu.errors import FileProblem
from musicedu.formats.abc import read_tune
from musicedu.formats.abc_book import tunes_of
from musicedu.formats.abc_reader import AbcTune
from musicedu.formats.musicxml import parse_musicxml
from musicedu.formats.reading import NotOneLine
from musicedu.melody import MODES, Key, KeyAt, Melody, Mode

FEWEST_NOTES = 8
LARGEST_IRREGULAR_SHARE = (
    0.125  # of the measures: one in eight, so that a tune in strains may end each with a short one
)

_UNREADABLE = "cannot be read"
_REGION = re.compile(r"^O:(.*)$", re.MULTILINE)
Voice = Literal["soprano", "alto", "tenor", "bass"]
VOICES: tuple[Voice, ...] = ("soprano", "alto", "tenor", "bass")
"""From the highest to the lowest, as a score of four nameless parts has them."""

_NAMED = {voice: re.compile(rf"{voice.title()}\b") for voice in VOICES}
_SCORE_PART = re.compile(rb'<score-part\s+id="([^"]*)".*?</score-part>', re.DOTALL)
_PART_NAME = re.compile(rb"<part-name[^>]*>([^<]*)")
_PART = re.compile(rb'<part\s+id="([^"]*)".*?</part>', re.DOTALL)
_PLAIN: tuple[Mode, ...] = ("major", "minor")
_TONIC_FIFTHS = {mode: Key(0, mode).tonic.fifths for mode in MODES}
_MODAL_MARGIN = 0.05


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


def read_chorale(path: Path, voice: Part | Voice, where: str = "") -> Melody:
    """Read one voice of a four-part score as a melody, titled by its BWV number.

    Raises `FileProblem` where the score has no such voice, or the voice divides.
    """
    melody = parse_musicxml(_one_part(_score(path), voice, where), where, alone=True)
    return replace(melody, title=f"BWV {path.stem.removeprefix('bwv')}, {voice}")


def _score(path: Path) -> bytes:
    if path.suffix != ".mxl":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return archive.read(next(name for name in archive.namelist() if not name.startswith("META-INF")))


def _one_part(score: bytes, voice: Part | Voice, where: str) -> bytes:
    """The score without its other parts, still a whole document."""
    parts = list(_PART.finditer(score))
    names = {entry[1]: _PART_NAME.search(entry[0]) for entry in _SCORE_PART.finditer(score)}
    texts = [name[1].decode(errors="replace").strip() if (name := names.get(part[1])) else "" for part in parts]
    found = [part for part, text in zip(parts, texts, strict=True) if voice and _NAMED[voice].match(text)]
    if voice and not found and len(parts) == 4 and not any(texts):
        found = [parts[VOICES.index(voice)]]
    if not found:
        raise FileProblem(f"has no part called {voice}", where=where, kind=NotOneLine.NO_SUCH_VOICE)
    return score[: parts[0].start()] + found[0][0] + score[parts[-1].end() :]


def with_mode_of_notes(melody: Melody) -> Melody:
    """Return the melody in the mode, on its own tonic, whose scale leaves the least sounding time outside.

    A church mode is taken only where it explains 5 % more of the time than major and minor do, since a raised seventh
    or a missing sixth says little. Pitches and spellings stay as they are; only a melody with one key is judged.
    """
    if len(melody.keys) != 1:
        return melody
    tonic = melody.key.fifths + _TONIC_FIFTHS[melody.key.mode]
    keys = [
        Key(tonic - place, mode)
        for mode, place in sorted(_TONIC_FIFTHS.items(), key=lambda pair: pair[0] not in _PLAIN)
        if -7 <= tonic - place <= 7
    ]
    total = float(sum(note.duration for note in melody.notes))
    best = min(keys, key=lambda key: _outside(melody, key) / total + _MODAL_MARGIN * (key.mode not in _PLAIN))
    return replace(melody, keys=(KeyAt(melody.keys[0].onset, best),)) if best != melody.key else melody


def _outside(melody: Melody, key: Key) -> float:
    return float(sum(note.duration for note in melody.notes if not key.has(note.spelling)))
