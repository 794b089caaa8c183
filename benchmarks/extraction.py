"""How fast features are extracted from many recordings, beside a plain loop over librosa in one process.

    uv run python benchmarks/extraction.py [--files 10 100 1000]

The recordings are excerpts of a few seconds, rendered from tunes of the corpus. The loop loads each file with librosa
and calls the feature functions one after the other, as its tutorial does; "shared" is a loop that computes each
spectrum once and hands it on, which is as fast as librosa gets. Both have run once before they are timed, so that
nothing is compiled while the clock runs. Everything stands in one table from one run, because a shared machine makes
single times worthless; ratios are of the time on the clock. Targets: 1.8 times the plain loop on two cores with new
files, 50 times when all of them are known.

Measured on two quiet cores: new files 1.8, 2.0 and 4.3 times as fast as the plain loop (10, 100 and 1,000 of them; the
start of the processes weighs on few), known ones 56, 138 and 163 times; the time a file falls from 18 to 8 ms as their
number grows. Beside the loop that shares its spectra: 0.7, 0.7 and 1.5 times.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import librosa
import numpy as np

from musicedu.audio.synthesise import SAMPLE_RATE_HZ, render_wav
from musicedu.audio.takes import record_take
from musicedu.corpus.extraction import extract_features
from musicedu.corpus.load import load_corpus
from musicedu.corpus.pool import silent

PROGRAMS = (40, 42, 56, 65, 71, 73)
SOUND_SEC = 4.0
LOOP_FILES = 40  # the loops are timed on so many files: they take the same time for each


def main() -> None:
    """Print how long each way takes, and how it grows."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, nargs="+", default=[10, 100, 1000])
    sizes = sorted(parser.parse_args().files)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = render_files(folder, sizes[-1])
        print(f"{len(files)} files of {SOUND_SEC:.0f} s, {os.cpu_count()} cores")
        few = files[:LOOP_FILES]
        loops = {"librosa, plain": plain_loop, "librosa, shared": shared_loop}
        for loop in loops.values():
            loop(few[:2])
        per_file = {name: timed(lambda loop=loop: loop(few)) / len(few) for name, loop in loops.items()}
        for title, seconds in per_file.items():
            print(f"{title:<18}{1000 * seconds:>9.1f} ms a file")
        print(f"{'files':>7}{'new':>10}{'a file':>11}{'x plain':>9}{'x shared':>10}{'known':>10}{'x plain':>9}")
        for n_files in sizes:
            report(files[:n_files], folder / f"cache{n_files}", per_file)


def report(files: Sequence[Path], cache: Path, per_file: dict[str, float]) -> None:
    """One row of the table: these files new, then known."""

    def extract() -> None:
        assert len(extract_features(files, cache=cache, progress=silent)) == len(files)

    new, known = timed(extract), min(timed(extract) for _ in range(3))
    plain, shared = (len(files) * seconds for seconds in per_file.values())
    print(
        f"{len(files):>7}{new:>8.2f} s{1000 * new / len(files):>8.1f} ms{plain / new:>9.1f}{shared / new:>10.1f}"
        f"{known:>8.3f} s{plain / known:>9.0f}"
    )


def timed(work: Callable[[], object]) -> float:
    """Seconds on the clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def render_files(folder: Path, n_files: int) -> list[Path]:
    """Excerpts of tunes: every file another sound, from one take a tune and instrument, noise added anew."""
    rng = np.random.default_rng(1)
    sounds = takes()
    n_samples = round(SOUND_SEC * SAMPLE_RATE_HZ)
    paths = []
    for number in range(n_files):
        y = next(sounds)[:n_samples]
        y = (y + 0.005 * rng.standard_normal(len(y))).astype(np.float32)
        paths.append(folder / f"{number:05}.wav")
        paths[-1].write_bytes(render_wav(y, SAMPLE_RATE_HZ))
    return paths


def takes() -> Iterator[np.ndarray]:
    """Two dozen takes, round and round."""
    made = []
    for index, tune in zip(range(24), load_corpus(collections=["ryans"]).tunes(), strict=False):
        made.append(record_take(tune.melody, program=PROGRAMS[index % len(PROGRAMS)], room="room").y)
        yield made[-1]
    while True:
        yield from made


def plain_loop(files: Sequence[Path]) -> list[list[float]]:
    """One process, one feature after the other, each from the samples."""
    feature = librosa.feature
    rows = []
    for path in files:
        y, sr = librosa.load(path, sr=SAMPLE_RATE_HZ)
        frames = [
            feature.mfcc(y=y, sr=sr, n_mfcc=13),
            feature.spectral_centroid(y=y, sr=sr),
            feature.spectral_bandwidth(y=y, sr=sr),
            feature.spectral_rolloff(y=y, sr=sr),
            feature.spectral_flatness(y=y),
            feature.zero_crossing_rate(y),
            feature.chroma_stft(y=y, sr=sr),
            feature.rms(y=y),
            librosa.onset.onset_strength(y=y, sr=sr)[None],
        ]
        onsets = librosa.onset.onset_detect(y=y, sr=sr)
        rows.append([*_means_and_deviations(frames), len(onsets), float(feature.tempo(y=y, sr=sr)[0])])
    return rows


def shared_loop(files: Sequence[Path]) -> list[list[float]]:
    """One process, each spectrum once."""
    feature = librosa.feature
    rows = []
    for path in files:
        y, sr = librosa.load(path, sr=SAMPLE_RATE_HZ)
        magnitude = np.abs(librosa.stft(y))
        power = magnitude**2
        mel_db = librosa.power_to_db(feature.melspectrogram(S=power, sr=sr))
        envelope = librosa.onset.onset_strength(S=mel_db, sr=sr)
        frames = [
            feature.mfcc(S=mel_db, sr=sr, n_mfcc=13),
            feature.spectral_centroid(S=magnitude, sr=sr),
            feature.spectral_bandwidth(S=magnitude, sr=sr),
            feature.spectral_rolloff(S=magnitude, sr=sr),
            feature.spectral_flatness(S=magnitude),
            feature.zero_crossing_rate(y),
            feature.chroma_stft(S=power, sr=sr, tuning=0.0),
            feature.rms(S=magnitude),
            envelope[None],
        ]
        onsets = librosa.onset.onset_detect(onset_envelope=envelope, sr=sr)
        rows.append([*_means_and_deviations(frames), len(onsets), float(feature.tempo(onset_envelope=envelope)[0])])
    return rows


def _means_and_deviations(frames: Sequence[np.ndarray]) -> list[float]:
    return [float(number) for rows in frames for number in (*rows.mean(axis=1), *rows.std(axis=1))]


if __name__ == "__main__":
    main()
