"""Print what weights of the GAN are worth beside each other, as `musicedu evaluate` judges those that are shipped.

    uv run python benchmarks/gan_report.py [FILE …] [--measures 4] [--requests 500] [--seeds 5]

Every file has a row for one draw and one for the best of 16; without a file the shipped weights are judged. Files are
made by `musicedu train gan`, with `--loss squared` those of the other critic. Finished rows are kept (cache).
"""

from __future__ import annotations

import argparse
from hashlib import sha256
from pathlib import Path

from musicedu.corpus.load import load_corpus
from musicedu.data import data_path
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.evaluation.making.judging import Setting
from musicedu.evaluation.making.material import Tunes
from musicedu.evaluation.making.sweep import BEST_OF, Job, Sweep
from musicedu.generation.numpy_gan import NumpyGan
from musicedu.storage import cache_folder
from musicedu.weights import load_weights

FIGURES = ("control", "overlap", "coverage", "spread_within", "copied", "nats", "cadence")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", default=[data_path("models", "gan.npz")])
    parser.add_argument("--measures", type=int, default=4, choices=(2, 4))
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    engines = {str(path): NumpyGan(load_weights(path)) for path in options.files}
    digests = {str(path): sha256(path.read_bytes()).hexdigest() for path in options.files}
    setting = Setting(options.requests, options.seeds)
    sweep = Sweep(engines, digests, tunes, setting, cache_folder("evaluation"))
    jobs = [Job(name, draws, "matched", options.measures) for name in engines for draws in (1, BEST_OF)]
    for row in sweep.rows(jobs):
        config, training = engines[row.name].config, engines[row.name].weights.training
        print(f"{row.name}: loss {config.loss}, {training.get('epochs')} epochs, best of {row.draws}")
        print("  " + ", ".join(f"{name} {row.mean(name):.3f}" for name in FIGURES))
        print("  " + ", ".join(f"{name} {row.mean(f'control_{name}'):.2f}" for name in CONDITION_ATTRIBUTES))


def tunes() -> Tunes:
    return Tunes.of_corpus(load_corpus(include_non_commercial=False))


if __name__ == "__main__":
    main()
