"""Print how well form letters agree with pieces whose form is known, as pairwise F with its baselines.

    uv run python benchmarks/form_letters.py --pieces 200 --takes 20

`exercises` are generated ones of two phrases and more: their truth is which phrases were made from one idea, which
begin alike and end differently. `patchwork n` are phrases of tunes of different families sewn together, the last n
measures of every return changed. `takes` are patchworks recorded, downbeats given, by chroma and by MFCC.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
from rich.progress import track

from musicedu.attributes.segments import segment_slots
from musicedu.audio.segments import SLOTS_PER_MEASURE, extract_segments
from musicedu.audio.takes import record_take
from musicedu.corpus.load import load_corpus
from musicedu.errors import Unsatisfiable
from musicedu.evaluation.patchwork import FORMS, draw_phrases, sew
from musicedu.exercise.generator import generate
from musicedu.exercise.specification import Specification
from musicedu.learning.clustering import k_means, score_pairs, silhouette
from musicedu.learning.form import ALIKE_IN_SOUND, cluster_segments, form_letters, letters_of, segment_points
from musicedu.melody import Melody

Case = tuple[str, Melody]


def by_silhouette(melody: Melody) -> str:
    """K with the best silhouette, from 2 to one less than the segments."""
    points = segment_points(segment_slots(melody, 4))
    if len(points) < 3:
        return "AB"[: len(points)]
    found = [k_means(points, k, np.random.default_rng(0)) for k in range(2, len(points))]
    return letters_of(max(found, key=lambda clusters: silhouette(points, clusters.labels)).labels)


METHODS: dict[str, Callable[[Melody], str]] = {
    "alike by staff steps": lambda melody: form_letters(melody, 4),
    "alike by pitch class": lambda melody: form_letters(melody, 4, layout="pitch"),
    "best silhouette": by_silhouette,
}
BASELINES: dict[str, Callable[[int], str]] = {
    "all the same": lambda n: "A" * n,
    "all different": lambda n: "ABCDEFGHIJ"[:n],
    "A and B by chance": lambda n: "".join(np.random.default_rng(n).choice(["A", "B"], n)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pieces", type=int, default=200, help="patchworks a row")
    parser.add_argument("--exercises", type=int, default=60)
    parser.add_argument("--takes", type=int, default=20)
    parser.add_argument("--split", default="test")
    parser.add_argument("--thresholds", action="store_true", help="also print the mean F for other thresholds")
    options = parser.parse_args()
    tunes = phrase_sources(options.split)
    cases = {"exercises": exercises(options.exercises)}
    for n_changed in (0, 1, 2):
        cases[f"patchwork {n_changed}"] = patchworks(tunes, options.pieces, n_changed)
    print("| pieces | method | precision | recall | F | form exactly right | n |\n|---|---|---|---|---|---|---|")
    for name, truths in cases.items():
        for method, letters in METHODS.items():
            report(name, method, truths, [letters(melody) for _, melody in truths])
        for method, baseline in BASELINES.items():
            report(name, method, truths, [baseline(len(form)) for form, _ in truths])
    if options.thresholds:
        for alike in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
            figures = [mean_f(truths, [form_letters(m, 4, alike) for _, m in truths]) for truths in cases.values()]
            print(f"alike {alike}: " + ", ".join(f"{name} {f:.3f}" for name, f in zip(cases, figures, strict=True)))
    heard(patchworks(tunes, options.takes, 1), options.thresholds)


def heard(truths: list[Case], thresholds: bool) -> None:
    for condition, taken in {"dry": {}, "room, 10 dB": {"room": "room", "snr_db": 10.0}}.items():
        recorded = [record_take(melody, program=73, **taken) for _, melody in track(truths, transient=True)]
        for feature in ("chroma", "mfcc"):
            segments = [
                extract_segments(
                    take.y,
                    take.sr,
                    phrase_boundaries(take.downbeats_sec, take.melody),
                    feature=feature,
                    n_slots=4 * SLOTS_PER_MEASURE,
                )
                for take in recorded
            ]
            letters = [letters_of(cluster_segments(one, ALIKE_IN_SOUND).labels) for one in segments]
            report(f"takes, {condition}", feature, truths, letters)
            if thresholds:
                for alike in (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9):
                    letters = [letters_of(cluster_segments(one, alike).labels) for one in segments]
                    print(f"alike {alike} {feature}: {mean_f(truths, letters):.3f}")


def phrase_boundaries(downbeats_sec: tuple[float, ...], melody: Melody) -> list[float]:
    last = 2 * downbeats_sec[-1] - downbeats_sec[-2]
    return [*downbeats_sec[: len(melody.measures) : 4], last]


def report(pieces: str, method: str, truths: list[Case], letters: list[str]) -> None:
    scores = [score_pairs(form, found) for (form, _), found in zip(truths, letters, strict=True)]
    exact = np.mean([form == found for (form, _), found in zip(truths, letters, strict=True)])
    figures = [np.mean([getattr(score, name) for score in scores]) for name in ("precision", "recall", "f")]
    print(f"| {pieces} | {method} | " + " | ".join(f"{f:.2f}" for f in figures) + f" | {exact:.2f} | {len(truths)} |")


def mean_f(truths: list[Case], letters: list[str]) -> float:
    return float(np.mean([score_pairs(form, found).f for (form, _), found in zip(truths, letters, strict=True)]))


def phrase_sources(split: str) -> list[Melody]:
    """Major tunes in 4/4 throughout, without upbeat, of eight measures and more, one of each family."""
    families = {tune.family: tune.melody for tune in load_corpus(include_non_commercial=False).select(split=split)}
    return [
        melody
        for melody in families.values()
        if [str(change.metre) for change in melody.metres] == ["4/4"]
        if len(melody.keys) == 1 and melody.key.mode == "major"
        if not melody.anacrusis and len(melody.measures) >= 8
    ]


def patchworks(tunes: list[Melody], n_pieces: int, n_changed: int, seed: int = 0) -> list[Case]:
    rng = np.random.default_rng(seed)
    forms = [FORMS[number % len(FORMS)] for number in range(n_pieces)]
    return [(form, sew(form, draw_phrases(tunes, 4, rng), n_changed=n_changed)) for form in forms]


def exercises(n_exercises: int) -> list[Case]:
    """Exercises of 8 to 16 measures at levels 3 to 10, in phrases of 4, with their phrases' ideas as letters."""
    made: list[Case] = []
    for seed in track(range(n_exercises * 4), transient=True):
        level, n_measures = (3, 8) if seed % 3 == 0 else (8, 16) if seed % 3 == 1 else (10, 16)
        try:
            exercise = generate(Specification(level=level, instrument="violin", measures=n_measures, seed=seed))
        except Unsatisfiable:
            continue
        if {phrase.n_measures for phrase in exercise.phrases} == {4}:
            made.append(("".join(phrase.idea.upper() for phrase in exercise.phrases), exercise.melody))
        if len(made) == n_exercises:
            break
    return made


if __name__ == "__main__":
    main()
