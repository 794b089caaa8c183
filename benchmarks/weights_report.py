"""Print what weights are worth, on tunes whose families were not trained on: the figures of the model card.

    uv run python benchmarks/weights_report.py [--weights FILE] [--windows 500] [--measures 4] [--non-commercial]

Reconstruction is free-running from the latent mean. Control is Spearman of attributes asked and realised. Copied is
the share of runs of eight notes found among the training tunes; the held-out tunes' own share stands beside it.
`--non-commercial` judges on tunes of all collections: weights trained with and without some are then compared on
one set.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from musicedu.corpus.load import load_corpus
from musicedu.data import data_path
from musicedu.encoding.events import line_of_events
from musicedu.encoding.features import CONDITION_ATTRIBUTES, condition_vector
from musicedu.evaluation.level_table import attributes_of
from musicedu.evaluation.making.reconstructing import compare
from musicedu.evaluation.overlap import control, mean_of_halves, mean_overlap
from musicedu.exercise.targets import Scale
from musicedu.generation.decoding import draw_phrases
from musicedu.generation.lookahead import free_ahead
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.originality.copied import copied_share, runs_of
from musicedu.training.dataset import build_dataset, ranks_of
from musicedu.weights import load_weights

N_DRAWS = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=data_path("models", "vae.npz"))
    parser.add_argument("--windows", type=int, default=500)
    parser.add_argument("--measures", type=int, default=4, choices=(2, 3, 4), help="of every window")
    parser.add_argument("--non-commercial", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    model = NumpyVae(load_weights(options.weights))
    rng = np.random.default_rng(options.seed)
    corpus = load_corpus(include_non_commercial=options.non_commercial)
    held_out = windows_of(corpus.select(split="test"), options.windows, options.measures, rng)
    print(
        f"{options.weights.name}: {options.weights.stat().st_size / 1e6:.2f} MB, {len(held_out)} held-out windows "
        f"of {options.measures} measures"
    )
    report_reconstruction(model, held_out, rng)
    drawn = report_control(model, held_out, rng)
    report_copying(corpus, held_out, drawn, rng)


def windows_of(corpus, n, n_measures, rng):
    cut = build_dataset(corpus.melodies(), max_events=48, rng=rng).windows
    windows = [window for window in cut if window.grid.n_measures == n_measures]
    return [windows[index] for index in rng.permutation(len(windows))[:n]]


def conditions_of(model, windows):
    values = attributes_of(windows)
    ranks = ranks_of(values.astype(np.float32), model.weights.quantiles)
    vectors = [
        condition_vector(
            ranks[row], w.grid, is_minor=w.is_minor, begins_tune=w.begins_tune, ends_tune=w.ends_tune
        ).astype(float)
        for row, w in enumerate(windows)
    ]
    return values, vectors


def report_reconstruction(model, windows, rng):
    results = []
    for window, condition in zip(windows, conditions_of(model, windows)[1], strict=True):
        z = model.encode(window, condition)[0][None]
        decoder = model.decoder(z, condition[None], window.grid)
        best = draw_phrases(free_ahead(window.grid), decoder, 1, rng, temperature=0.01)[0]
        results.append(compare(window, best))
    for name in ("steps", "onset_pitch", "onset_f"):
        print(f"  reconstruction, {name}: {np.mean([getattr(result, name) for result in results]):.3f}")


def report_control(model, windows, rng):
    asked, conditions = conditions_of(model, windows)
    scale = Scale.of_table(CONDITION_ATTRIBUTES, asked)
    one, best, chosen, seconds = [], [], [], 0.0
    for window, values, condition in zip(windows, asked, conditions, strict=True):
        start = time.perf_counter()
        told = np.repeat(condition[None], N_DRAWS, axis=0)
        decoder = model.decoder(model.draw_latents(told, rng), told, window.grid)
        drawn = draw_phrases(free_ahead(window.grid), decoder, N_DRAWS, rng, temperature=0.9)
        seconds += time.perf_counter() - start
        made = attributes_of([type(window)(window.grid, events, window.is_minor) for events in drawn])
        wanted = dict(zip(CONDITION_ATTRIBUTES, values, strict=True))
        misses = [scale.distance(wanted, dict(zip(CONDITION_ATTRIBUTES, row, strict=True))) for row in made]
        pick = int(np.argmin(misses))
        one.append(made[0])
        best.append(made[pick])
        chosen.append(line_of_events(drawn[pick], window.grid.weights()))
    for name, made in (("one draw", one), (f"best of {N_DRAWS}", best)):
        each = control(asked, np.array(made))
        words = ", ".join(f"{n} {c:.2f}" for n, c in zip(CONDITION_ATTRIBUTES, each, strict=True))
        print(f"  control, {name}: {np.nanmean(each):.3f} ({words})")
        print(f"  overlap with held-out, {name}: {mean_overlap(np.array(made), asked):.3f}")
    print(f"  overlap of held-out halves: {mean_of_halves(asked, rng):.3f}")
    print(f"  {1000 * seconds / len(windows):.0f} ms for {N_DRAWS} draws a window")
    return chosen


def report_copying(corpus, held_out, drawn, rng):
    training = build_dataset(corpus.select(split="train").melodies(), max_events=48, rng=rng).windows
    known = {run for w in training for run in runs_of(line_of_events(w.events, w.grid.weights()))}
    own = copied_share((line_of_events(w.events, w.grid.weights()) for w in held_out), known)
    print(f"  copied runs of eight notes: {copied_share(drawn, known):.3f}; held-out tunes' own {own:.3f}")


if __name__ == "__main__":
    main()
