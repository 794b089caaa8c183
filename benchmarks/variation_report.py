"""Print how phrases of held-out tunes are varied: how much is kept, and whether attributes move as they are asked to.

    uv run python benchmarks/variation_report.py [--weights FILE] [--windows 100]

For each wish: by how much the ranks of its attributes are asked to move, by how much they do on average (in the
direction asked, from the phrase itself), in how many windows they do, and the share of steps that then sound unlike.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path

import numpy as np

from musicedu.corpus.load import load_corpus
from musicedu.data import data_path
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.generation.variation import WISHES, between, difference, played, point_of, ranks_of_window, vary
from musicedu.training.dataset import build_dataset
from musicedu.weights import load_weights

AMOUNTS = (0.0, 0.2, 0.4, 0.7, 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=data_path("models", "vae.npz"))
    parser.add_argument("--windows", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    vae, rng = NumpyVae(load_weights(options.weights)), np.random.default_rng(options.seed)
    windows = windows_of(load_corpus(include_non_commercial=False).select(split="test"), options.windows, rng)
    print(f"{options.weights.name}: {len(windows)} windows of four measures of held-out tunes")
    for amount in AMOUNTS:
        made = [vary(vae, window, rng, amount=amount, n_draws=1) for window in windows]
        print(f"  strayed by {amount}: {mean_difference(windows, made):.2f} of the steps sound unlike")
    for name, moves in WISHES.items():
        report_wish(vae, windows, name, moves, rng)
    report_ways(vae, windows)


def windows_of(corpus, n, rng):
    melodies = (tune.melody for tune in corpus if tune.melody.key.mode in ("major", "minor"))
    windows = [w for w in build_dataset(melodies, max_events=48, rng=rng).windows if w.grid.n_measures == 4]
    return [windows[index] for index in rng.permutation(len(windows))[:n]]


def mean_difference(windows, made):
    return np.mean([difference(*both) for both in zip(windows, made, strict=True)])


def report_wish(vae, windows, name, moves, rng):
    columns = [CONDITION_ATTRIBUTES.index(attribute) for attribute in moves]
    signs = np.sign(list(moves.values()))
    made = [vary(vae, window, rng, moves=moves) for window in windows]
    moved = np.array(
        [
            (ranks_of_window(vae, one) - ranks_of_window(vae, window))[columns] * signs
            for window, one in zip(windows, made, strict=True)
        ]
    )
    each = ", ".join(
        f"{attribute} {asked:+.1f}: {sign * got:+.2f}"
        for (attribute, asked), sign, got in zip(moves.items(), signs, moved.mean(axis=0), strict=True)
    )
    share = (moved.mean(axis=1) > 0).mean()
    print(f"  {name}: {each}; {share:.0%} the right way, {mean_difference(windows, made):.2f} of the steps unlike")


def report_ways(vae, windows):
    pairs = [(a, b) for a, b in pairwise(windows) if a.grid == b.grid]
    for along in ("sphere", "line"):
        ways = [played(vae, between(point_of(vae, a), point_of(vae, b), 7, along=along)) for a, b in pairs]
        for end, words in ((0, "the first"), (-1, "the last")):
            far = np.mean([[difference(way[end], step) for step in way] for way in ways], axis=0)
            print(f"  seven steps on a {along}, unlike {words}: {' '.join(f'{d:.2f}' for d in far)} ({len(ways)} ways)")


if __name__ == "__main__":
    main()
