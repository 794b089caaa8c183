"""Print how well a classifier tells whole exercises from real tunes, and by what.

    uv run python benchmarks/told_apart.py --levels 1 3 5 8 --exercises 300

Exercises of eight measures stand beside strains of held-out tunes of the same metres: as they are, each tradition
apart, and simplified to the level phrase by phrase. The classifier sees what a listener could notice of a whole piece
(`musicedu.evaluation.whole_pieces`), never what an engine is asked for. AUC: 0.5 is chance, 1 certain, with its 95 %
interval. Halves of the real tunes, and Essen against the dance books, say what the number is worth.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from musicedu.corpus.load import load_corpus
from musicedu.corpus.pool import in_order, map_over
from musicedu.corpus.tune import Tune
from musicedu.errors import MusicEduError
from musicedu.evaluation.references import STYLES, simplified_strain, strain
from musicedu.evaluation.whole_pieces import FEATURES, piece_features
from musicedu.exercise.generator import generate
from musicedu.exercise.specification import Specification
from musicedu.learning.two_sample import TwoSample, tell_apart
from musicedu.melody import Melody
from musicedu.syllabus.instruments import instruments

N_MEASURES = 8
Piece = tuple[str, Melody]
"""A family and a melody."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--levels", type=int, nargs="*", default=list(range(1, 11)))
    parser.add_argument("--exercises", type=int, default=300, help="exercises a level")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--features", type=int, default=8, help="how many of the features that tell most are printed")
    parser.add_argument("--json", type=Path, help="also write all figures here")
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    corpus = load_corpus()
    tunes = {
        style: [tune for split in ("test", "validation") for tune in corpus.select(collections=names, split=split)]
        for style, names in STYLES.items()
    }
    real = {style: list(pieces(found, partial(strain, n_measures=N_MEASURES))) for style, found in tunes.items()}
    print("| level | exercises beside | AUC | 95 % | n | what tells most, alone |\n|---|---|---|---|---|---|")
    figures = [row(0, name, found, options.features) for name, found in controls(real, rng)]
    everyone = [tune for found in tunes.values() for tune in found]
    for number in track(options.levels, description="levels", console=Console(stderr=True)):
        made = exercises(number, options.exercises, options.seed)
        easier = pieces(everyone, partial(simplified_strain, number=number, n_measures=N_MEASURES))
        beside = real | {"simplified": list(easier)}
        for name, found in beside.items():
            ours, theirs = matched(made, found, rng)
            if len(theirs) >= 40:
                figures.append(row(number, name, told(ours, theirs, rng), options.features))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


def pieces(tunes: Iterable[Tune], made) -> Iterable[Piece]:
    """The pieces that are made of tunes, each with its family."""
    return ((tune.family, piece) for tune in tunes if (piece := made(tune.melody)) is not None)


def exercises(number: int, n: int, seed: int) -> list[Piece]:
    """Exercises of a level, the instruments in turn."""
    names = list(instruments())
    wishes = [
        Specification(number, names[index % len(names)], measures=N_MEASURES, seed=100_000 * seed + index)
        for index in range(n)
    ]
    found = in_order(map_over(exercise, wishes, copies=True))
    return [(f"exercise {index}", melody) for index, melody in enumerate(found) if melody is not None]


def exercise(wish: Specification) -> Melody | None:
    try:
        return generate(wish).melody
    except MusicEduError:
        return None


def matched(
    ours: Sequence[Piece], theirs: Sequence[Piece], rng: np.random.Generator
) -> tuple[list[Piece], list[Piece]]:
    """As many of either in every metre, drawn at random."""
    metres = Counter(str(melody.metre) for _, melody in ours) & Counter(str(melody.metre) for _, melody in theirs)
    chosen: list[list[Piece]] = []
    for side in (ours, theirs):
        shuffled = [side[index] for index in rng.permutation(len(side))]
        left = Counter(metres)
        kept = []
        for family, melody in shuffled:
            if left[str(melody.metre)]:
                left[str(melody.metre)] -= 1
                kept.append((family, melody))
        chosen.append(kept)
    return chosen[0], chosen[1]


def told(first: Sequence[Piece], second: Sequence[Piece], rng: np.random.Generator) -> TwoSample:
    tables = [[list(piece_features(melody).values()) for _, melody in side] for side in (first, second)]
    families = [family for family, _ in first], [family for family, _ in second]
    return tell_apart(*tables, list(FEATURES), families, rng)


def controls(real: dict[str, list[Piece]], rng: np.random.Generator) -> Iterable[tuple[str, TwoSample]]:
    """What real tunes give: halves of them, and one tradition beside another."""
    together = [piece for found in real.values() for piece in found]
    families = sorted({family for family, _ in together})
    half = set(rng.permutation(families)[: len(families) // 2].tolist())
    sides = [[piece for piece in together if (piece[0] in half) == inside][:400] for inside in (True, False)]
    yield "halves of real tunes", told(*sides, rng)
    yield "Essen beside dance books", told(*matched(real["Essen"][:400], real["dance books"], rng), rng)


def row(number: int, name: str, found: TwoSample, n_features: int) -> dict[str, object]:
    most = ", ".join(f"{feature} {auc:.2f}" for feature, auc in list(found.alone.items())[:n_features])
    print(
        f"| {number or ''} | {name} | {found.auc:.3f} | {found.low:.2f}-{found.high:.2f} | {found.n[0]} | {most} |",
        flush=True,
    )
    return {"level": number, "beside": name, **found.to_dict()}


if __name__ == "__main__":
    main()
