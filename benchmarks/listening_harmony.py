"""Chords and keys heard in rendered tunes, and keys read from scores: the topics of `listening_table.py` on harmony.

    python benchmarks/listening_harmony.py [--takes 36]

The first 20 s of tunes of the test split, in dry, room and hall, with one or two chords a measure under them (from
`musicedu.harmony.harmonising`) on piano, guitar, strings and organ. Where `LIBROSA_DATA_DIR` names a folder with
librosa's example recordings, their keys and first chords are printed too: nobody has annotated those.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from functools import partial

import librosa
import numpy as np

from musicedu.audio.harmony import estimate_chords, extract_harmony, sounding_chords, templates
from musicedu.audio.takes import Take
from musicedu.corpus.load import load_corpus
from musicedu.evaluation.listening.harmony import (
    CHORD_PROGRAMS,
    always_c_major,
    chord_figures,
    hear_chords,
    hear_key,
    key_figures,
    key_figures_on_scores,
    tonic_chord_throughout,
)
from musicedu.evaluation.listening.truth import truth_takes
from musicedu.harmony.harmonising import harmonise
from musicedu.harmony.tonality import PROFILES, estimate_key

LONGEST_SEC = 20.0
WITHOUT_MODE = "bach_bass"  # the files give the mode of a chorale with its soprano only
NOISES_DB = (None, 10.0)
Line = tuple[str, str, tuple[float, ...]]


def harmony_takes(n_takes: int, snr_db: float | None, split: str = "test") -> Iterator[Take]:
    """Takes with chords, half of them with one chord a measure and half with two."""
    for chords_per_measure in (1, 2):
        for one in truth_takes(
            n_takes // 2,
            snr_db=snr_db,
            longest_sec=LONGEST_SEC,
            rooms=("dry", "room", "hall"),
            harmonise=partial(harmonise, chords_per_measure=chords_per_measure),
            chord_programs=CHORD_PROGRAMS,
            split=split,
            seed=chords_per_measure,
        ):
            if one.tune.collection != WITHOUT_MODE:
                yield one.take


def librosa_chords(take: Take) -> tuple:
    """The best template of every frame of librosa's chroma, nothing smoothed."""
    chroma = librosa.feature.chroma_stft(y=take.y, sr=take.sr)
    return sounding_chords((templates() @ chroma).argmax(axis=0), librosa.times_like(chroma, sr=take.sr))


def librosa_key(take: Take):
    """Our profiles on the mean of librosa's chroma."""
    return estimate_key(librosa.feature.chroma_stft(y=take.y, sr=take.sr).mean(axis=1))[0].key


CHORD_METHODS = {
    "musicedu": hear_chords,
    "librosa: chroma, templates": librosa_chords,
    "naive: tonic throughout": tonic_chord_throughout,
}
KEY_METHODS = {"musicedu": hear_key, "librosa: chroma": librosa_key, "naive: C major": always_c_major}


def harmony_lines(n_takes: int = 36, split: str = "test") -> list[Line]:
    """The figure, the method, and its mean, clean and at 10 dB."""
    found: dict[tuple[str, str], list[float]] = {}
    for snr_db in NOISES_DB:
        takes = list(harmony_takes(n_takes, snr_db, split))
        for figure, scores in (
            ("chords, major/minor", chord_figures(takes, CHORD_METHODS)),
            ("key, weighted", key_figures(takes, KEY_METHODS)),
        ):
            for method, values in scores.items():
                found.setdefault((figure, method), []).append(float(np.mean(values)))
    return [(figure, method, tuple(values)) for (figure, method), values in found.items()]


def print_scores() -> None:
    for named, include in (("free tunes", False), ("all tunes", True)):
        corpus = load_corpus(include_non_commercial=include, split="test")
        melodies = [tune.melody for tune in corpus if tune.collection != WITHOUT_MODE]
        for profile, values in key_figures_on_scores(melodies, PROFILES).items():
            exact = np.mean(np.array(values) == 1)
            print(f"key on scores, {named:10} {profile:10} {np.mean(values):.3f} ({exact:.0%} of {len(values)} right)")


def print_recordings() -> None:
    for name in ("brahms", "nutcracker", "vibeace", "trumpet"):
        y, sr = librosa.load(librosa.ex(name), duration=45)
        keys = estimate_key(extract_harmony(y, int(sr)).pitch_class_weights)[:2]
        chords = " ".join(one.chord.name for one in estimate_chords(y, int(sr))[:12])
        print(f"{name}: {', '.join(f'{guess.key.name} {guess.correlation:.2f}' for guess in keys)}; {chords or 'none'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--takes", type=int, default=36)
    parser.add_argument("--split", default="test")
    arguments = parser.parse_args()
    for figure, method, values in harmony_lines(arguments.takes, arguments.split):
        print(f"{figure:24}{method:28}" + "".join(f"{value:8.3f}" for value in values))
    print_scores()
    if os.environ.get("LIBROSA_DATA_DIR"):
        print_recordings()
