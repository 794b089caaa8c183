"""How diverse the dense GAN is and how its melodies move, beside real tunes and a Markov chain; its card names this.

With `--cures` four pairs are trained first, with and without each cure of mode collapse: seconds each.
"""

from __future__ import annotations

import argparse
import os

import numpy as np
from numpy.typing import NDArray

from musicedu.configs import DenseGanConfig
from musicedu.corpus.load import load_corpus
from musicedu.data import data_path
from musicedu.encoding.step_grid import fits_steps, step_grid, step_rows, step_tokens
from musicedu.exercise.engines import shipped_engine
from musicedu.generation.engine import Asked, Engine
from musicedu.generation.picture_engine import NumpyDenseGan
from musicedu.training.step_figures import interval_gap, leap_share, pairwise_distance, unique_share
from musicedu.weights import load_weights

N_STEPS, N_MADE = DenseGanConfig().n_sixteenths, 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cures", action="store_true")
    parser.add_argument("--epochs", type=int, default=3)
    asked = parser.parse_args()
    corpus = load_corpus(include_non_commercial=False)
    real, test = (step_rows(corpus.select(split=split).melodies(), N_STEPS) for split in ("train", "test"))
    print(f"{'':34} unique  distance  interval gap  leaps over an octave")
    told("training tunes", real, real)
    told("held-out tunes", test, real)
    told("shuffled within each step", shuffled(real), real)
    told("Markov chain", played(shipped_engine("markov")), real)
    told("dense GAN, shipped", played(NumpyDenseGan(load_weights(data_path("models", "dense_gan.npz")))), real)
    if asked.cures:
        for one_hot in (False, True):
            for batch_norm in (False, True):
                name = f"one-hot {one_hot}, batch norm {batch_norm}"
                told(name, trained(DenseGanConfig(one_hot=one_hot, batch_norm=batch_norm), real, asked.epochs), real)


def told(name: str, rows: NDArray[np.integer], real: NDArray[np.integer]) -> None:
    """Print the figures of some rows."""
    gap, leaps = interval_gap(rows, real), leap_share(rows)
    print(f"{name:34} {unique_share(rows):6.3f}  {pairwise_distance(rows):8.3f}  {gap:12.3f}  {leaps:.4f}", flush=True)


def played(engine: Engine) -> NDArray[np.integer]:
    """What an engine makes of two measures, where it fits sixteenths."""
    windows = engine.sample(N_MADE, [Asked(step_grid(N_STEPS))], np.random.default_rng(1))
    return np.array([step_tokens(window) for window in windows if fits_steps(window)])


def shuffled(rows: NDArray[np.int8]) -> NDArray[np.int8]:
    """Rows whose every step has the tokens of real ones, but of another row each."""
    return np.random.default_rng(1).permuted(rows, axis=0)


def trained(config: DenseGanConfig, real: NDArray[np.int8], epochs: int) -> NDArray[np.integer]:
    """What a pair makes after some epochs."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from musicedu.models.dense_gan import build_dense_gan
    from musicedu.training.feed import feed_of
    from musicedu.training.loop import fit

    feed = feed_of({"tokens": real}, config.batch_size)
    rows: NDArray[np.integer] = fit(lambda: build_dense_gan(config), feed, epochs=epochs).draw(N_MADE, seed=1)
    return rows


if __name__ == "__main__":
    main()
