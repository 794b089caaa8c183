"""Single notes whose instrument is known, cut from takes of whole tunes: what a classifier of sounds learns from.

Every instrument plays tunes of its own, each in a room and with a noise of its own, as recordings in the world are
made. So notes of one take sound alike for reasons that have nothing to do with the instrument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from musicedu.audio.mixing import Sound
from musicedu.audio.takes import ROOMS, Take, record_take
from musicedu.corpus.tune import Tune
from musicedu.evaluation.listening.truth import opening
from musicedu.melody import Melody, TempoAt

PROGRAMS: Mapping[str, int] = MappingProxyType(
    {"violin": 40, "trumpet": 56, "alto saxophone": 65, "clarinet": 71, "flute": 73, "recorder": 74}
)
"""Instruments that all reach the same octave and a half, with their General MIDI programs."""

LOWEST, HIGHEST = 67, 84
_TEMPO_BPM = 100
_SHORTEST_SEC = 0.12
_SNR_DB = (15.0, 40.0)


@dataclass(frozen=True, eq=False)
class InstrumentNote:
    """One note: mono samples `y` at `sr` hertz, who plays it, from which tune, in which room, its MIDI pitch."""

    y: Sound
    sr: int
    instrument: str
    tune: str
    room: str
    pitch: int


def record_notes(
    tunes: Sequence[Tune],
    *,
    takes_each: int = 4,
    longest_sec: float = 5.0,
    programs: Mapping[str, int] = PROGRAMS,
    rng: np.random.Generator,
) -> list[InstrumentNote]:
    """Record `takes_each` tunes with every instrument and cut them into notes; no tune is played twice.

    tunes: tried in random order, one of each family; those too wide for the range from `LOWEST` to `HIGHEST` are
    passed over. longest_sec: of each take. `ValueError` where the tunes do not suffice.
    """
    melodies = _melodies(tunes, longest_sec, rng)
    notes: list[InstrumentNote] = []
    for instrument, program in programs.items():
        for _ in range(takes_each):
            name, melody = next(melodies, ("", None))
            if melody is None:
                raise ValueError("there are too few tunes for so many takes")
            room = str(rng.choice(list(ROOMS)))
            take = record_take(melody, program=program, room=room, snr_db=rng.uniform(*_SNR_DB), rng=rng)
            notes += [InstrumentNote(y, take.sr, instrument, name, room, pitch) for y, pitch in _cut(take)]
    return notes


def _melodies(tunes: Sequence[Tune], longest_sec: float, rng: np.random.Generator) -> Iterator[tuple[str, Melody]]:
    families: set[str] = set()
    for index in rng.permutation(len(tunes)).tolist():
        tune = tunes[index]
        tempo = TempoAt(Fraction(0), Fraction(_TEMPO_BPM))
        melody = opening(replace(tune.melody, tempos=(tempo,)), longest_sec)
        pitches = melody.pitches
        if tune.family in families or not pitches or max(pitches) - min(pitches) > HIGHEST - LOWEST:
            continue
        families.add(tune.family)
        lowest = int(rng.integers(LOWEST, HIGHEST - (max(pitches) - min(pitches)) + 1))
        yield tune.id, melody.transposed(lowest - min(pitches))


def _cut(take: Take) -> Iterator[tuple[Sound, int]]:
    for note in take.notes:
        if note.duration_sec >= _SHORTEST_SEC:
            first = round(note.onset_sec * take.sr)
            yield take.y[first : first + round(note.duration_sec * take.sr)], note.pitch
