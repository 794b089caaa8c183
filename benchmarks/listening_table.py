"""How well the package listens, beside librosa's defaults and a naive way, on takes whose truth is known.

    python benchmarks/listening_table.py [--takes N] [--seconds S] [TOPIC ...]

Takes are openings of tunes of the test split, rendered with nine instruments in three rooms (dry, room, hall): clean,
and with pink noise 10 dB below the music. Every figure is mir_eval's, its mean over the takes, from 0 to 1. A topic is
a function that takes the settings and returns rows; two run at a time. What is constant in the package was tuned on the
validation split.

The default run takes three minutes of processor time. It measured, clean and at 10 dB: note F 0.93 and 0.88 (librosa
0.72 and 0.39), at 0.01 s a second of sound where pYIN takes 0.28; four fifths of what ours loses clean is lost in the
hall.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from itertools import pairwise

import librosa
import numpy as np
from listening_harmony import harmony_lines
from listening_rhythm import rhythm_lines

from musicedu.audio.pitch import estimate_f0, notes_of_runs
from musicedu.audio.takes import Take
from musicedu.audio.transcribe import estimate_notes
from musicedu.evaluation.listening.melody import score_f0, score_notes
from musicedu.evaluation.listening.truth import truth_takes
from musicedu.played import PlayedNote

NOISES = {"clean": None, "10 dB": 10.0}
FMIN_HZ, FMAX_HZ = 65.4, 2093.0


@dataclass(frozen=True)
class Row:
    """One line of the table: the topic's figure, the method, and its mean in each noise; seconds a second of sound."""

    figure: str
    method: str
    values: tuple[float, ...]
    cost: float | None = None


Settings = dict[str, float]
Topic = Callable[[Settings], list[Row]]


def takes(settings: Settings, noise: str, **wishes) -> Iterable[Take]:
    """The takes of a topic in one of `NOISES`."""
    found = truth_takes(int(settings["n_takes"]), snr_db=NOISES[noise], longest_sec=settings["longest_sec"], **wishes)
    return (one.take for one in found)


def rows_of(
    figures: dict[str, int],
    methods: dict[str, Callable[[Take], object]],
    score: Callable[[Take, object], tuple[float, ...]],
    settings: Settings,
    **wishes,
) -> list[Row]:
    """A row for each figure and method: `score` gives a tuple, `figures` says which place in it has which name."""
    means, spent = {name: [] for name in methods}, dict.fromkeys(methods, 0.0)
    sounded_sec = 0.0
    for noise in NOISES:
        scored = {name: [] for name in methods}
        for take in takes(settings, noise, **wishes):
            sounded_sec += take.duration_sec
            for name, method in methods.items():
                began = time.process_time()
                answer = method(take)
                spent[name] += time.process_time() - began
                scored[name].append(score(take, answer))
        for name in methods:
            means[name].append(np.mean(scored[name], axis=0))
    return [
        Row(figure, name, tuple(float(mean[place]) for mean in means[name]), spent[name] / sounded_sec)
        for figure, place in figures.items()
        for name in methods
    ]


# Melody and notes


def melody(settings: Settings) -> list[Row]:
    def score(take: Take, track: object) -> tuple[float, ...]:
        return astuple(score_f0(take, *track))

    methods = {"musicedu": our_f0, "librosa.pyin": pyin, "naive: loudest bin": loudest_bin}
    return rows_of({"raw pitch accuracy": 0, "overall accuracy": 2}, methods, score, settings)


def notes(settings: Settings) -> list[Row]:
    def score(take: Take, heard: object) -> tuple[float, ...]:
        return astuple(score_notes(take.notes, heard))

    methods = {
        "musicedu": lambda take: estimate_notes(take.y, take.sr),
        "librosa: pyin + onsets": pyin_between_onsets,
        "naive: runs of one pitch": runs_of_one_pitch,
    }
    return rows_of({"note F, onset 50 ms": 2, "note F, with offsets": 3}, methods, score, settings)


def our_f0(take: Take) -> tuple[np.ndarray, np.ndarray]:
    track = estimate_f0(take.y, take.sr)
    return track.times_sec, track.f0_hz


def pyin(take: Take) -> tuple[np.ndarray, np.ndarray]:
    f0, _, _ = librosa.pyin(take.y, sr=take.sr, fmin=FMIN_HZ, fmax=FMAX_HZ)
    return librosa.times_like(f0, sr=take.sr), f0


