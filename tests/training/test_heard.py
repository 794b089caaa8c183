"""What a network plays while it learns is kept beside its history."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from musicedu.errors import FileProblem
from musicedu.melody import Melody
from musicedu.training.heard import Hearing, load_heard, text_of
from musicedu.training.loop import Silent
from musicedu.training.record import EpochReport
from tests.strategies import melodies


def listen(folder: Path, epochs: range) -> None:
    watcher = Hearing(Silent(), folder, lambda model: Melody.from_text(f"C4:{model} D4:1"), every=3)
    for epoch in epochs:
        watcher.on_epoch(EpochReport(epoch, {}, {}, is_best=True), epoch)


def test_melodies_are_kept_of_the_first_epoch_and_of_every_third(tmp_path: Path) -> None:
    listen(tmp_path, range(1, 8))
    assert load_heard(tmp_path) == {1: "C4:1 D4:1", 3: "C4:3 D4:1", 6: "C4:6 D4:1"}


def test_a_training_that_begins_anew_forgets_what_was_heard(tmp_path: Path) -> None:
    listen(tmp_path, range(1, 8))
    listen(tmp_path, range(1, 4))
    assert list(load_heard(tmp_path)) == [1, 3]


def test_nothing_was_heard_where_nothing_was_kept(tmp_path: Path) -> None:
    assert load_heard(tmp_path) == {}


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "heard.json").write_text("[1,")
    with pytest.raises(FileProblem, match="cannot be read"):
        load_heard(tmp_path)


@given(melodies())
def test_a_text_sounds_like_the_melody(melody: Melody) -> None:
    again = Melody.from_text(text_of(melody))
    assert [(note.onset, note.duration, note.pitch) for note in again.notes] == [
        (note.onset, note.duration, note.pitch) for note in melody.notes
    ]
