"""Tunes as rows of a columnar table and back, exactly: one row a tune, its notes as lists of whole numbers.

Times are counted in ticks; `ticks_per_quarter` is, tune by tune, the smallest count that makes all of them whole, so
that nothing is rounded. A note is its onset, duration, MIDI pitch and place on the line of fifths (which spells it).
Dynamics and hairpins are not kept: next to no tune of these collections has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import starmap
from math import lcm
from typing import Any

import pyarrow as pa

from musicedu.corpus.tune import Tune
from musicedu.melody import (
    ARTICULATIONS,
    ORNAMENTS,
    IrregularAt,
    Key,
    KeyAt,
    Melody,
    Metre,
    MetreAt,
    Note,
    Slur,
    TempoAt,
)
from musicedu.pitch import Spelling

Row = dict[str, Any]

_MARKS = ARTICULATIONS + ORNAMENTS
_TIMES = pa.list_(pa.int32())
_TEXTS = pa.list_(pa.string())

SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "collection", "file", "reference", "title", "region", "licence")),
        ("non_commercial", pa.bool_()),
        ("family", pa.string()),
        ("split", pa.string()),
        ("n_irregular", pa.int16()),
        ("ticks_per_quarter", pa.int32()),
        ("duration", pa.int32()),
        ("anacrusis", pa.int32()),
        ("transposition", pa.int8()),
        ("note_onset", _TIMES),
        ("note_duration", _TIMES),
        ("note_pitch", pa.list_(pa.int16())),
        ("note_fifths", pa.list_(pa.int8())),
        ("note_marks", pa.list_(pa.int16())),
        ("metre_onset", _TIMES),
        ("metre", _TEXTS),
        ("irregular_onset", _TIMES),
        ("irregular_duration", _TIMES),
        ("key_onset", _TIMES),
        ("key_fifths", pa.list_(pa.int8())),
        ("key_mode", _TEXTS),
        ("slur_onset", _TIMES),
        ("slur_last_onset", _TIMES),
        ("tempo_onset", _TIMES),
        ("tempo_bpm", _TEXTS),
        ("tempo_text", _TEXTS),
    ]
)
"""The columns of the table; all times in ticks."""


def tune_to_row(tune: Tune) -> Row:
    """Return a tune as plain numbers and strings, keyed by the columns of `SCHEMA`."""
    melody = tune.melody
    ticks = ticks_per_quarter(melody)

    def count(times: Iterable[Fraction]) -> list[int]:
        return [time.numerator * (ticks // time.denominator) for time in times]

    return {
        "id": tune.id,
        "collection": tune.collection,
        "file": tune.file,
        "reference": tune.reference,
        "title": melody.title,
        "region": tune.region,
        "licence": tune.licence,
        "non_commercial": tune.non_commercial,
        "family": tune.family,
        "split": tune.split,
        "n_irregular": tune.n_irregular,
        "ticks_per_quarter": ticks,
        "duration": count([melody.duration])[0],
        "anacrusis": count([melody.anacrusis])[0],
        "transposition": melody.transposition,
        "note_onset": count(note.onset for note in melody.notes),
        "note_duration": count(note.duration for note in melody.notes),
        "note_pitch": [note.pitch for note in melody.notes],
        "note_fifths": [note.spelling.fifths for note in melody.notes],
        "note_marks": [_marks_to_bits(note.marks) for note in melody.notes],
        "metre_onset": count(change.onset for change in melody.metres),
        "metre": [_metre_to_text(change.metre) for change in melody.metres],
        "irregular_onset": count(one.onset for one in melody.irregular),
        "irregular_duration": count(one.duration for one in melody.irregular),
        "key_onset": count(change.onset for change in melody.keys),
        "key_fifths": [change.key.fifths for change in melody.keys],
        "key_mode": [change.key.mode for change in melody.keys],
        "slur_onset": count(slur.onset for slur in melody.slurs),
        "slur_last_onset": count(slur.last_onset for slur in melody.slurs),
        "tempo_onset": count(tempo.onset for tempo in melody.tempos),
        "tempo_bpm": [str(tempo.tempo_bpm) for tempo in melody.tempos],
        "tempo_text": [tempo.text for tempo in melody.tempos],
    }


def row_to_tune(row: Row) -> Tune:
    """Return the tune that `tune_to_row` wrote."""
    return Tune(
        row["id"], row["collection"], row["file"], row["reference"], row["region"], row["licence"],
        row["non_commercial"], row_to_melody(row), row["family"], row["split"], row["n_irregular"],
    )  # fmt: skip


def row_to_melody(row: Row) -> Melody:
    """Return the melody in a row."""
    ticks = row["ticks_per_quarter"]

    def times(name: str) -> list[Fraction]:
        return [_quarters(count, ticks) for count in row[name]]

    notes = map(
        Note,
        times("note_onset"),
        times("note_duration"),
        map(_spelling, row["note_fifths"], row["note_pitch"]),
        map(_bits_to_marks, row["note_marks"]),
    )
    keys = map(_key, row["key_fifths"], row["key_mode"])
    tempos = map(Fraction, row["tempo_bpm"])
    return Melody(
        notes=tuple(notes),
        duration=_quarters(row["duration"], ticks),
        metres=tuple(map(MetreAt, times("metre_onset"), map(_text_to_metre, row["metre"]))),
        irregular=tuple(map(IrregularAt, times("irregular_onset"), times("irregular_duration"))),
        keys=tuple(map(KeyAt, times("key_onset"), keys)),
        anacrusis=_quarters(row["anacrusis"], ticks),
        tempos=tuple(map(TempoAt, times("tempo_onset"), tempos, row["tempo_text"])),
        slurs=tuple(starmap(Slur, zip(times("slur_onset"), times("slur_last_onset"), strict=True))),
        title=row["title"],
        transposition=row["transposition"],
    )


def ticks_per_quarter(melody: Melody) -> int:
    """Return the smallest number of ticks in a quarter note that makes every time of the melody whole."""
    denominators = {melody.duration.denominator, melody.anacrusis.denominator}
    for note in melody.notes:
        denominators.update((note.onset.denominator, note.duration.denominator))
    denominators.update(one.duration.denominator for one in melody.irregular)
    changes: Sequence[MetreAt | KeyAt | TempoAt | IrregularAt]
    changes = (*melody.metres, *melody.keys, *melody.tempos, *melody.irregular)
    denominators.update(change.onset.denominator for change in changes)
    return lcm(*denominators)


def _marks_to_bits(marks: frozenset[str]) -> int:
    return sum(1 << _MARKS.index(mark) for mark in marks)


@lru_cache(maxsize=512)
def _bits_to_marks(bits: int) -> frozenset[str]:
    return frozenset(mark for place, mark in enumerate(_MARKS) if bits >> place & 1)


def _metre_to_text(metre: Metre) -> str:
    return f"{metre}:{'+'.join(map(str, metre.groups))}" if metre.groups else str(metre)


# The same few thousand values occur a million times; making each once is what keeps reading fast.
@lru_cache(maxsize=256)
def _text_to_metre(text: str) -> Metre:
    plain, _, groups = text.partition(":")
    metre = Metre.parse(plain)
    return replace(metre, groups=tuple(map(int, groups.split("+")))) if groups else metre


@lru_cache(maxsize=65_536)
def _quarters(count: int, ticks: int) -> Fraction:
    return Fraction(count, ticks)


@lru_cache(maxsize=4096)
def _spelling(fifths: int, pitch: int) -> Spelling:
    return Spelling.from_fifths(fifths, pitch)


@lru_cache(maxsize=256)
def _key(fifths: int, mode: Any) -> Key:
    return Key(fifths, mode)
