"""A truth to listen against: tunes of the corpus that no model has learned from, rendered, with what was played.

Tunes come from the test split, instruments and rooms take turns, and tempi are drawn, so that nothing in the set can
be known beforehand. The same arguments give the same takes.

What a classifier of sounds learns from are single notes whose instrument is known, cut from takes of whole tunes. Every
instrument plays tunes of its own, each in a room and with a noise of its own, as recordings in the world are made. So
notes of one take sound alike for reasons that have nothing to do with the instrument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from musicedu.audio.mixing import Sound
from musicedu.audio.performance import Clock
from musicedu.audio.takes import ROOMS, Take, record_take
from musicedu.corpus.load import Corpus, load_corpus
from musicedu.corpus.tune import Split, Tune
from musicedu.harmony.chord import ChordAt
from musicedu.melody import Melody, TempoAt
from musicedu.melody.cutting import irregular_among

_FEWEST_NOTES, _FEWEST_MEASURES = 12, 4
_SLOWEST_BPM, _FASTEST_BPM = 76, 132  # quarter notes a minute

Harmonise = Callable[[Melody], Sequence[ChordAt]]
PROGRAMS: Mapping[str, int] = MappingProxyType(
    {"violin": 40, "trumpet": 56, "alto saxophone": 65, "clarinet": 71, "flute": 73, "recorder": 74}
)
"""Instruments that all reach the same octave and a half, with their General MIDI programs."""

LOWEST, HIGHEST = 67, 84
_TEMPO_BPM = 100
_SHORTEST_SEC = 0.12
_SNR_DB = (15.0, 40.0)


@dataclass(frozen=True, slots=True)
class Voice:
    """An instrument of the set: its name, its General MIDI program, and the sounding pitches it reaches."""

    name: str
    program: int
    lowest: int
    highest: int


VOICES = (
    Voice("violin", 40, 55, 96),
    Voice("piano", 0, 48, 96),
    Voice("flute", 73, 60, 96),
    Voice("cello", 42, 36, 72),
    Voice("trumpet", 56, 54, 84),
    Voice("guitar", 24, 40, 79),
    Voice("clarinet", 71, 50, 91),
    Voice("alto saxophone", 65, 49, 81),
    Voice("recorder", 74, 60, 96),
)
ROOMS_IN_TURN = ("dry", "room", "hall")


@dataclass(frozen=True, eq=False)
class TruthTake:
    """A take of the set, with the tune it was made from, the instrument and the room, and how loud the noise is."""

    take: Take
    tune: Tune
    voice: Voice
    room: str
    snr_db: float | None


def truth_takes(
    n_takes: int = 18,
    *,
    snr_db: float | None = None,
    longest_sec: float = 10.0,
    voices: Sequence[Voice] = VOICES,
    rooms: Sequence[str] = ROOMS_IN_TURN,
    harmonise: Harmonise | None = None,
    chord_programs: Sequence[int] = (0,),
    split: Split = "test",
    seed: int = 0,
) -> Iterator[TruthTake]:
    """Yield takes of the openings of tunes that may be used for any purpose.

    snr_db: pink noise that far below the music, none for a clean take (tunes, tempi and rooms stay the same);
    longest_sec: openings end with the last barline before it; harmonise: chords for a melody, to sound under it,
    on `chord_programs` in turn (General MIDI);
    split: "test" for figures; what has knobs is tuned on "validation".
    """
    corpus = load_corpus(include_non_commercial=False, split=split)
    rng = np.random.default_rng(seed)
    indices = iter(rng.permutation(len(corpus)))
    for number in range(n_takes):
        voice, room = voices[number % len(voices)], rooms[(number + number // len(voices)) % len(rooms)]
        tune, melody = _next_opening(corpus, indices, voice, longest_sec, rng)
        take = record_take(
            melody,
            program=voice.program,
            room=room,
            snr_db=snr_db,
            chords=harmonise(melody) if harmonise else (),
            chord_program=chord_programs[number % len(chord_programs)],
            rng=np.random.default_rng([seed, number]),
        )
        yield TruthTake(take, tune, voice, room, snr_db)


def opening(melody: Melody, longest_sec: float) -> Melody:
    """The first measures of a melody, as many as fit into `longest_sec`, at least one; its fermatas are not held."""
    clock = Clock(melody)
    ends = [measure.offset for measure in melody.measures]
    end = max([ends[0], *(at for at in ends if clock.seconds(at) <= longest_sec)])
    notes = [note for note in melody.notes if note.onset < end]
    return replace(
        melody,
        notes=tuple(
            replace(note, duration=min(note.duration, end - note.onset), marks=note.marks - {"fermata"})
            for note in notes
        ),
        duration=end,
        metres=tuple(one for one in melody.metres if one.onset < end),
        keys=tuple(one for one in melody.keys if one.onset < end),
        tempos=tuple(one for one in melody.tempos if one.onset < end),
        dynamics=tuple(one for one in melody.dynamics if one.onset < end),
        hairpins=tuple(one for one in melody.hairpins if one.offset <= end),
        slurs=tuple(one for one in melody.slurs if one.last_onset < end),
        irregular=irregular_among([measure for measure in melody.measures if measure.offset <= end]),
    )


def _next_opening(
    corpus: Corpus, indices: Iterator[int], voice: Voice, longest_sec: float, rng: np.random.Generator
) -> tuple[Tune, Melody]:
    for index in indices:
        tune = corpus[int(index)]
        tempo = TempoAt(Fraction(0), Fraction(int(rng.integers(_SLOWEST_BPM, _FASTEST_BPM))))
        melody = _within(opening(replace(tune.melody, tempos=(tempo,)), longest_sec), voice)
        if melody and len(melody.notes) >= _FEWEST_NOTES and len(melody.measures) >= _FEWEST_MEASURES:
            return tune, melody
    raise ValueError("the corpus has too few tunes for so many takes")


def _within(melody: Melody, voice: Voice) -> Melody | None:
    """The melody, moved by octaves into the middle of an instrument's compass; None where it does not fit."""
    if not melody.notes:
        return None
    low, high = min(melody.pitches), max(melody.pitches)
    middle = (voice.lowest + voice.highest - low - high) / 2
    moves = [12 * k for k in range(-5, 6) if voice.lowest <= low + 12 * k and high + 12 * k <= voice.highest]
    return melody.transposed(min(moves, key=lambda move: abs(move - middle))) if moves else None


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
