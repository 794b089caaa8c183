"""Print what an autoencoder is worth on windows whose families were not trained on: the figures of its model card.

    uv run python benchmarks/autoencoder_report.py [--weights FILE]

How much comes back, and what is played from latents that are drawn: anywhere between the least and the greatest value
of each number, and from the prior (the standard normal, or for a plain one the Gaussian fitted to its latents).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.corpus.load import load_corpus
from musicedu.data import data_path
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.encoding.step_grid import HOLD, Tokens, line_of_row, sounded, step_rows
from musicedu.encoding.vocabulary import FIRST_PITCH
from musicedu.evaluation.making.reconstructing import compare_rows
from musicedu.evaluation.overlap import mean_of_halves, mean_overlap
from musicedu.generation.picture_engine import NumpyAutoencoder
from musicedu.weights import load_weights

N_DRAWN = 1000
FIFTH = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=data_path("models", "autoencoder.npz"))
    weights = parser.parse_args().weights
    engine, rng = NumpyAutoencoder(load_weights(weights)), np.random.default_rng(0)
    melodies = load_corpus(include_non_commercial=False).select(split="validation").melodies()
    rows = step_rows(melodies, engine.config.n_sixteenths)
    real = attributes(rows)
    print(f"{len(rows)} held-out windows; their halves overlap by {mean_of_halves(real, rng):.2f}")
    print(f"people: {wide_leaps(rows):.0%} wide leaps; always hold: steps {np.mean(rows == HOLD):.2f}")
    latents = engine.encode(rows)
    again = engine.logits(latents).argmax(axis=-1)
    found, exact = compare_rows(rows, again), np.mean((rows == again).all(axis=1))
    print(f"given back: steps {found.steps:.2f}, onset pitch {found.onset_pitch:.2f}, exact windows {exact:.2f}")
    size = N_DRAWN, engine.config.latent_dim
    for how, z in (
        ("any point between the tunes", rng.uniform(latents.min(axis=0), latents.max(axis=0), size)),
        ("the prior", engine.draw_latents(np.zeros((N_DRAWN, 1)), rng)),
    ):
        drawn = engine.logits(z).argmax(axis=-1)
        print(f"{how}: overlap {mean_overlap(attributes(drawn), real):.2f}, wide leaps {wide_leaps(drawn):.0%}")


def attributes(rows: Tokens) -> np.ndarray:
    lines = [line_of_row(sounded(row)) for row in rows if (row >= FIRST_PITCH).sum() > 1]
    return np.array([[GRID_ATTRIBUTES[name](line) for name in CONDITION_ATTRIBUTES] for line in lines])


def wide_leaps(rows: Tokens) -> float:
    intervals = [np.abs(np.diff(row[row >= FIRST_PITCH].astype(int))) for row in rows]
    return float(np.mean(np.concatenate(intervals) > FIFTH))


if __name__ == "__main__":
    main()
