"""Print the table by level: our phrases, baselines and real tunes, all under the same rules.

    uv run python benchmarks/level_table.py --requests 200

Overlap is with held-out tunes (of the test and the validation split) that obey the level; 1 is the same distribution,
and `real halves` is the most to hope for; halves that keep every family of tunes on one side are what tunes can reach
that are nobody's variant. With `--simplified` tunes made easier stand beside those that obey, on either side of the
split, so that the first levels are judged on thousands of windows instead of a few families. Control is the mean
Spearman correlation between the six attributes asked for and those of the phrase, those left out that the level keeps
constant. `suiting` is the share of melodies whose measured difficulty suits the level.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from musicedu.corpus.load import load_corpus
from musicedu.evaluation.level_table import (
    Known,
    Row,
    attributes_of,
    constant_proposer,
    engine_proposer,
    judge,
    known_of_level,
    real_rows,
)
from musicedu.exercise.composing import N_CANDIDATES
from musicedu.exercise.engines import shipped_engine
from musicedu.generation.decoding import no_preference
from musicedu.generation.markov import MarkovModel
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.training.dataset import build_dataset
from musicedu.weights import load_weights

ENGINES = ["vae", "vae one draw", "rejection", "markov 4", "random in key"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200, help="requests a level and engine")
    parser.add_argument("--levels", type=int, nargs="*", default=list(range(1, 9)))
    parser.add_argument("--weights", type=Path, help="weights to judge instead of the shipped ones")
    parser.add_argument("--tunes", type=int, default=1500, help="training tunes that requests and chains come from")
    parser.add_argument("--engines", nargs="*", default=ENGINES)
    parser.add_argument("--suiting", action="store_true", help="only tunes whose difficulty suits the level")
    parser.add_argument(
        "--simplified",
        nargs="?",
        const="both",
        choices=["both", "reference", "requests"],
        help="where tunes simplified to the level stand beside those that obey; both if not said",
    )
    parser.add_argument("--reference", type=int, help="held-out windows a level; four times the requests if not given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write the rows here")
    options = parser.parse_args()
    print("| level | engine | overlap | control | n | suiting |\n|---|---|---|---|---|---|")
    rows = []
    for row in table(options):
        figures = f"{row.overlap:.3f} | {row.control:.3f} | {row.n} | {row.suiting:.2f}"
        print(f"| {row.level} | {row.engine} | {figures} |", flush=True)
        rows.append(row)
    if options.json:
        options.json.write_text(json.dumps([vars(row) for row in rows], indent=1))


def table(options: argparse.Namespace) -> Iterator[Row]:
    rng = np.random.default_rng(options.seed)
    model = NumpyVae(load_weights(options.weights)) if options.weights else shipped_engine()
    corpus = load_corpus(include_non_commercial=False)
    tunes = list(corpus.select(split="train").tunes())
    training = windows_of([tunes[index] for index in rng.permutation(len(tunes))[: options.tunes]], rng)
    held_out = windows_of(
        [tune for split in ("test", "validation") for tune in corpus.select(split=split).tunes()], rng
    )
    proposers = {
        "vae": (engine_proposer(model), N_CANDIDATES),
        "vae one draw": (engine_proposer(model), 1),
        "rejection": (engine_proposer(model), N_CANDIDATES),
        "random in key": (constant_proposer(no_preference), N_CANDIDATES),
    }
    if "markov 4" in options.engines:
        proposers["markov 4"] = (constant_proposer(MarkovModel([one.window for one in training], 4)), N_CANDIDATES)
    for number in track(options.levels, description="levels", console=Console(stderr=True)):
        n_kept, kinds = options.reference or 4 * options.requests, {"suiting": options.suiting}
        asks, compares = (options.simplified in ("both", side) for side in ("requests", "reference"))
        asked = known_of_level(training, number, options.requests, simplified=asks, **kinds)
        kept_aside = known_of_level(held_out, number, n_kept, simplified=compares, **kinds)
        yield from real_rows(number, asked, kept_aside, rng)
        requests, reference = ([one.window for one in asked], attributes_of(one.window for one in kept_aside))
        for engine in options.engines:
            proposer, n_draws = proposers[engine]
            rejects = engine == "rejection"
            yield judge(
                number, engine, proposer, requests, reference, model, rng, n_draws=n_draws, by_rejection=rejects
            )


def windows_of(tunes, rng):
    """The windows of tunes with their families, in random order."""
    known = [
        Known(window, tune.family)
        for tune in tunes
        for window in build_dataset([tune.melody], max_events=48, rng=rng).windows
    ]
    return [known[index] for index in rng.permutation(len(known))]


if __name__ == "__main__":
    main()
