"""What `musicedu train` does: the networks that are trained, in one way for all, and the tables that are counted.

Every function here is given what it learns from, writes one file of it, and says where it is.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from musicedu.cli.reporting import print_json

if TYPE_CHECKING:
    from musicedu.configs import NetworkConfig
    from musicedu.corpus.chorale_harmony import Chorale
    from musicedu.corpus.load import Corpus
    from musicedu.generation.engine import Engine
    from musicedu.melody import Melody
    from musicedu.weights import Weights


def read_corpus(*, non_commercial: bool = False, collection: list[str] | None = None) -> Corpus:
    """The tunes to learn from; first of all, since it is quick to say what is lacking."""
    from musicedu.corpus.load import load_corpus

    return load_corpus(include_non_commercial=non_commercial, collections=collection)


def read_chorales() -> list[Chorale]:
    """The chorales to learn from, with their chords."""
    from musicedu.corpus.chorale_harmony import read_chorales

    return list(read_chorales())


@dataclass(frozen=True, kw_only=True)
class Network:
    """What is peculiar to the training of one kind of network.

    config: its settings. epochs: passes over the tunes. folder: where in the cache it is trained unless one is named.
    file: the name of its weights. whose: whose weights they are. prepare: what melodies to train and to judge on
    become, by the settings. fit: the training, such as `train_vae`. engine: a network in training, and its material, as
    what plays. hear_every: after how many epochs a melody is kept, 0 for never. hear: what then plays it instead of the
    engine. n_tunes: how many tunes to train and to judge on, all of them where it is None.
    """

    config: NetworkConfig
    epochs: int
    folder: str
    file: str
    whose: str
    prepare: Callable[[Any, Iterable[Melody], Iterable[Melody]], Any]
    fit: Callable[..., Weights]
    engine: Callable[[Any, Any], Engine]
    hear_every: int = 0
    hear: Callable[[Any], Melody] | None = None
    n_tunes: tuple[int, int] | None = None


def vae(*, purpose: str, epochs: int | None, non_commercial: bool, seed: int) -> Network:
    """The VAE, for one of `musicedu.training.purposes`."""
    from musicedu.generation.numpy_vae import NumpyVae
    from musicedu.training.dataset import prepare
    from musicedu.training.purposes import PURPOSES
    from musicedu.training.vae import train_vae, weights_of

    plan, suffix = PURPOSES[purpose], "" if purpose == "make" else f"_{purpose}"
    return Network(
        config=replace(plan.config, seed=seed, include_non_commercial=non_commercial),
        epochs=epochs or plan.epochs,
        folder=("all" if non_commercial else "free") + suffix,
        file=f"vae{suffix}",
        whose="the best epoch",
        prepare=prepare,
        fit=train_vae,
        engine=lambda model, material: NumpyVae(weights_of(model, material.quantiles)),
        hear_every=1,
        n_tunes=plan.n_tunes,
    )


def gan(*, epochs: int, loss: Any, non_commercial: bool, seed: int) -> Network:
    """The convolutional GAN, with one of two losses."""
    from musicedu.configs import GanConfig
    from musicedu.generation.numpy_gan import NumpyGan
    from musicedu.training.dataset import prepare
    from musicedu.training.gan import gan_weights, train_gan

    return Network(
        config=GanConfig(seed=seed, loss=loss, include_non_commercial=non_commercial),
        epochs=epochs,
        folder=f"gan-{loss}-{'all' if non_commercial else 'free'}",
        file="gan",
        whose="the generator",
        prepare=prepare,
        fit=train_gan,
        engine=lambda model, material: NumpyGan(gan_weights(model, material.quantiles)),
        hear_every=5,
    )


def dense_gan(*, epochs: int, one_hot: bool, batch_norm: bool, seed: int) -> Network:
    """The textbook GAN; what is kept of it is what it makes by itself, under no rules."""
    from musicedu.configs import DenseGanConfig
    from musicedu.encoding.step_grid import melody_of_row
    from musicedu.generation.picture_engine import NumpyDenseGan
    from musicedu.training.dense_gan import dense_weights_of, prepare_steps, train_dense_gan

    return Network(
        config=DenseGanConfig(seed=seed, one_hot=one_hot, batch_norm=batch_norm),
        epochs=epochs,
        folder="dense-gan",
        file="dense_gan",
        whose="the generator",
        prepare=prepare_steps,
        fit=train_dense_gan,
        engine=lambda model, material: NumpyDenseGan(dense_weights_of(model, material.quantiles)),
        hear_every=5,
        hear=lambda model: melody_of_row(model.draw(1, seed)[0]),
    )


def autoencoder(*, epochs: int, beta: float, latents: int, seed: int) -> Network:
    """The small autoencoder, a variational one where `beta` is more than 0."""
    from musicedu.configs import AutoencoderConfig
    from musicedu.generation.picture_engine import NumpyAutoencoder
    from musicedu.training.autoencoder import autoencoder_weights_of, train_autoencoder
    from musicedu.training.dense_gan import prepare_steps

    return Network(
        config=AutoencoderConfig(seed=seed, beta=beta, latent_dim=latents),
        epochs=epochs,
        folder="variational" if beta else "autoencoder",
        file="autoencoder",
        whose="the best epoch",
        prepare=prepare_steps,
        fit=partial(train_autoencoder, patience=8),
        engine=lambda model, material: NumpyAutoencoder(
            autoencoder_weights_of(model, material.training, material.quantiles)
        ),
    )


def train_network(
    kind: Callable[..., Network],
    corpus: Corpus,
    *,
    resume: bool,
    out: Path | None,
    as_json: bool,
    strategy: str = "none",
    **settings: Any,
) -> None:
    """Train a network of a kind, such as `vae`, by its settings; write its weights and the record of the training.

    What was begun in the folder is gone on with, or forgotten. Raises what `musicedu.training.loop.fit` does, and
    `MusicEduError` where the tunes are too few.
    """
    from musicedu.cli.training_progress import TrainingProgress, sample_tune
    from musicedu.storage import cache_folder, write_atomically
    from musicedu.training.devices import strategy_named
    from musicedu.training.heard import Hearing, short_record
    from musicedu.training.loop import Watcher, forget_training
    from musicedu.weights import render_weights

    network, shared = kind(**settings), strategy_named(strategy)
    folder = out or cache_folder("training", network.folder)
    path = _free(folder / f"{network.file}.npz")
    if not resume:
        forget_training(folder)
    material = network.prepare(network.config, *_melodies(corpus, network))

    def play(model: Any) -> Melody:
        return sample_tune(network.engine(model, material))

    with TrainingProgress(network.epochs, play, is_quiet=as_json) as shown:
        watcher: Watcher = shown
        if network.hear_every:
            watcher = Hearing(shown, folder, network.hear or play, every=network.hear_every)
        weights = network.fit(network.config, material, folder, epochs=network.epochs, watcher=watcher, strategy=shared)
    write_atomically(path, render_weights(weights))
    write_atomically(folder / f"{network.file}_history.json", short_record(folder))
    if as_json:
        print_json({"weights": path, "training": dict(weights.training)})
    else:
        print(f"The weights of {network.whose} are in {path}")


def _melodies(corpus: Corpus, network: Network) -> Sequence[Iterable[Melody]]:
    """Those to train on, and those to judge on."""
    from musicedu.training.purposes import some_melodies

    splits = [corpus.select(split="train"), corpus.select(split="validation")]
    if network.n_tunes is None:
        return [split.melodies() for split in splits]
    return [some_melodies(split, n, network.config.seed) for split, n in zip(splits, network.n_tunes, strict=True)]


def _free(path: Path) -> Path:
    """The path of a file that will be learnt; what stands in its way is said before, and not after hours."""
    from musicedu.storage import storage_faults

    with storage_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
    return path


def count_markov(corpus: Corpus, *, non_commercial: bool, seed: int, out: Path, as_json: bool) -> None:
    """Count a Markov chain, and write it with the order that foretells held-out tunes best."""
    from musicedu.configs import MarkovConfig, VaeConfig
    from musicedu.evaluation.likelihood import train_chain
    from musicedu.storage import write_atomically
    from musicedu.training.dataset import prepare
    from musicedu.weights import render_weights

    path = _free(out / "markov.npz")
    train, validation = (corpus.select(split=split).melodies() for split in ("train", "validation"))
    material = prepare(VaeConfig(seed=seed), train, validation)
    config = MarkovConfig(seed=seed, include_non_commercial=non_commercial)
    weights, rows = train_chain(config, material.training.windows, material.validation.windows, material.quantiles)
    write_atomically(path, render_weights(weights))
    if as_json:
        print_json({"weights": path, "training": dict(weights.training)})
        return
    print("order  nats an event  perplexity  contexts")
    for row in rows:
        print(f"{row.order:5}  {row.nats:13.3f}  {row.perplexity:10.2f}  {row.n_contexts:8,}")
    best = min(rows, key=lambda row: row.nats)
    print(f"The chain of order {best.order} is in {path}")


def measure_requests(corpus: Corpus, *, non_commercial: bool, seed: int, out: Path, as_json: bool) -> None:
    """Measure the tunes that obey each level, and write what the network is asked for there."""
    import numpy as np

    from musicedu.configs import VaeConfig
    from musicedu.evaluation.level_windows import build_requests
    from musicedu.storage import write_atomically
    from musicedu.training.dataset import prepare

    config = VaeConfig(seed=seed, include_non_commercial=non_commercial)
    path = _free(out)
    train, validation = (corpus.select(split=split).melodies() for split in ("train", "validation"))
    table = build_requests(prepare(config, train, validation).training.windows, np.random.default_rng(seed))
    write_atomically(path, table.encode())
    if as_json:
        print_json({"requests": path})
    else:
        print(f"What to ask for at each level is in {path}")


def count_chords(chorales: Sequence[Chorale], *, out: Path, as_json: bool) -> None:
    """Count the chord tables on the chorales for training, write them, and judge them on those held out."""
    from musicedu.evaluation.accompaniment import bach_himself, harmonisers, judge_harmonies
    from musicedu.harmony.chord_tables import count_chords, render_tables
    from musicedu.storage import write_atomically

    path = _free(out / "chords.npz")
    training = [one for one in chorales if one.split == "train"]
    held_out = [one for one in chorales if one.split == "test"]
    account: Mapping[str, Any] = {
        "collection": "bach_soprano, with alto, tenor and bass",
        "chorales": len(training),
        "families": len({one.family for one in training}),
        "beats": sum(len(one.chords) for one in training),
    }
    tables = count_chords(((one.melody, one.chords) for one in training), account)
    write_atomically(path, render_tables(tables))
    scores, bach = judge_harmonies(held_out, harmonisers(tables)), bach_himself(held_out)
    if as_json:
        print_json({"tables": path, "account": account, "held_out": scores, "bach_chord_tones": bach})
        return
    print(f"Counted on {len(training)} chorales; judged on {len(held_out)} of other families")
    for name, score in scores.items():
        print(
            f"  {name:24} agrees with Bach on {score.agreement:.1%} of beats ({score.low:.1%} to {score.high:.1%}), "
            f"{score.chord_tones:.0%} of the tune on chord notes"
        )
    print(f"  {'Bach himself':24} {bach:.0%} of the tune on chord notes")
    print(f"The tables are in {path}")
