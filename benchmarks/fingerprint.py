"""How often the fingerprint index names the recording that an excerpt of five seconds is from.

    uv run python benchmarks/fingerprint.py                                   # 2,000 recordings, many minutes
    uv run python benchmarks/fingerprint.py --recordings 200 --queries 40 --outside 60

Recordings are tunes of the corpus, one of each family, the first 25 seconds, played dry by one of twelve instruments
at the tune's own tempo (mostly 120). Their index is kept in the cache folder: hashes, no sound. An excerpt is rendered
anew from the tune: a changed tempo is exact (every onset and duration divided by it), as when a player takes it faster,
not a resampled sound. Noise is pink, as loud as the music. Excerpts of tunes outside the index are asked with no
disguise and with all of them, in turns.
"""

from __future__ import annotations

import argparse
import io
import time
from dataclasses import replace

import numpy as np
import soundfile
from joblib import Parallel, delayed

from musicedu.audio.mixing import halved, levelled, mix
from musicedu.audio.performance import perform
from musicedu.audio.save import render_mp3
from musicedu.audio.takes import with_noise
from musicedu.corpus.load import load_corpus
from musicedu.melody import Melody
from musicedu.originality.constellation import find_stars
from musicedu.originality.fingerprint import LEAST_CONFIDENCE, index_of
from musicedu.originality.fingerprint_file import load_index, save_index
from musicedu.storage import cache_folder

SR = 22_050
RECORDING_SEC, EXCERPT_SEC, BEFORE_SEC = 25.0, 5.0, 2.0
PROGRAMS = (40, 41, 42, 73, 74, 71, 56, 65, 60, 52, 24, 0)
CONDITIONS = {
    "clean": (1.0, False, False),
    "0 dB noise": (1.0, True, False),
    "tempo +5 %": (1.05, False, False),
    "tempo -5 %": (0.95, False, False),
    "MP3": (1.0, False, True),
    "all, +5 %": (1.05, True, True),
    "all, -5 %": (0.95, True, True),
}


def render(melody: Melody, program: int, *, faster: float = 1.0, begin_sec: float = 0.0, sec: float = RECORDING_SEC):
    """So many seconds of a melody, from a moment of the performance at its own tempo on, played so much faster."""
    notes = [
        replace(
            note,
            onset_sec=(note.onset_sec - begin_sec) / faster + BEFORE_SEC,
            offset_sec=(note.offset_sec - begin_sec) / faster + BEFORE_SEC,
        )
        for note in perform(melody)
    ]
    notes = [note for note in notes if 0 <= note.onset_sec < BEFORE_SEC + sec]
    y = halved(mix(notes, program, BEFORE_SEC + sec, 2 * SR))
    return levelled(y[round(BEFORE_SEC * SR) : round((BEFORE_SEC + sec) * SR)])


def disguise(y, noise: bool, mp3: bool, rng):
    if noise:
        y = levelled(with_noise(y, 0.0, rng))
    if mp3:
        y = soundfile.read(io.BytesIO(render_mp3(y, SR)), dtype="float32")[0]
    return y


def stars_of(melody: Melody, program: int):
    return find_stars(render(melody, program), SR)


def excerpt(melody: Melody, program: int, condition: str, rng):
    faster, noise, mp3 = CONDITIONS[condition]
    last_sec = min(RECORDING_SEC, perform(melody)[-1].onset_sec + 1) - EXCERPT_SEC * faster
    begin_sec = rng.uniform(0, max(0.1, last_sec))
    y = render(melody, program, faster=faster, begin_sec=begin_sec, sec=EXCERPT_SEC)
    return disguise(y, noise, mp3, rng), begin_sec


def one_of_each_family(rng) -> list[Melody]:
    corpus = load_corpus(include_non_commercial=False)
    rows: dict[str, int] = {}
    for row, family in enumerate(corpus.table["family"].to_pylist()):
        rows.setdefault(family, row)
    chosen = np.array(sorted(rows.values()))
    rng.shuffle(chosen)
    tunes = (corpus[int(row)].melody for row in chosen)
    return [tune for tune in tunes if tune.notes and perform(tune)[-1].onset_sec >= EXCERPT_SEC]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recordings", type=int, default=2000)
    parser.add_argument("--queries", type=int, default=200, help="excerpts of each condition")
    parser.add_argument("--outside", type=int, default=500, help="excerpts of tunes outside the index")
    parser.add_argument("--seed", type=int, default=1, help="of the excerpts and their noise")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--anew", action="store_true", help="render the recordings again; else a kept index is used")
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    tunes = one_of_each_family(rng)
    rng = np.random.default_rng(options.seed)  # which excerpts are asked, and in which noise
    if options.recordings + options.outside > len(tunes):
        parser.error(f"there are only {len(tunes)} families to choose from")
    programs = [PROGRAMS[number % len(PROGRAMS)] for number in range(len(tunes))]
    path = cache_folder("benchmarks") / f"fingerprint-{options.recordings}.index"
    if options.anew or not path.exists():
        inside = zip(tunes[: options.recordings], programs, strict=False)
        stars = Parallel(options.jobs)(delayed(stars_of)(*one) for one in inside)
        save_index(index_of([str(number) for number in range(options.recordings)], stars), path)
    began = time.perf_counter()
    index = load_index(path)
    loaded = time.perf_counter() - began
    size = path.stat().st_size / 1e6
    print(f"{len(index)} recordings, {size:.0f} MB on disk, loaded in {1000 * loaded:.0f} ms")
    print(
        f"{'condition':<16}{'excerpts':>9}{'right':>8}{'wrong':>7}{'none':>6}{'offset':>9}{'ms, median':>12}{'95 %':>6}"
    )
    for condition in CONDITIONS:
        asked = rng.choice(options.recordings, min(options.queries, options.recordings), replace=False)
        report(index, condition, [(tunes[k], programs[k], condition, str(k)) for k in asked], rng)
    others = range(options.recordings, options.recordings + options.outside)
    turns = ("clean", "all, +5 %", "clean", "all, -5 %")
    report(index, "outside", [(tunes[k], programs[k], turns[k % 4], None) for k in others], rng)


def report(index, condition: str, asked, rng) -> None:
    right = wrong = none = 0
    seconds, off_sec, confidences = [], [], []
    for tune, program, disguised, name in asked:
        y, begin_sec = excerpt(tune, program, disguised, rng)
        began = time.perf_counter()
        found = index.candidates(y, SR)
        seconds.append(time.perf_counter() - began)
        best = found[0] if found else None
        confidences.append((best.confidence if best else 0.0, best is not None and best.name == name))
        if best is None or best.confidence < LEAST_CONFIDENCE:
            none += 1
        elif best.name == name:
            right += 1
            off_sec.append(abs(best.offset_sec - begin_sec))
        else:
            wrong += 1
    offset = f"{np.median(off_sec):.2f} s" if off_sec else ""
    share = f"{100 * right / len(asked):.1f} %" if condition != "outside" else ""
    median, slow = 1000 * np.quantile(seconds, [0.5, 0.95])
    print(
        f"{condition:<16}{len(asked):>9}{share:>8}{wrong:>7}{none:>6}{offset:>9}{median:>12.0f}{slow:>6.0f}", flush=True
    )
    ranked = np.mean([is_right for _, is_right in confidences])
    quantiles = np.quantile([value for value, _ in confidences], [0, 0.05, 0.5, 0.95, 1])
    print(f"    first of the candidates: {100 * ranked:.1f} %; confidence {' '.join(f'{q:.2f}' for q in quantiles)}")


if __name__ == "__main__":
    main()
