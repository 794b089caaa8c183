"""`musicedu train`: all that is learnt from tunes, as one table; `musicedu.cli.training` does the learning."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from musicedu.cli.reporting import AsJson
from musicedu.cli.training import (
    autoencoder,
    count_chords,
    count_markov,
    dense_gan,
    gan,
    measure_requests,
    read_chorales,
    read_corpus,
    train_network,
    vae,
)

Setting = tuple[Any, Any]
"""The annotation of an option, and its default."""


def _setting(kind: Any, default: Any, says: str, *names: str, least: int | None = None) -> Setting:
    return Annotated[kind, typer.Option(*names, help=says, min=least)], default


def _epochs(default: int | None, says: str) -> Setting:
    return _setting(int if default else int | None, default, says, least=1)


def _seed(says: str) -> Setting:
    return _setting(int, 1, says, least=0)


_RESUME = _setting(bool, True, "Go on from the last epoch, or begin anew.", "--resume/--fresh")
_NON_COMMERCIAL = _setting(
    bool, False, "Use the tunes too that may be used for non-commercial purposes only; the weights then are so."
)
_COLLECTION = _setting(list[str] | None, None, "Only this collection; may be repeated.")
_CHANCE = _seed("Decides everything that is left to chance.")
_STRATEGY = _setting(Literal["none", "mirrored"], "none", "One device, or every batch shared among all.")
_IN_CACHE = _setting(Path | None, None, "Folder. Default: in the cache folder.", "--out", "-o")
_TRAINED_ON_TUNES = {
    "resume": _RESUME,
    "non_commercial": _NON_COMMERCIAL,
    "collection": _COLLECTION,
    "seed": _CHANCE,
    "strategy": _STRATEGY,
    "out": _IN_CACHE,
}
_IN_FOLDER = _setting(Path, Path(), "Folder for the weights.", "--out", "-o")


@dataclass(frozen=True)
class Kind:
    """One thing that can be learnt.

    name: of its command. says: its help. settings: its options. read: loads what is learnt from, given those options
    that choose it. learn: learns from it, writes the file and says so, given all options but the collections.
    """

    name: str
    says: str
    settings: Mapping[str, Setting]
    read: Callable[..., Any]
    learn: Callable[..., None]

    def command(self) -> Callable[..., None]:
        """The entry as a function that a command line can be made of."""

        def command(**given: Any) -> None:
            source = self.read(**{name: given[name] for name in ("non_commercial", "collection") if name in given})
            self.learn(source, **{name: value for name, value in given.items() if name != "collection"})

        settings = {**self.settings, "as_json": (AsJson, False)}
        command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
                for name, (annotation, default) in settings.items()
            ]
        )
        command.__annotations__ = {name: annotation for name, (annotation, _) in settings.items()}
        return command


KINDS = (
    Kind(
        "vae",
        """Train the variational autoencoder, and write its weights.

        Every epoch shows the losses and how it sounds by now, and is kept: a training that was stopped, by Ctrl-C or by
        a power cut, goes on where it was and ends with the same weights. It stops by itself when nothing improves any
        more.

        **Examples**

        `musicedu train vae` trains as the weights that travel in the package were; it takes hours.

        `musicedu train vae --purpose vary` trains those that give a tune back more truly; `--purpose quick` takes a
        minute.

        `musicedu train vae --collection fife --epochs 2 --out trial/` tries it out in minutes.

        `musicedu train vae --non-commercial --fresh` begins anew, on all tunes.
        """,
        {
            "purpose": _setting(
                Literal["make", "vary", "quick"], "make", "To make new phrases, to vary given ones, or to try out."
            ),
            "epochs": _epochs(None, "Passes over the tunes at most. Default: by purpose."),
            **_TRAINED_ON_TUNES,
        },
        read_corpus,
        partial(train_network, vae),
    ),
    Kind(
        "gan",
        """Train the convolutional GAN with conditions; write its generator's weights and the record of the training.

        Every epoch shows the critic's distance and how the generator sounds by now, and is kept: a training that was
        stopped, by Ctrl-C or by a power cut, goes on where it was and ends with the same weights.

        **Examples**

        `musicedu train gan` takes ten minutes; `musicedu train gan --epochs 85` then goes on, with the rates of
        learning raised once more, to the weights that come with musicedu.

        `musicedu train gan --loss squared --collection fife --epochs 2 --out trial/` tries the other loss out in
        minutes.
        """,
        {
            "epochs": _epochs(40, "Epochs of 300 steps of the generator."),
            "loss": _setting(Literal["wasserstein", "squared"], "wasserstein", "What the critic is taught."),
            **_TRAINED_ON_TUNES,
        },
        read_corpus,
        partial(train_network, gan),
    ),
    Kind(
        "markov",
        """Count a Markov chain, and write it with the order that foretells held-out tunes best.

        **Examples**

        `musicedu train markov --out data/models` counts the chain that comes with musicedu; it takes a few minutes.
        """,
        {
            "non_commercial": _NON_COMMERCIAL,
            "collection": _COLLECTION,
            "seed": _seed("Decides which windows are cut."),
            "out": _IN_FOLDER,
        },
        read_corpus,
        count_markov,
    ),
    Kind(
        "dense-gan",
        """Train the textbook GAN of dense networks, and write its generator's weights and the record of the training.

        Every epoch shows how diverse 500 windows of it are and how it sounds by now. The weights kept are those of the
        epoch whose intervals and diversity come nearest to real tunes.

        **Examples**

        `musicedu train dense-gan` trains as the weights that travel in the package were; it takes some minutes.

        `musicedu train dense-gan --no-one-hot --no-batch-norm --epochs 5 --out trial/` shows it collapse.
        """,
        {
            "epochs": _epochs(30, "Passes over all tunes in common time."),
            "resume": _RESUME,
            "collection": _COLLECTION,
            "one_hot": _setting(bool, True, "Show the discriminator pictures of zeros and ones."),
            "batch_norm": _setting(bool, True, "Normalise the generator's layers."),
            "seed": _CHANCE,
            "out": _IN_CACHE,
        },
        read_corpus,
        partial(train_network, dense_gan),
    ),
    Kind(
        "autoencoder",
        """Train the small autoencoder, and write its weights and the record of the training.

        Every epoch shows how well it gives back tunes it was not trained on, and how it sounds by now. The weights kept
        are those of the best epoch.

        **Examples**

        `musicedu train autoencoder` trains as the weights that travel in the package were; it takes a few minutes.

        `musicedu train autoencoder --beta 0.2 --out trial/` trains the variational one of lesson 11.
        """,
        {
            "epochs": _epochs(60, "Passes over all tunes in common time at most."),
            "resume": _RESUME,
            "collection": _COLLECTION,
            "beta": _setting(float, 0.0, "Weight of the KL term; more than 0: a variational one.", least=0),
            "latents": _setting(int, 32, "How many numbers two measures become.", least=1),
            "seed": _CHANCE,
            "out": _IN_CACHE,
        },
        read_corpus,
        partial(train_network, autoencoder),
    ),
    Kind(
        "chords",
        """Count the chord tables on the chorales, and say how well they foretell Bach's chords under tunes held out.

        Families of tunes are wholly in training or held out. What is printed is measured on the held-out ones.

        **Examples**

        `musicedu train chords --out data/models` counts the tables that come with musicedu; it takes half a minute.
        """,
        {"out": _setting(Path, Path(), "Folder for the tables.", "--out", "-o")},
        read_chorales,
        count_chords,
    ),
    Kind(
        "requests",
        """Measure the tunes that obey each level: what the network is asked for at that level.

        **Examples**

        `musicedu train requests --out data/models/requests.json`
        """,
        {
            "non_commercial": _NON_COMMERCIAL,
            "collection": _COLLECTION,
            "seed": _seed("Decides which rows are kept."),
            "out": _setting(Path, Path("requests.json"), "File to write.", "--out", "-o"),
        },
        read_corpus,
        measure_requests,
    ),
)

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _train() -> None:
    """Train the network that proposes the notes, on tunes of the corpus."""


for _kind in KINDS:
    app.command(_kind.name, help=inspect.cleandoc(_kind.says))(_kind.command())
