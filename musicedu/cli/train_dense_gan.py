"""`musicedu train dense-gan`: the textbook pair of dense networks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from musicedu.cli.reporting import AsJson, print_json


def dense_gan(
    epochs: Annotated[int, typer.Option(min=1, help="Passes over all tunes in common time.")] = 30,
    resume: Annotated[bool, typer.Option("--resume/--fresh", help="Go on from the last epoch, or begin anew.")] = True,
    collection: Annotated[list[str] | None, typer.Option(help="Only this collection; may be repeated.")] = None,
    one_hot: Annotated[bool, typer.Option(help="Show the discriminator pictures of zeros and ones.")] = True,
    batch_norm: Annotated[bool, typer.Option(help="Normalise the generator's layers.")] = True,
    seed: Annotated[int, typer.Option(min=0, help="Decides everything that is left to chance.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder. Default: in the cache folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Train the textbook GAN of dense networks, and write its generator's weights and the record of the training.

    Every epoch shows how diverse 500 windows of it are and how it sounds by now. The weights kept are those of the
    epoch whose intervals and diversity come nearest to real tunes.

    **Examples**

    `musicedu train dense-gan` trains as the weights that come with musicedu were trained; it takes some minutes.

    `musicedu train dense-gan --no-one-hot --no-batch-norm --epochs 5 --out trial/` shows it collapse.
    """
    from musicedu.corpus.load import load_corpus

    corpus = load_corpus(include_non_commercial=False, collections=collection)
    from musicedu.cli.training_progress import TrainingProgress
    from musicedu.configs import DenseGanConfig
    from musicedu.encoding.step_rows import melody_of_row
    from musicedu.generation.picture_engine import NumpyDenseGan
    from musicedu.storage import cache_folder, write_atomically
    from musicedu.training.dense_gan import dense_weights_of, prepare_steps, short_record, train_dense_gan
    from musicedu.training.heard import Hearing
    from musicedu.training.loop import forget_training
    from musicedu.weights import render_weights

    config = DenseGanConfig(seed=seed, one_hot=one_hot, batch_norm=batch_norm)
    folder = out or cache_folder("training", "dense-gan")
    if not resume:
        forget_training(folder)
    material = prepare_steps(config, *(corpus.select(split=split).melodies() for split in ("train", "validation")))
    tables = material.quantiles
    with TrainingProgress(
        epochs, lambda model: NumpyDenseGan(dense_weights_of(model, tables)), is_quiet=as_json
    ) as progress:
        watcher = Hearing(progress, folder, lambda model: melody_of_row(model.draw(1, seed)[0]))
        weights = train_dense_gan(config, material, folder, epochs=epochs, watcher=watcher)
    path = folder / "dense_gan.npz"
    write_atomically(path, render_weights(weights))
    write_atomically(folder / "dense_gan_history.json", short_record(folder))
    if as_json:
        print_json({"weights": path, "training": dict(weights.training)})
    else:
        print(f"The weights of the generator are in {path}")
