"""Training: the loss falls, a training that was stopped goes on as if it had not been, damage is named."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from musicedu.errors import FileProblem, MusicEduError
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.models.vae import Vae
from musicedu.storage import write_atomically
from musicedu.training import loop
from musicedu.training.dataset import Material, prepare
from musicedu.training.loop import fit, forget_training, judged_on
from musicedu.training.record import EpochReport, load_record
from musicedu.training.vae import train_vae
from musicedu.weights import Weights, load_weights, render_weights
from tests.training.toy import OTHERS as OTHER_ROWS
from tests.training.toy import Toy, ToyConfig, slower, toy, toy_feed
from tests.training.tunes import OTHERS, TINY, TUNES


class Listener:
    """Remembers what it is told, and stops the training (as Ctrl-C does) after some epochs."""

    def __init__(self, stop_after: int = 99, *, in_batch: bool = False) -> None:
        self.reports: list[EpochReport] = []
        self.batches: list[tuple[int, int, int]] = []
        self.written: list[str] = []
        self.stop_after, self.in_batch = stop_after, in_batch

    def on_batch(self, epoch: int, done: int, total: int, losses: dict[str, float]) -> None:
        self.batches.append((epoch, done, total))
        assert np.isfinite(list(losses.values())).all()
        if self.in_batch and epoch > self.stop_after and done == 3:
            raise KeyboardInterrupt

    def on_epoch(self, report: EpochReport, model: Vae) -> None:
        self.reports.append(report)
        if not self.in_batch and report.epoch == self.stop_after:
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def material() -> Material:
    return prepare(TINY, TUNES, OTHERS)


def trained(material: Material, folder: Path, listener: Listener, *, epochs: int = 4) -> Weights:
    return train_vae(TINY, material, folder, epochs=epochs, watcher=listener)


@pytest.fixture(scope="module")
def unbroken(material: Material, tmp_path_factory: pytest.TempPathFactory) -> tuple[Weights, Listener, Path]:
    folder, listener = tmp_path_factory.mktemp("unbroken"), Listener()

    def write(path: Path, data: bytes) -> None:
        listener.written.append(path.name)
        write_atomically(path, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "write_atomically", write)
        return trained(material, folder, listener), listener, folder


def same(one: Weights, other: Weights) -> bool:
    return render_weights(one) == render_weights(other) and all(
        np.array_equal(one.arrays[name], other.arrays[name]) for name in one.arrays
    )


def test_the_loss_falls(unbroken: tuple[Weights, Listener, Path]) -> None:
    _, listener, _ = unbroken
    for losses in ([r.training for r in listener.reports], [r.validation for r in listener.reports]):
        told = [epoch["value_loss"] + epoch["token_loss"] for epoch in losses]
        assert told[-1] < 0.85 * told[0]
    assert [report.epoch for report in listener.reports] == [1, 2, 3, 4]
    assert listener.reports[0].is_best


def test_who_watches_hears_of_every_batch(unbroken: tuple[Weights, Listener, Path]) -> None:
    _, listener, _ = unbroken
    total = listener.batches[0][2]
    assert listener.batches == [(epoch, done, total) for epoch in range(1, 5) for done in range(1, total + 1)]


def test_going_on_after_a_stop_ends_where_an_unbroken_training_does(
    material: Material, unbroken: tuple[Weights, Listener, Path], tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        trained(material, tmp_path, Listener(2, in_batch=True))
    again = Listener()
    weights = trained(material, tmp_path, again)
    assert [report.epoch for report in again.reports] == [3, 4]
    assert same(weights, unbroken[0])


def test_the_checkpoint_is_written_after_the_best_epoch(unbroken: tuple[Weights, Listener, Path]) -> None:
    """So a kill between any two files loses an epoch at most, and never the best one."""
    _, listener, folder = unbroken
    kept = ["checkpoint.npz", "history.json"]
    expected = [name for report in listener.reports for name in (["best.npz", *kept] if report.is_best else kept)]
    assert listener.written == expected
    assert {path.name for path in folder.iterdir()} == set(expected)


def test_the_best_epoch_is_what_comes_out(material: Material, unbroken: tuple[Weights, Listener, Path]) -> None:
    weights, listener, folder = unbroken
    silent = Listener()
    assert same(trained(material, folder, silent), weights)  # all is done: nothing is trained
    assert silent.batches == []
    assert max(report.epoch for report in listener.reports if report.is_best) >= 3


def test_trained_weights_are_saved_and_sampled_without_the_framework(
    material: Material, unbroken: tuple[Weights, Listener, Path], tmp_path: Path
) -> None:
    path = tmp_path / "vae.npz"
    path.write_bytes(render_weights(unbroken[0]))
    model = NumpyVae(load_weights(path))
    mean, log_var = model.prior(material.training.conditions[:3].astype(float))
    assert mean.shape == log_var.shape == (3, TINY.latent_dim)
    assert unbroken[0].training == {
        "training_windows": len(material.training),
        "validation_windows": len(material.validation),
    }
    assert -1 <= unbroken[0].rank("range", 7) <= 1


@pytest.fixture
def stopped(unbroken: tuple[Weights, Listener, Path], tmp_path: Path) -> Path:
    """A folder as a training leaves it."""
    for path in unbroken[2].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
@pytest.mark.parametrize("name", ["checkpoint.npz", "best.npz"])
def test_a_truncated_checkpoint_is_named(material: Material, stopped: Path, name: str, share: float) -> None:
    path = stopped / name
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(FileProblem, match=rf"{name}: the checkpoint cannot be read .*Begin anew with --fresh"):
        trained(material, stopped, Listener())


def archive(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"no archive",
        archive(v000=np.zeros(3)),
        archive(record=np.frombuffer(b"[]", np.uint8)),
        archive(record=np.frombuffer(json.dumps({"config": asdict(TINY), "epochs": [3]}).encode(), np.uint8)),
        archive(record=np.frombuffer(json.dumps({"config": asdict(TINY), "epochs": []}).encode(), np.uint8)),
    ],
    ids=["text", "no record", "list", "no reports", "no variables"],
)
def test_a_foreign_checkpoint_is_named(material: Material, stopped: Path, data: bytes) -> None:
    (stopped / "checkpoint.npz").write_bytes(data)
    with pytest.raises(FileProblem, match="the checkpoint cannot be read"):
        trained(material, stopped, Listener())


def test_the_history_is_there_to_be_read(unbroken: tuple[Weights, Listener, Path]) -> None:
    _, listener, folder = unbroken
    assert load_record(folder / "history.json").epochs == tuple(listener.reports)


def test_a_folder_of_other_settings_is_refused(material: Material, stopped: Path) -> None:
    with pytest.raises(FileProblem, match="holds a training of another configuration"):
        train_vae(replace(TINY, beta=0.9), material, stopped, epochs=4, watcher=Listener())


def test_forgetting_leaves_nothing_behind(stopped: Path) -> None:
    (stopped / "notes.txt").write_text("mine")
    forget_training(stopped)
    forget_training(stopped)
    assert [path.name for path in stopped.iterdir()] == ["notes.txt"]


def test_too_few_tunes_are_refused() -> None:
    with pytest.raises(MusicEduError, match="at least 64 windows are needed"):
        prepare(replace(TINY, batch_size=64), TUNES[:1], OTHERS)
    with pytest.raises(MusicEduError, match="and 0 to judge by"):
        prepare(TINY, TUNES, [])


def judge() -> loop.Judge:
    return judged_on(lambda: [{"rows": OTHER_ROWS[:20]}, {"rows": OTHER_ROWS[20:]}])


def flat(model: Toy) -> np.ndarray:
    return np.concatenate([np.ravel(variable) for variable in model.trainable_variables])


def test_any_network_is_trained_and_all_of_it_moves() -> None:
    """Both optimisers are the loop's: a network of two parts learns in both."""
    before = flat(toy())
    model = fit(toy, toy_feed(), epochs=3)
    assert (np.abs(flat(model) - before) > 1e-4).mean() > 0.9


