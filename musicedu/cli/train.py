"""`musicedu train`: the network that proposes the notes, trained anew."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from musicedu.cli.reporting import AsJson, print_json
from musicedu.cli.train_autoencoder import autoencoder
from musicedu.cli.train_chords import chords
from musicedu.cli.train_dense_gan import dense_gan
from musicedu.cli.train_gan import gan
from musicedu.cli.train_options import NonCommercial, Strategy

if TYPE_CHECKING:
    from musicedu.corpus.load import Corpus

app = typer.Typer(no_args_is_help=True)
app.command()(autoencoder)
app.command()(dense_gan)
app.command()(gan)
app.command()(chords)


class VaePurpose(StrEnum):
    """What a VAE is to be good at (`musicedu.training.purposes`)."""

    MAKE = "make"
    VARY = "vary"
    QUICK = "quick"


@app.callback()
def _train() -> None:
    """Train the network that proposes the notes, on tunes of the corpus."""


@app.command()
def vae(
    purpose: Annotated[VaePurpose, typer.Option(help="To make new phrases, to vary given ones, or to try out.")] = (
        VaePurpose.MAKE
    ),
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the tunes at most. Default: by purpose.")] = (
        None
    ),
    resume: Annotated[bool, typer.Option("--resume/--fresh", help="Go on from the last epoch, or begin anew.")] = True,
    non_commercial: NonCommercial = False,
    collection: Annotated[list[str] | None, typer.Option(help="Only this collection; may be repeated.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides everything that is left to chance.")] = 1,
    strategy: Annotated[Strategy, typer.Option(help="One device, or every batch shared among all.")] = Strategy.NONE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder. Default: in the cache folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Train the variational autoencoder, and write its weights.

    Every epoch shows the losses and how it sounds by now, and is kept: a training that was stopped, by Ctrl-C or by a
    power cut, goes on where it was and ends with the same weights. It stops by itself when nothing improves any more.

    **Examples**

    `musicedu train vae` trains as the weights that come with musicedu were trained; it takes hours.

    `musicedu train vae --purpose vary` trains those that give a tune back more truly; `--purpose quick` takes a minute.

    `musicedu train vae --collection fife --epochs 2 --out trial/` tries it out in minutes.

    `musicedu train vae --non-commercial --fresh` begins anew, on all tunes.
    """
    corpus = _corpus(non_commercial, collection)  # first, since it is quick to say what it lacks
    from musicedu.cli.training_progress import TrainingProgress
    from musicedu.generation.numpy_vae import NumpyVae
    from musicedu.storage import cache_folder, write_atomically
    from musicedu.training.dataset import prepare
    from musicedu.training.devices import strategy_named
    from musicedu.training.loop import forget_training
    from musicedu.training.purposes import PURPOSES, some_melodies
    from musicedu.training.record import TrainingRecord, load_record, render_short
    from musicedu.training.vae import train_vae, weights_of
    from musicedu.weights import render_weights

    plan, shared = PURPOSES[purpose], strategy_named(strategy)
    config = replace(plan.config, seed=seed, include_non_commercial=non_commercial)
    suffix = "" if purpose == VaePurpose.MAKE else f"_{purpose}"
    folder = out or cache_folder("training", ("all" if non_commercial else "free") + suffix)
    if not resume:
        forget_training(folder)
    splits = [corpus.select(split=split) for split in ("train", "validation")]
    tunes = [
        split.melodies() if plan.n_tunes is None else some_melodies(split, plan.n_tunes[index], seed)
        for index, split in enumerate(splits)
    ]
    material = prepare(config, *tunes)
    tables, n_epochs = material.quantiles, epochs or plan.epochs
    with TrainingProgress(
        n_epochs,
        lambda model: NumpyVae(weights_of(model, tables)),
        is_quiet=as_json,
        kept=folder / "melodies.json",
    ) as watcher:
        weights = train_vae(config, material, folder, epochs=n_epochs, watcher=watcher, strategy=shared)
    path, history = folder / f"vae{suffix}.npz", load_record(folder / "history.json")
    write_atomically(path, render_weights(weights))
    record = TrainingRecord(history.config, history.epochs, watcher.melodies)
    write_atomically(folder / f"vae{suffix}_history.json", render_short(record))
    if as_json:
        print_json({"weights": path, "training": dict(weights.training)})
    else:
        print(f"The weights of the best epoch are in {path}")


@app.command()
def markov(
    non_commercial: NonCommercial = False,
    collection: Annotated[list[str] | None, typer.Option(help="Only this collection; may be repeated.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides which windows are cut.")] = 1,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the weights.")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Count a Markov chain, and write it with the order that foretells held-out tunes best.

    **Examples**

    `musicedu train markov --out data/models` counts the chain that comes with musicedu; it takes a few minutes.
    """
    corpus = _corpus(non_commercial, collection)

    from musicedu.configs import MarkovConfig, VaeConfig
    from musicedu.evaluation.likelihood import train_chain
    from musicedu.storage import write_atomically
    from musicedu.training.dataset import prepare
    from musicedu.weights import render_weights

    train, validation = (corpus.select(split=split).melodies() for split in ("train", "validation"))
    material = prepare(VaeConfig(seed=seed), train, validation)
    config = MarkovConfig(seed=seed, include_non_commercial=non_commercial)
    weights, rows = train_chain(config, material.training.windows, material.validation.windows, material.quantiles)
    path = out / "markov.npz"
    write_atomically(path, render_weights(weights))
    if as_json:
        print_json({"weights": path, "training": dict(weights.training)})
        return
    print("order  nats an event  perplexity  contexts")
    for row in rows:
        print(f"{row.order:5}  {row.nats:13.3f}  {row.perplexity:10.2f}  {row.n_contexts:8,}")
    best = min(rows, key=lambda row: row.nats)
    print(f"The chain of order {best.order} is in {path}")


@app.command()
def requests(
    non_commercial: NonCommercial = False,
    collection: Annotated[list[str] | None, typer.Option(help="Only this collection; may be repeated.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides which rows are kept.")] = 1,
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.")] = Path("requests.json"),
    as_json: AsJson = False,
) -> None:
    """Measure the tunes that obey each level: what the network is asked for at that level.

    **Examples**

    `musicedu train requests --out data/models/requests.json`
    """
    corpus = _corpus(non_commercial, collection)

    import numpy as np

    from musicedu.evaluation.level_windows import build_requests
    from musicedu.storage import write_atomically
    from musicedu.training.dataset import prepare
    from musicedu.weights import VaeConfig

    train, validation = (corpus.select(split=split).melodies() for split in ("train", "validation"))
    windows = prepare(VaeConfig(seed=seed), train, validation).training.windows
    table = build_requests(windows, np.random.default_rng(seed))
    write_atomically(out, table.encode())
    if as_json:
        print_json({"requests": out})
    else:
        print(f"What to ask for at each level is in {out}")


def _corpus(non_commercial: bool, collections: list[str] | None) -> Corpus:
    from musicedu.corpus.load import load_corpus

    return load_corpus(include_non_commercial=non_commercial, collections=collections)
