"""How often the key of a tune is found from its notes alone, on the test split, by method and collection.

    python benchmarks/key_finder.py [--fit] [--split test]

`--fit` prints the weights of `musicedu.harmony.tonality` instead, from the training split: a multinomial logistic
regression over 24 keys whose weights are shared by the tonics. A collection counts with the square root of its size, a
tune in minor one and a half times; basses of chorales, whose files name no mode, are left out of the fit.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

import numpy as np
from scipy.optimize import minimize

from musicedu.corpus.load import load_corpus
from musicedu.evaluation.listening.harmony import is_tonal
from musicedu.harmony.tonality import (
    PROFILES,
    estimate_key,
    estimate_melody_key,
    estimate_mode,
    key_features,
    minor_odds,
    pitch_class_histogram,
)

WITHOUT_MODE = "bach_bass"
MINOR_COUNTS = 1.5
RIDGE = 1e-5
CERTAIN = (1.0, 2.0, 3.0, 4.0)


def tonal_tunes(split):
    """The tunes in one major or minor key, with the durations of their notes."""
    tunes = [tune for tune in load_corpus(split=split) if is_tonal(tune.melody)]
    return [(tune, [float(note.duration) for note in tune.melody.notes]) for tune in tunes]


def row_of(key):
    return key.tonic_pitch_class + 12 * key.is_minor


def print_shares(split):
    right = defaultdict(list)
    odds = {True: [], False: []}
    for tune, durations in tonal_tunes(split):
        melody = tune.melody
        weights = pitch_class_histogram(melody)
        found = {name: estimate_key(weights, name)[0].key for name in PROFILES}
        found["melody"] = estimate_melody_key(melody.pitches, durations)
        mode = estimate_mode(melody.pitches, durations, melody.key.fifths)
        for group in ("all", tune.collection):
            for name, key in found.items():
                right[group, name].append(row_of(key) == row_of(melody.key))
            right[group, "mode alone"].append(mode == melody.key.mode)
        odds[melody.key.is_minor].append(minor_odds(melody.pitches, durations, melody.key.fifths))
    for (group, name), values in right.items():
        print(f"{group:14}{name:12}{np.mean(values):7.1%} of {len(values)}")
    for least in CERTAIN:
        shares = [np.mean(np.array(odds[is_minor]) > least) for is_minor in (True, False)]
        print(f"log odds above {least:g}: {shares[0]:.1%} of the minor, {shares[1]:.1%} of the major tunes")


def fitted(split="train"):
    """The weights, shape (2 modes, 24), and the bias of minor."""
    tunes = [pair for pair in tonal_tunes(split) if pair[0].collection != WITHOUT_MODE]
    features = np.array([key_features(tune.melody.pitches, durations) for tune, durations in tunes])
    turned = np.stack([np.roll(features, -tonic, axis=2).reshape(len(tunes), 24) for tonic in range(12)], axis=1)
    rows = np.array([row_of(tune.melody.key) for tune, _ in tunes])
    sizes = defaultdict(int)
    for tune, _ in tunes:
        sizes[tune.collection] += 1
    counts = np.array([sizes[tune.collection] ** -0.5 for tune, _ in tunes]) * np.where(rows >= 12, MINOR_COUNTS, 1)
    counts /= counts.sum()
    each = np.arange(len(rows))

    def loss(flat):
        weights, bias = flat[:-1].reshape(2, 24), flat[-1]
        scores = np.concatenate([turned @ weights[0], turned @ weights[1] + bias], axis=1)
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        total = odds.sum(axis=1, keepdims=True)
        value = -(counts * (scores[each, rows] - np.log(total[:, 0]))).sum() + RIDGE * (flat[:-1] ** 2).sum()
        slope = odds / total
        slope[each, rows] -= 1
        slope *= counts[:, None]
        by_mode = [np.einsum("nt,ntd->d", slope[:, at : at + 12], turned) for at in (0, 12)]
        return value, np.concatenate([*by_mode, [slope[:, 12:].sum()]]) + 2 * RIDGE * np.append(flat[:-1], 0)

    flat = minimize(loss, np.zeros(49), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return flat[:-1].reshape(2, 24), flat[-1]


def print_fit():
    weights, bias = fitted()
    for mode, row in zip(("major", "minor"), weights, strict=True):
        print(
            mode, "sounding", row[:12].round(1).tolist(), "last", (row[12:] - weights[:, 12:].mean()).round(1).tolist()
        )
    print("minor", round(bias, 1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--split", default="test")
    arguments = parser.parse_args()
    print_fit() if arguments.fit else print_shares(arguments.split)
