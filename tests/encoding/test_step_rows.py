"""Tunes as rows of step tokens, cut at the barlines."""

from __future__ import annotations

import numpy as np
import pytest

from musicedu.encoding.events import line_of_events
from musicedu.encoding.step_grid import HOLD, step_tokens, window_of_steps
from musicedu.encoding.step_rows import line_of_row, step_grid, step_rows
from musicedu.encoding.vocabulary import token_of_pitch
from musicedu.encoding.windows import cut_windows
from musicedu.melody import Melody

TUNE = Melody.from_text("C4:1 D4:1/2 E4:1/2 G4:2 C5:3/2 B4:1/4 A4:1/4 r:1 G4:1 E4:1 F4:1 D4:2 B3:1 C4:2 r:1")


def test_rows_are_the_windows_of_a_tune_without_an_upbeat() -> None:
    windows = [step_tokens(window).tolist() for window in cut_windows(TUNE, 2)]
    assert step_rows([TUNE], 32).tolist() == windows
    assert step_rows([TUNE, TUNE], 16).shape == (8, 16)


def test_an_upbeat_is_left_out_so_that_rows_begin_at_a_barline() -> None:
    with_upbeat = Melody.from_text("G4:1 C4:1 D4:1/2 E4:1/2 G4:2 C5:3/2 B4:1/4 A4:1/4 r:1 G4:1", anacrusis=1)
    assert step_rows([with_upbeat], 32).tolist() == step_rows([TUNE], 32)[:1].tolist()


@pytest.mark.parametrize(
    "tune",
    [
        Melody.from_text("C4:1/3 D4:1/3 E4:1/3 G4:1 C4:2"),  # a triplet
        Melody.from_text("C4:1 D4:1 E4:1 C4:1 D4:1 E4:1 C4:1 D4:1 E4:1 C4:1 D4:1 E4:1", metre="3/4"),
        Melody.from_text("C4:4"),  # too few notes
        Melody.from_text("C4:1 D4:1 E4:1 C4:1", key="D dorian"),
    ],
)
def test_what_a_row_cannot_say_is_left_out(tune: Melody) -> None:
    assert step_rows([tune], 16).shape == (0, 16)


def test_a_note_that_sounds_into_a_row_leaves_it_out() -> None:
    tied = Melody.from_text("C4:1 D4:1 E4:4 D4:1 C4:1 E4:4")
    rows = step_rows([tied], 16)
    assert len(rows) == 1
    assert rows[0][0] == token_of_pitch(60)


def test_a_row_has_the_line_of_its_window() -> None:
    for row in step_rows([TUNE], 32):
        window = window_of_steps(row, step_grid(32))
        wanted, line = line_of_events(window.events, window.grid.weights()), line_of_row(row)
        for name in ("onsets", "durations", "pitches", "weights"):
            np.testing.assert_array_equal(getattr(line, name), getattr(wanted, name))


def test_a_line_does_not_begin_with_a_hold_of_nothing() -> None:
    assert line_of_row(np.full(16, HOLD, np.int8)).onsets.size == 0


def test_rows_last_whole_measures() -> None:
    assert step_grid(64).n_measures == 4
    with pytest.raises(ValueError, match="whole measures of 16 sixteenths, not 40"):
        step_grid(40)
