"""Print how phrases of held-out tunes are varied: how much is kept, and whether the wish is obeyed.

    uv run python benchmarks/variation_report.py [--weights FILE] [--windows 100]

A variation obeys if it is what was wished as a teacher would measure it: `easier` and `harder` by
`musicedu.syllabus.difficulty`, the others by the attribute they are about, in its own unit. *Kept* is the share of
notes that phrase and variation share (onset and pitch), of whichever has fewer; beside it the same of two phrases that
have nothing to do with each other. *Unchanged* are variations in which no step sounds unlike. Then, of each attribute,
by how much its rank is asked to move and by how much it does on average.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path

import numpy as np

from musicedu.attributes.catalogue import measure
from musicedu.corpus.load import load_corpus
from musicedu.data import data_path
from musicedu.encoding.events import window_melody
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.generation.variation import (
    WISHES,
    between,
    difference,
    kept_notes,
    played,
    point_of,
    ranks_of_window,
    vary,
)
from musicedu.syllabus.difficulty import estimate_difficulty
from musicedu.training.dataset import build_dataset
from musicedu.weights import load_weights

AMOUNTS = (0.0, 0.2, 0.4, 0.7, 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=data_path("models", "vae_vary.npz"))
    parser.add_argument("--windows", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    vae, rng = NumpyVae(load_weights(options.weights)), np.random.default_rng(options.seed)
    windows = windows_of(load_corpus(include_non_commercial=False).select(split="test"), options.windows, rng)
    print(f"{options.weights.name}: {len(windows)} windows of four measures of held-out tunes")
    for amount in AMOUNTS:
        made = [vary(vae, window, rng, amount=amount, n_draws=1) for window in windows]
        print(f"  strayed by {amount}: {mean_difference(windows, made):.2f} of the steps sound unlike")
    strangers = [kept_notes(a, b) for a, b in pairwise(windows)]
    print(f"  two phrases of different tunes share {np.mean(strangers):.2f} of their notes")
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
    made = [vary(vae, window, rng, moves=moves) for window in windows]
    pairs = list(zip(windows, made, strict=True))
    obeyed = np.mean([gain_of(name, *pair) > 0 for pair in pairs])
    kept, unlike = np.mean([(kept_notes(*pair), difference(*pair)) for pair in pairs], axis=0)
    unchanged = np.mean([difference(*pair) == 0 for pair in pairs])
    columns = [CONDITION_ATTRIBUTES.index(attribute) for attribute in moves]
    moved = np.mean([(ranks_of_window(vae, b) - ranks_of_window(vae, a))[columns] for a, b in pairs], axis=0)
    each = ", ".join(
        f"{attribute} {moves[attribute]:+.1f}: {got:+.2f}" for attribute, got in zip(moves, moved, strict=True)
    )
    print(
        f"  {name}: {obeyed:.0%} obey, by {np.mean([gain_of(name, *pair) for pair in pairs]):.2f} on average; "
        f"{kept:.2f} of the notes kept, {unlike:.2f} of the steps unlike, {unchanged:.0%} unchanged; {each}"
    )


def gain_of(wish, window, varied):
    """By how much a variation is what was wished: levels of difficulty, or the attribute's own unit."""
    before, after = window_melody(window), window_melody(varied)
    if wish in ("easier", "harder"):
        rise = estimate_difficulty(after).score - estimate_difficulty(before).score
        return rise if wish == "harder" else -rise
    attribute, move = next(iter(WISHES[wish].items()))
    rise = measure(after, (attribute,))[attribute] - measure(before, (attribute,))[attribute]
    return rise if move > 0 else -rise


def report_ways(vae, windows):
    pairs = [(a, b) for a, b in pairwise(windows) if a.grid == b.grid]
    for along in ("sphere", "line"):
        ways = [played(vae, between(point_of(vae, a), point_of(vae, b), 7, along=along)) for a, b in pairs]
        for end, words in ((0, "the first"), (-1, "the last")):
            far = np.mean([[difference(way[end], step) for step in way] for way in ways], axis=0)
            print(f"  seven steps on a {along}, unlike {words}: {' '.join(f'{d:.2f}' for d in far)} ({len(ways)} ways)")


if __name__ == "__main__":
    main()