def loudest_bin(take: Take) -> tuple[np.ndarray, np.ndarray]:
    magnitude = np.abs(librosa.stft(take.y))
    f0 = librosa.fft_frequencies(sr=take.sr)[magnitude.argmax(axis=0)]
    return librosa.times_like(f0, sr=take.sr), np.where(magnitude.max(axis=0) > 0.01 * magnitude.max(), f0, 0)


def pyin_between_onsets(take: Take) -> list[PlayedNote]:
    """A note from each onset that librosa detects to the next, its pitch the median of pYIN's in between."""
    times_sec, f0 = pyin(take)
    edges = [*librosa.onset.onset_detect(y=take.y, sr=take.sr, units="time"), take.duration_sec]
    heard = []
    for onset, offset in pairwise(edges):
        inside = f0[(times_sec >= onset) & (times_sec < offset)]
        voiced = inside[~np.isnan(inside)]
        if len(voiced):
            heard.append(PlayedNote(onset, offset, round(float(librosa.hz_to_midi(np.median(voiced))))))
    return heard


def runs_of_one_pitch(take: Take) -> list[PlayedNote]:
    return list(notes_of_runs(estimate_f0(take.y, take.sr)))


# Rhythm


def rhythm(settings: Settings) -> list[Row]:
    """Onsets and beats, of melodies alone and with chords struck under them: 20 s, six times as many takes."""
    return [Row(*line) for line in rhythm_lines(6 * int(settings["n_takes"]))]


# Harmony


def harmony(settings: Settings) -> list[Row]:
    """Chords and keys need longer takes than notes do: 20 s, four times as many."""
    return [Row(*line) for line in harmony_lines(4 * int(settings["n_takes"]))]


TOPICS: dict[str, Topic] = {"melody": melody, "notes": notes, "rhythm": rhythm, "harmony": harmony}
TARGETS = {
    "note F, onset 50 ms": 0.90,
    "beat F, melody alone": 0.90,
    "beat F, with chords": 0.90,
    "chords, major/minor": 0.80,
    "key, weighted": 0.85,
}
LARGEST_LOSS = 0.10


def table(rows: Iterable[Row]) -> list[str]:
    lines = [f"{'figure':<28}{'method':<28}" + "".join(f"{noise:>8}" for noise in NOISES) + f"{'loss':>8}{'s/s':>8}"]
    before = ""
    for row in rows:
        values = "".join(f"{value:>8.3f}" for value in row.values)
        cost = f"{row.cost:>8.3f}" if row.cost is not None else ""
        lines.append(
            f"{row.figure if row.figure != before else '':<28}{row.method:<28}{values}"
            f"{row.values[0] - row.values[-1]:>8.3f}{cost}"
        )
        before = row.figure
    return lines


def verdicts(rows: Iterable[Row]) -> list[str]:
    """A line for each of our figures that misses its target or loses too much to noise."""
    said = []
    for row in rows:
        if row.method != "musicedu":
            continue
        if row.values[0] < TARGETS.get(row.figure, 0):
            said.append(f"MISSES {row.figure}: {row.values[0]:.3f}, target {TARGETS[row.figure]:.2f}")
        if row.values[0] - row.values[-1] > LARGEST_LOSS:
            said.append(f"MISSES {row.figure}: noise takes {row.values[0] - row.values[-1]:.3f}")
    return said


def main() -> None:
    """Print the table and what misses a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=f"of {', '.join(TOPICS)}; all if none is named")
    parser.add_argument("--takes", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=6.0, help="the longest take")
    arguments = parser.parse_args()
    unknown = set(arguments.topics) - set(TOPICS)
    if unknown:
        parser.error(f"no topic {', '.join(sorted(unknown))}; there are {', '.join(TOPICS)}")
    settings = {"n_takes": arguments.takes, "longest_sec": arguments.seconds}
    wanted = [TOPICS[name] for name in TOPICS if not arguments.topics or name in arguments.topics]
    with ProcessPoolExecutor(2) as pool:
        rows = [row for found in pool.map(run, wanted, [settings] * len(wanted)) for row in found]
    print(
        f"{arguments.takes} takes of at most {arguments.seconds:.0f} s in each noise; s/s: processor seconds a second"
    )
    print("\n".join([*table(rows), "", *(verdicts(rows) or ["every target is met"])]))


def run(topic: Topic, settings: Settings) -> list[Row]:
    return topic(settings)


if __name__ == "__main__":
    main()
