"""How good are chords under a melody: agreement with those of a master, and how much of the melody they hold.

Agreement is the share of beats on which root and third are the same (a seventh counts as the triad it stands on), as
Allan and Williams (2005) and later harmonisers of chorales count it. A tune can be set well in many ways, so that 1 is
no aim; `benchmarks/accompaniment.py` measures how far Bach agrees with himself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from musicedu.corpus.chorale_harmony import Chorale
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.harmony.chord_tables import ChordTables
from musicedu.harmony.hidden_chords import best_triads, find_chords
from musicedu.melody import Melody

Harmoniser = Callable[[Melody], Sequence[ChordAt]]
_N_RESAMPLES, _SEED = 1000, 0


@dataclass(frozen=True, slots=True)
class HarmonyScore:
    """One way to find chords, on many chorales.

    agreement: with Bach's chords, share of beats; low, high: its 95 % interval when families of tunes are drawn
    again; chord_tones: share of the melody's time on notes of the chord; n_beats: how many were compared.
    """

    agreement: float
    low: float
    high: float
    chord_tones: float
    n_beats: int


def count_agreement(reference: Sequence[ChordAt], estimated: Sequence[ChordAt]) -> tuple[int, int]:
    """On how many onsets of the reference the estimate has the same root and third, and how many there are.

    >>> from fractions import Fraction
    >>> truth = [ChordAt(Fraction(0), Chord.parse("C")), ChordAt(Fraction(1), Chord.parse("G7"))]
    >>> count_agreement(truth, [ChordAt(Fraction(0), Chord.parse("G"))])
    (1, 2)
    """
    onsets = [one.onset for one in estimated]
    places = [bisect_right(onsets, one.onset) - 1 for one in reference]
    right = sum(
        place >= 0 and estimated[place].chord.triad == one.chord.triad
        for one, place in zip(reference, places, strict=True)
    )
    return right, len(reference)


def chord_tone_share(melody: Melody, chords: Sequence[ChordAt]) -> float:
    """The share (0-1) of the sounding time of a melody that lies on notes of the chord under it; 0 without chords.

    Time before the first chord is left out. The chord that a note meets while it sounds counts, not only the first.
    """
    if not chords:
        return 0.0
    inside = total = 0.0
    ends = [one.onset for one in chords[1:]] + [melody.duration]
    for one, end in zip(chords, ends, strict=True):
        members = one.chord.pitch_classes
        for note in melody.notes:
            lasts = float(min(note.offset, end) - max(note.onset, one.onset))
            if lasts > 0:
                total += lasts
                inside += lasts * (note.pitch % 12 in members)
    return inside / total if total else 0.0


def tonic_throughout(melody: Melody) -> tuple[ChordAt, ...]:
    """The naive answer: the tonic triad from beginning to end."""
    tonic = Chord(melody.key.tonic_pitch_class, "minor" if melody.key.is_minor else "major")
    return (ChordAt(melody.measures[0].onset, tonic),)


def harmonisers(tables: ChordTables | None = None) -> dict[str, Harmoniser]:
    """What is compared: the hidden Markov model, the rule of thumb, and the tonic throughout."""
    return {
        "hidden Markov model": lambda melody: find_chords(melody, tables),
        "best triad of each beat": best_triads,
        "tonic throughout": tonic_throughout,
    }


def judge_harmonies(chorales: Sequence[Chorale], methods: Mapping[str, Harmoniser]) -> dict[str, HarmonyScore]:
    """The score of every method on chorales; `ValueError` without any."""
    if not chorales:
        raise ValueError("chorales must not be empty")
    return {name: _judged(chorales, method) for name, method in methods.items()}


def bach_himself(chorales: Sequence[Chorale]) -> float:
    """The share of the melodies' time on notes of Bach's own chords."""
    return float(np.mean([chord_tone_share(one.melody, one.chords) for one in chorales]))


def _judged(chorales: Sequence[Chorale], method: Harmoniser) -> HarmonyScore:
    found = [method(one.melody) for one in chorales]
    counts = np.array([count_agreement(one.chords, chords) for one, chords in zip(chorales, found, strict=True)])
    tones = [chord_tone_share(one.melody, chords) for one, chords in zip(chorales, found, strict=True)]
    families = [one.family for one in chorales]
    by_family = np.array([counts[[f == family for f in families]].sum(axis=0) for family in sorted(set(families))])
    rng = np.random.default_rng(_SEED)
    drawn = by_family[rng.integers(len(by_family), size=(_N_RESAMPLES, len(by_family)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], (0.025, 0.975))
    right, n_beats = counts.sum(axis=0)
    return HarmonyScore(float(right / n_beats), float(low), float(high), float(np.mean(tones)), int(n_beats))
