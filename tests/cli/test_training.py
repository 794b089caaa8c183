"""What `musicedu train` does: every kind learns from a few tunes, writes its file, goes on, and refuses in one line."""

from __future__ import annotations

import inspect
import json
from dataclasses import replace
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from musicedu.cli import main
from musicedu.cli.train import KINDS, Kind
from musicedu.cli.training import (
    Network,
    autoencoder,
    count_chords,
    count_markov,
    dense_gan,
    gan,
    measure_requests,
    train_network,
    vae,
)
from musicedu.configs import AutoencoderConfig, DenseGanConfig, GanConfig, MarkovConfig, NetworkConfig
from musicedu.corpus.chorale_harmony import Chorale, read_chorales
from musicedu.corpus.load import Corpus
from musicedu.corpus.tune import Split, Tune
from musicedu.errors import MusicEduError
from musicedu.harmony.chord_tables import load_tables
from musicedu.melody import Melody
from musicedu.training.gan import train_gan
from musicedu.training.purposes import PURPOSES
from musicedu.training.record import load_record
from musicedu.weights import load_weights
from tests.corpus.tables import table_of
from tests.training.tunes import TINY, tune


def corpus_of(n: int) -> Corpus:
    """`n` tunes to train on and a few to judge on, more than half of them in common time."""

    def named(number: int, split: Split) -> Tune:
        of = number if number % 2 else 3 * number
        return Tune(f"t/{number}", "t", "t.abc", str(number), "", "free", False, tune(of), split=split)

    tunes = chain((named(number, "train") for number in range(n)), (named(900 + n, "validation") for n in range(12)))
    return Corpus(table_of(tunes), None)


CORPUS, NOTHING = corpus_of(48), corpus_of(0)
BOTH = (False, True)


def tiny_vae(**settings: Any) -> Network:
    network = vae(purpose="quick", non_commercial=False, **settings)
    return replace(network, config=replace(TINY, seed=settings["seed"]))


def tiny_gan(**settings: Any) -> Network:
    network = gan(loss="squared", non_commercial=False, **settings)
    config = replace(network.config, channels=8, latent_dim=4, batch_size=4, critic_steps=1)
    return replace(network, config=config, fit=partial(train_gan, steps_an_epoch=2, jit_compile=False))


NETWORKS = {
    "vae_quick": (tiny_vae, [1, 2]),
    "gan": (tiny_gan, [1]),
    "dense_gan": (partial(dense_gan, one_hot=True, batch_norm=True), [1]),
    "autoencoder": (partial(autoencoder, beta=0.2, latents=3), []),
}
"""By the name of the weights: what makes the network, and after which of two epochs it is heard."""


