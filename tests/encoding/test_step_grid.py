"""Windows as one token a sixteenth, and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.encoding.events import Window, line_of_events, window_melody
from musicedu.encoding.step_grid import (
    HOLD,
    N_STEP_TOKENS,
    fits_steps,
    line_of_row,
    n_sixteenths,
    sounded,
    step_arrays,
    step_grid,
    step_rows,
    step_tokens,
    window_of_steps,
)
from musicedu.encoding.vocabulary import REST, VALUES, token_of_pitch
from musicedu.encoding.windows import cut_windows
from musicedu.grid import Grid
from musicedu.melody import Melody, Metre
from tests.strategies import melodies

C, D, E = (token_of_pitch(pitch) for pitch in (60, 62, 64))
COMMON = Grid(Metre(4, 4), 1)


def window(text: str, n_measures: int = 1, **melody: object) -> Window:
    return next(cut_windows(Melody.from_text(text, **melody), n_measures))


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    metre = Metre.parse(draw(st.sampled_from(["2/4", "3/4", "4/4", "3/8", "6/8", "9/8", "12/8", "5/4", "7/8"])))
    grid = Grid(metre, draw(st.integers(1, 3)))
    return replace(grid, phase=3 * draw(st.integers(0, grid.measure_ticks // 3 - 1)))


def notes_of(one: Window) -> list[list[int]]:
    line = line_of_events(one.events, one.grid.weights())
    return [array.tolist() for array in (line.onsets, line.durations, line.pitches)]


def test_a_note_is_its_pitch_and_then_holds() -> None:
    tokens = step_tokens(window("C4:1 D4:1/2 r:1/2 E4:2"))
    assert tokens.tolist() == [C, HOLD, HOLD, HOLD, D, HOLD, REST, REST, E, *[HOLD] * 7]
    assert N_STEP_TOKENS == 39


def test_a_tied_note_is_one_note_and_a_repeated_note_two() -> None:
    tied, repeated = (window(text, 2, metre="2/4") for text in ("C4:1 D4:2 E4:1", "C4:1 D4:1 D4:1 E4:1"))
    assert np.sum(step_tokens(tied) == D) == 1
    assert np.sum(step_tokens(repeated) == D) == 2


@given(st.data(), grids())
@settings(max_examples=60)
def test_tokens_to_window_and_back_is_what_is_heard(data: st.DataObject, grid: Grid) -> None:
    n = n_sixteenths(grid)
    assert n is not None
    likely = st.sampled_from([REST, HOLD, HOLD, HOLD, C, E, 2, N_STEP_TOKENS - 1])
    tokens = data.draw(st.lists(likely, min_size=n, max_size=n))
    made = window_of_steps(tokens, grid, is_minor=data.draw(st.booleans()))
    assert step_tokens(made).tolist() == sounded(tokens).tolist()
    assert sum(VALUES[value] for value, _ in made.events) == grid.n_ticks
    assert window_melody(made).duration * 12 == grid.n_ticks


@given(melodies(with_marks=False, max_measures=4), st.integers(1, 2))
@settings(max_examples=60)
def test_a_window_that_fits_comes_back_with_the_same_notes(tune: Melody, n_measures: int) -> None:
    for one in cut_windows(tune, n_measures):
        if not fits_steps(one):
            with pytest.raises(ValueError, match="between two sixteenths"):
                step_tokens(one)
            continue
        again = window_of_steps(
            step_tokens(one),
            one.grid,
            is_minor=one.is_minor,
            begins_tune=one.begins_tune,
            ends_tune=one.ends_tune,
        )
        assert notes_of(again) == notes_of(one)
        assert replace(again, events=()) == replace(one, events=())


def test_what_is_written_plainly_comes_back_event_by_event() -> None:
    for text in ("C4:1 D4:1/2 r:1/2 E4:2", "C4:3/4 D4:1/4 E4:3", "C4:4", "r:1 C4:3"):
        one = window(text)
        assert window_of_steps(step_tokens(one), one.grid, begins_tune=True, ends_tune=True) == one


def test_triplets_do_not_fit() -> None:
    assert not fits_steps(window("C4:1/3 D4:1/3 E4:1/3 C4:3"))
    assert fits_steps(window("C4:1/4 D4:1/4 E4:1/2 C4:3"))
    assert n_sixteenths(Grid(Metre(3, 32), 1)) is None


def test_a_hold_with_nothing_to_hold_is_a_rest() -> None:
    assert sounded([HOLD, HOLD, C, HOLD, REST, HOLD]).tolist() == [REST, REST, C, HOLD, REST, REST]
    silent = window_of_steps([HOLD] * 16, COMMON)
    assert {token for _, token in silent.events} == {REST}


def test_a_wrong_number_of_tokens_or_a_foreign_token_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 16 tokens"):
        window_of_steps([C] * 15, COMMON)
    with pytest.raises(ValueError, match="from 0 to 38"):
        window_of_steps([39] * 16, COMMON)


def test_shorter_windows_are_padded_with_rests_and_masked() -> None:
    two = window("C4:1 D4:1 E4:1 C4:1", 2, metre="2/4")
    long, triplets = window("C4:2 D4:2 E4:4", 2), window("C4:1/3 D4:1/3 E4:1/3 C4:3")
    arrays = step_arrays([two, triplets, long, window("C4:4")], 16)
    assert len(arrays) == 2
    assert arrays.tokens.shape == arrays.mask.shape == (2, 16)
    arrays = step_arrays([two, long], 32)
    assert arrays.mask.sum(axis=1).tolist() == [16, 32]
    assert arrays.tokens[0, :16].tolist() == step_tokens(two).tolist()
    assert not arrays.tokens[0, 16:].any()
    assert arrays.windows == (two, long)
    assert len(step_arrays([], 8)) == 0


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
