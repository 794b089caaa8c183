"""How well chords and keys are heard: mir_eval's figures against what was played.

Chords: the share of the time whose major or minor triad is right (`majmin` of mir_eval, MIREX since 2013), truth and
guess alike cut at their changes. Keys: 1 for the right key, 0.5 for a fifth above, 0.3 for the relative and 0.2 for
the parallel key (mir_eval's weighted score, MIREX 2005). Only tunes in major and minor are asked for their key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import mir_eval
import numpy as np

from musicedu.audio.harmony import estimate_chords, extract_harmony
from musicedu.audio.takes import SoundingChord, Take
from musicedu.harmony.chord import ROOT_NAMES, Chord
from musicedu.harmony.tonality import estimate_key, pitch_class_histogram
from musicedu.melody import Key, Melody

Chords = Sequence[SoundingChord]
CHORD_PROGRAMS = (0, 24, 48, 19)
"""What plays the chords in turn: piano, guitar, strings, organ."""


def score_chords(reference: Chords, estimated: Chords) -> float:
    """The share (0-1) of the time of the reference in which the estimated chord has the right root and third.

    Reference and estimate are in order; gaps between chords are "no chord". 0 for a reference without chords.
    """
    if not reference:
        return 0.0
    reference_intervals, reference_labels = _annotated(reference, reference[-1].offset_sec)
    estimated_intervals, estimated_labels = _annotated(estimated, reference[-1].offset_sec)
    intervals, truth, guess = mir_eval.util.merge_labeled_intervals(
        reference_intervals, reference_labels, estimated_intervals, estimated_labels
    )
    right = mir_eval.chord.majmin(truth, guess)
    return float(mir_eval.chord.weighted_accuracy(right, mir_eval.util.intervals_to_durations(intervals)))


def score_key(reference: Key, estimated: Key) -> float:
    """1, 0.5, 0.3, 0.2 or 0 by how near a major or minor key is to the right one."""
    return float(mir_eval.key.weighted_score(_key_label(reference), _key_label(estimated)))


def hear_chords(take: Take) -> Chords:
    """The chords that the package hears in a take."""
    return estimate_chords(take.y, take.sr)


def tonic_chord_throughout(take: Take) -> Chords:
    """The naive answer: the tonic chord of the (true) key, from beginning to end."""
    key = take.melody.key
    tonic = Chord(key.tonic_pitch_class, "minor" if key.is_minor else "major")
    return (SoundingChord(0.0, take.duration_sec, tonic),)


def hear_key(take: Take) -> Key:
    """The key that the package hears in a take."""
    return estimate_key(extract_harmony(take.y, take.sr).pitch_class_weights)[0].key


def always_c_major(take: Take) -> Key:
    """The naive answer."""
    return Key(0)


def chord_figures(takes: Iterable[Take], methods: Mapping[str, Callable[[Take], Chords]]) -> dict[str, list[float]]:
    """The score of every method on every take with chords, by the method's name."""
    with_chords = [take for take in takes if take.chords]
    return {name: [score_chords(take.chords, method(take)) for take in with_chords] for name, method in methods.items()}


def key_figures(takes: Iterable[Take], methods: Mapping[str, Callable[[Take], Key]]) -> dict[str, list[float]]:
    """The score of every method on every take in major or minor, by the method's name."""
    tonal = [take for take in takes if is_tonal(take.melody)]
    return {name: [score_key(take.melody.key, method(take)) for take in tonal] for name, method in methods.items()}


def key_figures_on_scores(melodies: Iterable[Melody], profiles: Iterable[str]) -> dict[str, list[float]]:
    """The score of every profile on the notes of every melody in one major or minor key, by the profile's name."""
    tonal = [melody for melody in melodies if is_tonal(melody)]
    return {
        profile: [
            score_key(melody.key, estimate_key(pitch_class_histogram(melody), profile)[0].key) for melody in tonal
        ]
        for profile in profiles
    }


def is_tonal(melody: Melody) -> bool:
    """Whether a melody has notes and stands in one major or minor key."""
    return len(melody.keys) == 1 and melody.key.mode in ("major", "minor") and bool(melody.notes)


def _annotated(chords: Chords, end_sec: float) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], list[str]]:
    """Intervals (n, 2) and labels that fill the time from 0 to the end without a gap."""
    intervals, labels, position_sec = [], [], 0.0
    for one in chords:
        onset_sec, offset_sec = min(one.onset_sec, end_sec), min(one.offset_sec, end_sec)
        if onset_sec > position_sec:
            intervals.append((position_sec, onset_sec))
            labels.append("N")
        if offset_sec > onset_sec:
            intervals.append((onset_sec, offset_sec))
            labels.append(one.chord.label)
        position_sec = max(position_sec, offset_sec)
    if end_sec > position_sec:
        intervals.append((position_sec, end_sec))
        labels.append("N")
    return np.array(intervals), labels


def _key_label(key: Key) -> str:
    return f"{ROOT_NAMES[key.tonic_pitch_class]} {'minor' if key.is_minor else 'major'}"
