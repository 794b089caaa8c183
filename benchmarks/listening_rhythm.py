"""Onsets and beats heard in rendered tunes: the topic of `listening_table.py` on rhythm.

    python benchmarks/listening_rhythm.py [--takes 54] [--split test]

The first 20 s of tunes of the test split on nine instruments in dry, room and hall, at drawn tempi, after a silence of
drawn length: melodies alone, and with chords struck on the beats. Prints mir_eval's figures (means over takes) clean
and with pink noise 10 dB below; the onsets of every instrument; and what "how sure" is worth. Where `LIBROSA_DATA_DIR`
names a folder with librosa's example recordings, ours and librosa's beats are compared: nobody has annotated those.
"""

from __future__ import annotations

import argparse
import os
import warnings
from collections.abc import Iterator

import librosa
import numpy as np

from musicedu.audio.load import load_audio
from musicedu.audio.rhythm import estimate_beats, estimate_onsets
from musicedu.evaluation.listening.rhythm import (
    beat_figures,
    energy_onsets,
    even_beats,
    onset_figures,
    rhythm_takes,
    score_beats,
)

NOISES_DB = (None, 10.0)
PLAYED = {"melody alone": False, "with chords": True}

Line = tuple[str, str, tuple[float, ...]]


def library_onsets(y, sr):
    return librosa.onset.onset_detect(y=y, sr=sr, units="time")


def library_beats(y, sr):
    return librosa.beat.beat_track(y=y, sr=sr, units="time")[1]


ONSET_METHODS = {"musicedu": estimate_onsets, "librosa": library_onsets, "naive: 3 dB louder": energy_onsets}
BEAT_METHODS = {
    "musicedu": lambda y, sr: estimate_beats(y, sr).beats_sec,
    "librosa": library_beats,
    "naive: 120 a minute": even_beats,
}


def rhythm_lines(n_takes: int = 54, split: str = "test") -> list[Line]:
    """The figure, the method, and its mean, clean and at 10 dB."""
    found: dict[tuple[str, str], list[float]] = {}
    for played, accompanied in PLAYED.items():
        for snr_db in NOISES_DB:
            takes = list(rhythm_takes(n_takes, snr_db=snr_db, accompanied=accompanied, split=split))
            for name, value in _means(takes):
                figure, method = name
                found.setdefault((f"{figure}, {played}", method), []).append(value)
    return [(figure, method, tuple(values)) for (figure, method), values in found.items()]


def _means(takes) -> Iterator[tuple[tuple[str, str], float]]:
    for method, scores in onset_figures(takes, ONSET_METHODS).items():
        yield ("onset F", method), float(np.mean([score.f_measure for score in scores]))
    beats = beat_figures(takes, BEAT_METHODS)
    for method, scores in beats.items():
        yield ("beat F", method), float(np.mean([score.f_measure for score in scores]))
    for method, scores in beats.items():
        yield ("best level F", method), float(np.mean([score.f_best_level for score in scores]))


def print_by_voice(n_takes, split):
    takes = list(rhythm_takes(n_takes, split=split))
    scores = onset_figures(takes, {"musicedu": estimate_onsets})["musicedu"]
    for name in dict.fromkeys(one.voice.name for one in takes):
        mean = np.mean([score.f_measure for one, score in zip(takes, scores, strict=True) if one.voice.name == name])
        print(f"onset F, alone, {name:20} {mean:.3f}")


def print_how_sure(n_takes, split):
    scores, sure = [], []
    for accompanied in PLAYED.values():
        for snr_db in NOISES_DB:
            for one in rhythm_takes(n_takes, snr_db=snr_db, accompanied=accompanied, split=split):
                estimate = estimate_beats(one.take.y, one.take.sr)
                scores.append(score_beats(one.take.beats_sec, estimate.beats_sec).f_measure)
                sure.append(estimate.confidence)
    scores, sure = np.array(scores), np.array(sure)
    for low, high in ((0.0, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 1.01)):
        chosen = (sure >= low) & (sure < high)
        if chosen.any():
            print(f"how sure {low:.1f} to {high:.1f}: {chosen.sum():3d} takes, mean beat F {scores[chosen].mean():.3f}")


def print_recordings():
    for name in ("vibeace", "brahms", "nutcracker"):
        recording = load_audio(librosa.ex(name), sr=22_050, duration_sec=40)
        ours, theirs = estimate_beats(recording.y, recording.sr), library_beats(recording.y, recording.sr)
        agree = score_beats(theirs, ours.beats_sec)
        print(
            f"{name}: ours {ours.tempo_bpm:.0f} a minute (sure {ours.confidence:.2f}), "
            f"librosa {60 / np.median(np.diff(theirs)):.0f}; agreement F {agree.f_measure:.2f}, "
            f"best {agree.f_best_level:.2f} ({agree.level})"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--takes", type=int, default=54)
    parser.add_argument("--split", default="test")
    arguments = parser.parse_args()
    for figure, method, values in rhythm_lines(arguments.takes, arguments.split):
        print(f"{figure:28}{method:22}" + "".join(f"{value:8.3f}" for value in values))
    print_by_voice(arguments.takes, arguments.split)
    print_how_sure(arguments.takes, arguments.split)
    if os.environ.get("LIBROSA_DATA_DIR"):
        print_recordings()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
