"""`musicedu train gan`: the convolutional pair with conditions."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from musicedu.cli.reporting import AsJson, print_json
from musicedu.cli.train_options import NonCommercial, Strategy


class AdversarialLoss(StrEnum):
    """What a critic may be taught."""

    WASSERSTEIN = "wasserstein"
    SQUARED = "squared"


def gan(
    epochs: Annotated[int, typer.Option(min=1, help="Epochs of 300 steps of the generator.")] = 40,
    loss: Annotated[AdversarialLoss, typer.Option(help="What the critic is taught.")] = AdversarialLoss.WASSERSTEIN,
    resume: Annotated[bool, typer.Option("--resume/--fresh", help="Go on from the last epoch, or begin anew.")] = True,
    non_commercial: NonCommercial = False,
    collection: Annotated[list[str] | None, typer.Option(help="Only this collection; may be repeated.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides everything that is left to chance.")] = 1,
    strategy: Annotated[Strategy, typer.Option(help="One device, or every batch shared among all.")] = Strategy.NONE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder. Default: in the cache folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Train the convolutional GAN with conditions; write its generator's weights and the record of the training.

    Every epoch shows the critic's distance and how the generator sounds by now, and is kept: a training that was
    stopped, by Ctrl-C or by a power cut, goes on where it was and ends with the same weights.

    **Examples**

    `musicedu train gan` takes ten minutes; `musicedu train gan --epochs 85` then goes on, with the rates of learning
    raised once more, to the weights that come with musicedu.

    `musicedu train gan --loss squared --collection fife --epochs 2 --out trial/` tries the other loss out in minutes.
    """
    from musicedu.corpus.load import load_corpus

    corpus = load_corpus(include_non_commercial=non_commercial, collections=collection)
    from musicedu.cli.training_progress import TrainingProgress, sample_tune
    from musicedu.configs import GanConfig
    from musicedu.generation.numpy_gan import NumpyGan
    from musicedu.melody import Melody
    from musicedu.storage import cache_folder, write_atomically
    from musicedu.training.dataset import prepare
    from musicedu.training.dense_gan import short_record
    from musicedu.training.devices import strategy_named
    from musicedu.training.gan import gan_weights, train_gan
    from musicedu.training.heard import Hearing
    from musicedu.training.loop import forget_training
    from musicedu.weights import render_weights

    shared = strategy_named(strategy)
    config = GanConfig(seed=seed, loss=loss.value, include_non_commercial=non_commercial)
    folder = out or cache_folder("training", f"gan-{loss}-{'all' if non_commercial else 'free'}")
    if not resume:
        forget_training(folder)
    material = prepare(config, *(corpus.select(split=split).melodies() for split in ("train", "validation")))
    tables = material.quantiles

    def engine_of(model: Any) -> NumpyGan:
        return NumpyGan(gan_weights(model, tables))

    with TrainingProgress(epochs, engine_of, is_quiet=as_json) as progress:
        watcher = Hearing(progress, folder, lambda model: Melody.from_text(sample_tune(engine_of(model))))
        weights = train_gan(config, material, folder, epochs=epochs, watcher=watcher, strategy=shared)
    path = folder / "gan.npz"
    write_atomically(path, render_weights(weights))
    write_atomically(folder / "gan_history.json", short_record(folder))
    if as_json:
        print_json({"weights": path, "training": dict(weights.training)})
    else:
        print(f"The weights of the generator are in {path}")
