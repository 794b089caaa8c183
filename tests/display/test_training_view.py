"""Curves while a network is trained: one picture, drawn anew in its place, that says its figures in words."""

from __future__ import annotations

from typing import Any

import pytest

from musicedu.display import training_view
from musicedu.display.training_view import LiveCurves, history_picture, plot_history
from musicedu.melody import Melody
from musicedu.training.record import EpochReport, TrainingRecord

TUNE = Melody.from_text("C4:1 D4:1 E4:2")


class Page:
    """Stands for a notebook: what was put on it, and what replaced it."""

    def __init__(self) -> None:
        self.shown: list[Any] = []
        self.updated: list[Any] = []

    def display(self, thing: Any, *, display_id: bool) -> Page:
        assert display_id
        self.shown.append(thing)
        return self

    def update(self, thing: Any) -> None:
        self.updated.append(thing)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    made = Page()
    monkeypatch.setattr(training_view, "display", made.display)
    monkeypatch.setattr(training_view, "get_ipython", lambda: made)
    return made


def report(epoch: int) -> EpochReport:
    return EpochReport(epoch, {"loss": 10.0 / epoch, "kl": 1.5}, {"loss": 12.0 / epoch}, is_best=True)


def run(curves: LiveCurves, n_epochs: int) -> None:
    for epoch in range(1, n_epochs + 1):
        for done in range(1, 5):
            curves.on_batch(epoch, done, 4, {"loss": 10.0 / (epoch + done), "kl": 1.0})
        curves.on_epoch(report(epoch), model=None)


def test_there_is_one_picture_and_it_is_drawn_anew_in_its_place(page: Page) -> None:
    run(LiveCurves(("loss", "kl")), 3)
    assert len(page.shown) == 1
    assert len(page.updated) == 3, "after every epoch; between batches only if a second has passed"
    assert page.shown[0].words == "Losses while the first epoch goes on"
    assert page.updated[-1].words == "Curves after epoch 3: loss 3.33 in training and 4 held out; KL 1.5 in training"
    assert page.updated[-1].html.count("<img") == 1


def test_outside_a_notebook_epochs_alone_are_shown(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_view, "get_ipython", lambda: None)
    run(LiveCurves(), 2)
    assert len(page.shown) + len(page.updated) == 2


def test_the_network_is_heard_after_its_epochs(page: Page) -> None:
    curves = LiveCurves(hear=lambda model: TUNE, n_heard=2)
    run(curves, 4)
    last = page.updated[-1]
    assert last.html.count("<audio") == 2
    assert "After epoch 1: Player" in last.words
    assert "After epoch 4: Player" in last.words
    assert curves.melodies == dict.fromkeys(range(1, 5), TUNE)
    assert curves.shown == last


def test_a_network_that_plays_nothing_yet_has_no_player(page: Page) -> None:
    run(LiveCurves(hear=lambda model: None), 1)
    assert "<audio" not in page.updated[-1].html


def test_figures_that_are_not_there_are_left_out(page: Page) -> None:
    run(LiveCurves(("loss", "distance")), 1)
    assert "distance" not in page.updated[-1].words


def test_what_was_judged_has_a_name_of_its_own(page: Page) -> None:
    run(LiveCurves(judged="of 500 made"), 1)
    assert page.updated[-1].words.endswith("loss 10 in training and 12 of 500 made")


def test_a_record_is_drawn_like_a_training() -> None:
    record = TrainingRecord({}, (report(1), report(2)), {1: "C4:1", 2: "C4:1 D4:3"})
    shown = history_picture(record, ("loss", "kl"))
    assert shown.words.startswith("Curves after epoch 2: loss 5 in training and 6 held out; KL 1.5 in training")
    assert shown.html.count("<audio") == 2
    ax = plot_history(record)
    assert [line.get_label() for line in ax.lines] == ["training", "held out"]
    assert list(ax.lines[1].get_ydata()) == [12.0, 6.0]
