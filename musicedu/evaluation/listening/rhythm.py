"""How well onsets and beats are heard: mir_eval's figures against what was played.

Onsets: F-measure with a window of 50 ms (Böck, Krebs and Schedl 2012). Beats: F-measure with a window of 70 ms,
everything before 5 s left out while the listener finds the beat (Davies, Degara and Plumbley 2009). A row of beats may
be even and right and yet at another level than the notation: the best of the usual levels is given beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import mir_eval
import numpy as np
import numpy.typing as npt

from musicedu.audio.spectrum import extract_rms
from musicedu.audio.takes import Take, record_take, with_noise
from musicedu.corpus.load import load_corpus
from musicedu.corpus.tune import Split, Tune
from musicedu.evaluation.listening.truth import VOICES, TruthTake, Voice, opening
from musicedu.harmony.chord import ChordAt
from musicedu.harmony.harmonising import harmonise
from musicedu.melody import Melody, TempoAt

Times = npt.NDArray[np.floating]
Listener = Callable[[npt.NDArray[np.floating], int], Sequence[float] | Times]

ONSET_WINDOW_SEC, BEAT_WINDOW_SEC, FINDING_IN_SEC = 0.05, 0.07, 5.0
ROOMS = ("dry", "room", "hall")
CHORD_PROGRAMS = (0, 24)
_SLOWEST_BPM, _FASTEST_BPM = 66.0, 140.0
_SHORTEST_LEAD_SEC, _LONGEST_LEAD_SEC = 0.2, 1.2
_FEWEST_MEASURES, _FEWEST_NOTES = 6, 20
_LOUDER_DB = 3.0


@dataclass(frozen=True, slots=True)
class OnsetScore:
    """Shares from 0 to 1: of the onsets found, the right ones (precision); of the right ones, those found (recall)."""

    precision: float
    recall: float
    f_measure: float


@dataclass(frozen=True, slots=True)
class BeatScore:
    """The F-measure of beats as they are, and the best over the levels of `beat_levels`: which one is `level`."""

    f_measure: float
    f_best_level: float
    level: str


def score_onsets(reference_sec: Sequence[float] | Times, estimated_sec: Sequence[float] | Times) -> OnsetScore:
    """Score onsets by those that were played; all 0 where there are none of either."""
    truth, guess = np.sort(np.asarray(reference_sec, float)), np.sort(np.asarray(estimated_sec, float))
    if not len(truth) or not len(guess):
        return OnsetScore(0.0, 0.0, 0.0)
    f_measure, precision, recall = mir_eval.onset.f_measure(truth, guess, window=ONSET_WINDOW_SEC)
    return OnsetScore(float(precision), float(recall), float(f_measure))


def match_onsets(reference_sec: Sequence[float] | Times, estimated_sec: Sequence[float] | Times) -> tuple[Times, Times]:
    """The onsets that were missed, and those that were invented, in seconds."""
    truth, guess = np.sort(np.asarray(reference_sec, float)), np.sort(np.asarray(estimated_sec, float))
    pairs = mir_eval.util.match_events(truth, guess, ONSET_WINDOW_SEC) if len(truth) and len(guess) else []
    return np.delete(truth, [one for one, _ in pairs]), np.delete(guess, [other for _, other in pairs])


def score_beats(reference_sec: Sequence[float] | Times, estimated_sec: Sequence[float] | Times) -> BeatScore:
    """Score beats by those of the metre; all 0 where there are none of either after the first 5 s."""
    truth = _found_in(np.asarray(reference_sec, float))
    scores = {
        name: float(mir_eval.beat.f_measure(truth, _found_in(beats), f_measure_threshold=BEAT_WINDOW_SEC))
        if len(truth) and len(_found_in(beats))
        else 0.0
        for name, beats in beat_levels(np.asarray(estimated_sec, float)).items()
    }
    level = max(scores, key=lambda name: scores[name])
    return BeatScore(scores["as tapped"], scores[level], level)


def beat_levels(beats_sec: Times) -> dict[str, Times]:
    """A row of beats as it is, twice and three times as fast, between the beats, and every second or third of them."""
    levels = {"as tapped": beats_sec}
    if len(beats_sec) < 2:
        return levels
    levels |= {"twice as fast": _divided(beats_sec, 2), "three times as fast": _divided(beats_sec, 3)}
    levels["between the beats"] = (beats_sec[1:] + beats_sec[:-1]) / 2
    levels |= {f"half as fast, from {first + 1}": beats_sec[first::2] for first in range(2)}
    levels |= {f"a third as fast, from {first + 1}": beats_sec[first::3] for first in range(3)}
    return levels


def energy_onsets(y: npt.NDArray[np.floating], sr: int) -> Times:
    """The naive answer for onsets: wherever the level of a frame lies 3 dB above that of the frame before it."""
    level_db = extract_rms(np.asarray(y, dtype=np.float32), sr)
    rises = np.diff(20 * np.log10(np.maximum(level_db.values, 1e-4))) > _LOUDER_DB
    begins = np.flatnonzero(rises & ~np.concatenate([[False], rises[:-1]])) + 1
    return level_db.times_sec[begins]


def even_beats(y: npt.NDArray[np.floating], sr: int) -> Times:
    """The naive answer for beats: 120 a minute from the first sample on."""
    return np.arange(0, len(y) / sr, 0.5)


def onset_figures(takes: Iterable[TruthTake], listeners: Mapping[str, Listener]) -> dict[str, list[OnsetScore]]:
    """The onset score of every listener on every take, by the listener's name."""
    figures: dict[str, list[OnsetScore]] = {name: [] for name in listeners}
    for one in takes:
        played = [note.onset_sec for note in one.take.notes]
        for name, listener in listeners.items():
            figures[name].append(score_onsets(played, listener(one.take.y, one.take.sr)))
    return figures


