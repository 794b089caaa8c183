"""`musicedu train autoencoder`: two measures to a few numbers and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from musicedu.cli.reporting import AsJson, print_json


def autoencoder(
    epochs: Annotated[int, typer.Option(min=1, help="Passes over all tunes in common time at most.")] = 60,
    resume: Annotated[bool, typer.Option("--resume/--fresh", help="Go on from the last epoch, or begin anew.")] = True,
    collection: Annotated[list[str] | None, typer.Option(help="Only this collection; may be repeated.")] = None,
    beta: Annotated[float, typer.Option(min=0, help="Weight of the KL term; more than 0: a variational one.")] = 0.0,
    latents: Annotated[int, typer.Option(min=1, help="How many numbers two measures become.")] = 32,
    seed: Annotated[int, typer.Option(min=0, help="Decides everything that is left to chance.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder. Default: in the cache folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Train the small autoencoder, and write its weights and the record of the training.

    Every epoch shows how well it gives back tunes it was not trained on, and how it sounds by now. The weights kept are
    those of the best epoch.

    **Examples**

    `musicedu train autoencoder` trains as the weights that come with musicedu were trained; it takes a few minutes.

    `musicedu train autoencoder --beta 0.2 --out trial/` trains the variational one of lesson 11.
    """
    from musicedu.corpus.load import load_corpus

    corpus = load_corpus(include_non_commercial=False, collections=collection)
    from musicedu.cli.training_progress import TrainingProgress
    from musicedu.configs import AutoencoderConfig
    from musicedu.generation.picture_engine import NumpyAutoencoder
    from musicedu.storage import cache_folder, write_atomically
    from musicedu.training.autoencoder import autoencoder_weights_of, train_autoencoder
    from musicedu.training.dense_gan import prepare_steps, short_record
    from musicedu.training.loop import forget_training
    from musicedu.weights import render_weights

    config = AutoencoderConfig(seed=seed, beta=beta, latent_dim=latents)
    folder = out or cache_folder("training", "autoencoder" if not beta else "variational")
    if not resume:
        forget_training(folder)
    material = prepare_steps(config, *(corpus.select(split=split).melodies() for split in ("train", "validation")))
    rows, tables = material.training, material.quantiles
    with TrainingProgress(
        epochs, lambda model: NumpyAutoencoder(autoencoder_weights_of(model, rows, tables)), is_quiet=as_json
    ) as watcher:
        weights = train_autoencoder(config, material, folder, epochs=epochs, watcher=watcher, patience=8)
    path = folder / "autoencoder.npz"
    write_atomically(path, render_weights(weights))
    write_atomically(folder / "autoencoder_history.json", short_record(folder))
    if as_json:
        print_json({"weights": path, "training": dict(weights.training)})
    else:
        print(f"The weights of the best epoch are in {path}")