def test_every_optimiser_is_resumed(tmp_path: Path) -> None:
    whole = fit(toy, toy_feed(), epochs=4, before_step=slower)
    fit(toy, toy_feed(), tmp_path, epochs=2, before_step=slower)
    assert np.array_equal(flat(fit(toy, toy_feed(), tmp_path, epochs=4, before_step=slower)), flat(whole))


def test_without_a_judge_the_last_epoch_is_what_comes_out(tmp_path: Path) -> None:
    fit(toy, toy_feed(), tmp_path, epochs=3)
    record = load_record(tmp_path / "history.json")
    assert [report.is_best for report in record.epochs] == [True, True, True]
    assert record.epochs[0].validation == {}
    assert record.losses("loss", of="training")[-1] < record.losses("loss", of="training")[0]


def test_a_training_stops_when_its_figure_no_longer_falls() -> None:
    listener, figures = Watching(), iter([3.0, 1.0, 2.0, 1.0, 0.5])
    fit(
        toy,
        toy_feed(),
        epochs=5,
        watcher=listener,
        judge=lambda model: {"gap": next(figures)},
        judged_by="gap",
        patience=2,
    )
    assert [report.validation["gap"] for report in listener.reports] == [3.0, 1.0, 2.0, 1.0]
    assert [report.is_best for report in listener.reports] == [True, True, False, False]


def test_the_best_epoch_is_restored() -> None:
    listener, figures = Watching(), iter([3.0, 1.0, 2.0])
    model = fit(toy, toy_feed(), epochs=3, watcher=listener, judge=lambda model: {"loss": next(figures)})
    assert np.array_equal(flat(model), listener.weights[1])
    assert not np.array_equal(flat(model), listener.weights[2])


class Watching:
    """Keeps the weights of every epoch."""

    def __init__(self) -> None:
        self.reports: list[EpochReport] = []
        self.weights: list[np.ndarray] = []

    def on_batch(self, epoch: int, done: int, total: int, losses: dict[str, float]) -> None:
        assert total == 4

    def on_epoch(self, report: EpochReport, model: Toy) -> None:
        self.reports.append(report)
        self.weights.append(flat(model))


def test_a_judge_takes_the_mean_over_rows_not_batches() -> None:
    model = toy()
    whole = float(model.test_on_batch({"rows": OTHER_ROWS}, return_dict=True)["loss"])
    assert judge()(model)["loss"] == pytest.approx(whole, rel=1e-5)


def test_a_figure_that_the_judge_does_not_give_is_named() -> None:
    with pytest.raises(ValueError, match="the judge gives no 'kl', only loss"):
        fit(toy, toy_feed(), epochs=1, judge=judge(), judged_by="kl")


def test_other_settings_of_any_network_are_refused(tmp_path: Path) -> None:
    fit(toy, toy_feed(), tmp_path, epochs=1)
    with pytest.raises(FileProblem, match="holds a training of another configuration"):
        fit(lambda: toy(ToyConfig(noise=0.3)), toy_feed(), tmp_path, epochs=2)