def beat_figures(takes: Iterable[TruthTake], listeners: Mapping[str, Listener]) -> dict[str, list[BeatScore]]:
    """The beat score of every listener on every take, by the listener's name."""
    figures: dict[str, list[BeatScore]] = {name: [] for name in listeners}
    for one in takes:
        for name, listener in listeners.items():
            figures[name].append(score_beats(one.take.beats_sec, listener(one.take.y, one.take.sr)))
    return figures


def rhythm_takes(
    n_takes: int = 24,
    *,
    snr_db: float | None = None,
    accompanied: bool = False,
    longest_sec: float = 20.0,
    split: Split = "test",
    seed: int = 0,
) -> Iterator[TruthTake]:
    """Yield takes of tunes at drawn tempi: 66 to 140 beats a minute, dotted beats (6/8) a fifth slower.

    Unlike `truth_takes`, tempi are those of the felt beat, and a silence of 0.2 to 1.2 s comes first, so that neither
    tempo nor phase can be known beforehand. snr_db: pink noise, none for a clean take; accompanied: with chords under
    the melody, struck on every beat. The same arguments give the same takes; noise and chords leave tunes and tempi as
    they are.
    """
    corpus = load_corpus(include_non_commercial=False, split=split)
    rng = np.random.default_rng(seed)
    indices = rng.permutation(len(corpus))
    number = 0
    for index in indices:
        if number == n_takes:
            return
        tune, voice, room = corpus[int(index)], VOICES[number % len(VOICES)], ROOMS[number // len(VOICES) % len(ROOMS)]
        melody = _at_tempo(tune, rng, longest_sec, voice)
        if melody is None:
            continue
        take = record_take(
            melody,
            program=voice.program,
            room=room,
            chords=strummed(melody) if accompanied else (),
            chord_program=CHORD_PROGRAMS[number % len(CHORD_PROGRAMS)],
            rng=np.random.default_rng([seed, number]),
        )
        lead_sec = float(rng.uniform(_SHORTEST_LEAD_SEC, _LONGEST_LEAD_SEC))
        yield TruthTake(_led_in(take, lead_sec, snr_db, number), tune, voice, room, snr_db)
        number += 1


def strummed(melody: Melody) -> tuple[ChordAt, ...]:
    """Chords for a melody, struck anew on every beat."""
    chords = harmonise(melody)
    beats = [onset for measure in melody.measures for onset in measure.beat_onsets]
    return tuple(
        ChordAt(beat, [one.chord for one in chords if one.onset <= beat][-1])
        for beat in beats
        if chords and chords[0].onset <= beat
    )


def _at_tempo(tune: Tune, rng: np.random.Generator, longest_sec: float, voice: Voice) -> Melody | None:
    """The opening of a tune at a drawn tempo in the instrument's register; None for one that is too short."""
    metre, beat_bpm = tune.melody.metre, float(rng.uniform(_SLOWEST_BPM, _FASTEST_BPM))
    beat_bpm *= 0.8 if metre.is_compound else 1.0
    tempo = TempoAt(Fraction(0), Fraction(round(beat_bpm * float(metre.beats[0]))))
    melody = opening(replace(tune.melody, tempos=(tempo,)), longest_sec)
    if len(melody.measures) < _FEWEST_MEASURES or len(melody.notes) < _FEWEST_NOTES:
        return None
    middle = (min(melody.pitches) + max(melody.pitches)) / 2
    moved = melody.transposed(12 * round(((voice.lowest + voice.highest) / 2 - middle) / 12))
    return moved if voice.lowest <= min(moved.pitches) and max(moved.pitches) <= voice.highest else None


def _led_in(take: Take, lead_sec: float, snr_db: float | None, number: int) -> Take:
    n_samples = round(lead_sec * take.sr)
    y, lead_sec = np.pad(take.y, (n_samples, 0)), n_samples / take.sr
    if snr_db is not None:
        y = with_noise(y, snr_db, np.random.default_rng(number))
    return replace(
        take,
        y=y,
        notes=tuple(note.later(lead_sec) for note in take.notes),
        beats_sec=tuple(at + lead_sec for at in take.beats_sec),
        downbeats_sec=tuple(at + lead_sec for at in take.downbeats_sec),
        chords=tuple(
            replace(one, onset_sec=one.onset_sec + lead_sec, offset_sec=one.offset_sec + lead_sec)
            for one in take.chords
        ),
    )


def _found_in(beats_sec: Times) -> Times:
    return np.asarray(mir_eval.beat.trim_beats(beats_sec, FINDING_IN_SEC))


def _divided(beats_sec: Times, parts: int) -> Times:
    inner = [a + (b - a) * k / parts for a, b in pairwise(beats_sec.tolist()) for k in range(parts)]
    return np.array([*inner, float(beats_sec[-1])])