def train(kind: Any, folder: Path | None, *, corpus: Corpus = CORPUS, epochs: int = 1, **settings: Any) -> None:
    given = {"resume": True, "as_json": False, "seed": 3, **settings}
    train_network(kind, corpus, epochs=epochs, out=folder, **given)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_trained_gone_on_with_and_begun_anew(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind, heard = NETWORKS[name]
    weights, history = tmp_path / f"{name}.npz", tmp_path / f"{name}_history.json"
    train(kind, tmp_path)
    said = capsys.readouterr()
    assert said.out.endswith(f"are in {weights}\n")
    assert said.err.startswith("epoch 1: ")
    assert Melody.from_text(said.err.splitlines()[1].strip()).duration == 8
    assert load_weights(weights).config == kind(seed=3, epochs=1).config
    assert load_weights(weights).training["training_windows"] > 20

    train(kind, tmp_path, epochs=2, as_json=True)
    said = capsys.readouterr()
    assert json.loads(said.out)["weights"] == str(weights)
    assert said.err == ""
    record = load_record(history)
    assert len(record.epochs) == 2
    assert list(record.melodies) == heard
    assert record.melody(heard[0]).notes if heard else not record.melodies


def test_a_training_begins_anew_when_told_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kind, history = NETWORKS["autoencoder"][0], tmp_path / "autoencoder_history.json"
    train(kind, tmp_path, epochs=2)
    first = history.read_bytes()
    train(kind, tmp_path, epochs=2)
    assert "epoch 1:" not in capsys.readouterr().err.partition("epoch 2:")[2]
    train(kind, tmp_path, epochs=2, resume=False)
    assert "epoch 1:" in capsys.readouterr().err
    assert history.read_bytes() == first  # the same seed measures the same


def test_a_folder_is_found_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSICEDU_CACHE", str(tmp_path))
    train(partial(autoencoder, beta=0.0, latents=3), None)
    assert (tmp_path / "training" / "autoencoder" / "autoencoder.npz").is_file()


def test_the_training_of_something_else_is_refused_and_kept(tmp_path: Path) -> None:
    train(partial(autoencoder, beta=0.0, latents=3), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for kind, other in (
        (partial(autoencoder, beta=0.0, latents=4), "another configuration"),
        (partial(dense_gan, one_hot=True, batch_norm=True), "another configuration"),
    ):
        with pytest.raises(MusicEduError, match=other) as refused:
            train(kind, tmp_path)
        assert "--fresh" in str(refused.value)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_checkpoint_that_is_none_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "checkpoint.npz").write_text("my own notes")
    with pytest.raises(MusicEduError, match="the checkpoint cannot be read"):
        train(NETWORKS["autoencoder"][0], tmp_path)
    assert (tmp_path / "checkpoint.npz").read_text() == "my own notes"


@pytest.mark.parametrize("kind", ["vae_quick", "dense_gan"])
def test_too_few_tunes_are_refused(kind: str, tmp_path: Path) -> None:
    with pytest.raises(MusicEduError, match="Take more collections"):
        train(NETWORKS[kind][0], tmp_path, corpus=corpus_of(1))


@pytest.mark.parametrize("purpose", ["make", "quick"])
def test_the_settings_of_a_vae_are_those_of_its_purpose(purpose: str) -> None:
    network = vae(purpose=purpose, epochs=7, seed=9, non_commercial=True)
    plan = PURPOSES[purpose]
    assert network.config == replace(plan.config, seed=9, include_non_commercial=True)
    assert (network.epochs, network.n_tunes) == (7, plan.n_tunes)
    assert vae(purpose=purpose, epochs=None, seed=9, non_commercial=True).epochs == plan.epochs


@pytest.mark.parametrize(
    ("network", "config"),
    [
        (
            gan(epochs=1, loss="squared", non_commercial=True, seed=2),
            GanConfig(loss="squared", include_non_commercial=True, seed=2),
        ),
        (
            dense_gan(epochs=1, one_hot=False, batch_norm=False, seed=2),
            DenseGanConfig(one_hot=False, batch_norm=False, seed=2),
        ),
        (autoencoder(epochs=1, beta=0.5, latents=4, seed=2), AutoencoderConfig(beta=0.5, latent_dim=4, seed=2)),
    ],
    ids=lambda value: getattr(value, "file", ""),
)
def test_the_settings_of_a_network_are_those_asked_for(network: Network, config: NetworkConfig) -> None:
    assert network.config == config


def test_no_two_trainings_share_a_folder_of_the_cache() -> None:
    networks = [vae(purpose=purpose, epochs=1, seed=1, non_commercial=any_) for purpose in PURPOSES for any_ in BOTH]
    networks += [
        gan(epochs=1, loss=loss, seed=1, non_commercial=a) for loss in ("squared", "wasserstein") for a in BOTH
    ]
    networks += [autoencoder(epochs=1, beta=beta, latents=4, seed=1) for beta in (0.0, 0.5)]
    networks += [dense_gan(epochs=1, one_hot=True, batch_norm=True, seed=1)]
    assert len({network.folder for network in networks}) == len(networks)


def learn(name: str, out: Path, *, corpus: Corpus = CORPUS, as_json: bool = False) -> None:
    if name in NETWORKS:
        train(NETWORKS[name][0], out, corpus=corpus)
    elif name == "chords":
        count_chords(chorales() if len(corpus) else [], out=out, as_json=as_json)
    else:
        count = {"markov": count_markov, "requests": measure_requests}[name]
        count(corpus, non_commercial=False, seed=1, out=out, as_json=as_json)


@cache
def chorales() -> list[Chorale]:
    return [replace(one, split="train") if n < 24 else one for n, one in enumerate(read_chorales("test"))]


@pytest.mark.parametrize(
    ("name", "file", "key"),
    [
        ("markov", "markov.npz", "weights"),
        ("requests", "deep/requests.json", "requests"),
        ("chords", "chords.npz", "tables"),
    ],
)
def test_what_is_counted_is_written_and_can_be_read(
    name: str, file: str, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / file
    out = path if name == "requests" else path.parent
    learn(name, out)
    assert f"{path}\n" in capsys.readouterr().out
    if name == "markov":
        assert isinstance(load_weights(path).config, MarkovConfig)
    elif name == "requests":
        assert {row.partition(" ")[0] for row in json.loads(path.read_bytes())["rows"]} >= {"3", "9"}
    else:
        assert load_tables(path).account["chorales"] == 24
    first = path.read_bytes()
    learn(name, out, as_json=True)
    assert json.loads(capsys.readouterr().out)[key] == str(path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("name", ["autoencoder", "markov", "chords", "requests"])
def test_what_stands_in_the_way_is_said_before_the_work(name: str, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("my own notes")
    (tmp_path / "mine").mkdir()
    out, problem = tmp_path / "mine.txt", "a file stands where a folder is needed"
    if name == "requests":
        out, problem = tmp_path / "mine", "a folder stands where a file is needed"
    with pytest.raises(MusicEduError, match=problem):
        learn(name, out, corpus=NOTHING)
    assert (tmp_path / "mine.txt").read_text() == "my own notes"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_option_of_a_kind_is_known_to_what_learns(kind: Kind) -> None:
    learns, makes = (getattr(kind.learn, "func", kind.learn), getattr(kind.learn, "args", ()))
    taken = {name for each in (learns, kind.read, *makes) for name in inspect.signature(each).parameters}
    assert set(kind.settings) <= taken


def test_a_command_does_all_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = {"--collection": "bach_soprano", "--epochs": "1", "--latents": "3", "--out": str(tmp_path)}
    command = ["train", "autoencoder", *chain.from_iterable(options.items())]
    with pytest.raises(SystemExit) as ended:
        main([*command, "--json"])
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["weights"] == str(tmp_path / "autoencoder.npz")
    with pytest.raises(SystemExit) as ended:
        main([*command, "--latents", "4"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
