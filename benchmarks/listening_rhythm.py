"""Onsets and beats on rendered tunes of the test split: ours beside librosa's defaults and a naive answer.

    uv run python benchmarks/listening_rhythm.py [--takes 54] [--split test]

Prints mir_eval's figures (means over takes), clean and with pink noise 10 dB below, melodies alone and with chords
struck on the beats; then how well "how sure" tells good rows of beats from bad ones.
"""

import argparse
import os
import warnings

import librosa
import numpy as np

from musicedu.audio.rhythm import estimate_beats, estimate_onsets
from musicedu.evaluation.listening.rhythm import (
    beat_figures,
    energy_onsets,
    even_beats,
    onset_figures,
    rhythm_takes,
    score_beats,
)


def library_onsets(y, sr):
    return librosa.onset.onset_detect(y=y, sr=sr, units="time")


def library_beats(y, sr):
    return librosa.beat.beat_track(y=y, sr=sr, units="time")[1]


ONSET_LISTENERS = {"ours": estimate_onsets, "librosa": library_onsets, "naive (level)": energy_onsets}
BEAT_LISTENERS = {
    "ours": lambda y, sr: estimate_beats(y, sr).beats_sec,
    "librosa": library_beats,
    "naive (120 a minute)": even_beats,
}


def print_figures(n_takes, split):
    print(f"{'what':28} {'listener':22} {'clean':>7} {'10 dB':>7}")
    sets = {}
    for accompanied in (False, True):
        for snr_db in (None, 10.0):
            sets[accompanied, snr_db] = list(rhythm_takes(n_takes, snr_db=snr_db, accompanied=accompanied, split=split))
    for accompanied, name in ((False, "melody alone"), (True, "with chords")):
        onsets = [onset_figures(sets[accompanied, snr_db], ONSET_LISTENERS) for snr_db in (None, 10.0)]
        for listener in ONSET_LISTENERS:
            means = [np.mean([score.f_measure for score in one[listener]]) for one in onsets]
            print_row(f"onset F, {name}", listener, means)
        beats = [beat_figures(sets[accompanied, snr_db], BEAT_LISTENERS) for snr_db in (None, 10.0)]
        for figure, words in (("f_measure", "beat F"), ("f_best_level", "beat F at best level")):
            for listener in BEAT_LISTENERS:
                means = [np.mean([getattr(score, figure) for score in one[listener]]) for one in beats]
                print_row(f"{words}, {name}", listener, means)
        if not accompanied:
            print_by_voice(sets[False, None], onsets[0]["ours"])
    print_how_sure([one for takes in sets.values() for one in takes])


def print_row(what, listener, means):
    print(f"{what:38} {listener:22} " + " ".join(f"{mean:7.3f}" for mean in means))


def print_by_voice(takes, scores):
    for name in dict.fromkeys(one.voice.name for one in takes):
        mean = np.mean([score.f_measure for one, score in zip(takes, scores, strict=True) if one.voice.name == name])
        print_row("  onset F, melody alone, ours", name, [mean])


def print_how_sure(takes):
    estimates = [estimate_beats(one.take.y, one.take.sr) for one in takes]
    scores = np.array(
        [score_beats(one.take.beats_sec, e.beats_sec).f_measure for one, e in zip(takes, estimates, strict=True)]
    )
    sure = np.array([estimate.confidence for estimate in estimates])
    for low, high in ((0.0, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 1.01)):
        chosen = (sure >= low) & (sure < high)
        if chosen.any():
            print(f"how sure {low:.1f} to {high:.1f}: {chosen.sum():3d} takes, mean beat F {scores[chosen].mean():.3f}")


def print_recordings():
    """Real recordings without annotations: tempo, and how far ours and librosa's beats agree."""
    for name in ("vibeace", "brahms", "nutcracker"):
        y, sr = librosa.load(librosa.ex(name), duration=40)
        ours, theirs = estimate_beats(y, int(sr)), library_beats(y, sr)
        agree = score_beats(theirs, ours.beats_sec)
        theirs_bpm = 60 / np.median(np.diff(theirs))
        print(
            f"{name}: ours {ours.tempo_bpm:.0f} a minute (sure {ours.confidence:.2f}), librosa {theirs_bpm:.0f}, "
            f"agreement F {agree.f_measure:.2f}, at best level {agree.f_best_level:.2f} ({agree.level})"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--takes", type=int, default=54)
    parser.add_argument("--split", default="test")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    print_figures(arguments.takes, arguments.split)
    if os.environ.get("LIBROSA_DATA_DIR"):
        print_recordings()
