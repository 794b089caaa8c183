"""The grid: metrical weights, where a window lies, and a melody laid out in steps."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.grid import TICKS_PER_QUARTER, Grid, line_of, metrical_weights
from musicedu.melody import Melody, Metre
from tests.strategies import METRES, melodies, metres


@given(metres())
def test_the_barline_weighs_most_and_beats_more_than_their_parts(metre: Metre) -> None:
    weights = metrical_weights(metre)
    beats = [int(onset * TICKS_PER_QUARTER) for onset in metre.beat_onsets]
    assert len(weights) == metre.duration * TICKS_PER_QUARTER
    assert weights[0] == 0
    assert all(weight < 0 for weight in weights[1:])
    between = np.delete(weights, beats)
    assert len(between) == 0 or weights[beats].min() > between.max()


@pytest.mark.parametrize(
    ("metre", "weights"),
    [("4/4", [0, -2, -1, -2]), ("3/4", [0, -1, -1]), ("2/4", [0, -1]), ("5/4", [0, -2, -2, -1, -2])],
)
def test_weights_of_the_beats(metre: str, weights: list[int]) -> None:
    assert metrical_weights(Metre.parse(metre))[::12].tolist() == weights


def test_weights_of_compound_beats() -> None:
    assert metrical_weights(Metre(6, 8))[::6].tolist() == [0, -2, -2, -1, -2, -2]
    assert metrical_weights(Metre(12, 8))[::18].tolist() == [0, -2, -1, -2]


def test_weights_are_shared_and_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        metrical_weights(Metre(4, 4))[0] = 1


@given(st.sampled_from(METRES).map(Metre.parse), st.integers(1, 4), st.integers(0, 11))
def test_a_phase_turns_the_measures(metre: Metre, n_measures: int, phase: int) -> None:
    plain, shifted = Grid(metre, n_measures), Grid(metre, n_measures, phase)
    assert len(shifted.weights()) == shifted.n_ticks == n_measures * shifted.measure_ticks
    np.testing.assert_array_equal(np.roll(shifted.weights(), phase), plain.weights())
    assert shifted.weights()[(-phase) % shifted.n_ticks] == 0


@given(melodies())
@settings(max_examples=60)
def test_a_line_has_the_melodys_notes_and_measures(melody: Melody) -> None:
    line = line_of(melody)
    assert line.pitches.tolist() == list(melody.pitches)
    assert line.n_ticks == melody.duration * TICKS_PER_QUARTER
    assert (line.durations > 0).all()
    assert (np.diff(line.onsets) >= 0).all()
    barlines = [measure.onset * TICKS_PER_QUARTER for measure in melody.measures if measure.number]
    assert [step for step, weight in enumerate(line.weights) if weight == 0] == barlines


@pytest.mark.parametrize("metre", ["3/32", "5/32", "7/32", "1/32"])
def test_metres_finer_than_the_grid_are_laid_out_all_the_same(metre: str) -> None:
    line = line_of(Melody.from_text("C4:1/2 D4:1/2 E4:1 F4:2", metre=metre))
    assert line.n_ticks == 48
    assert all(np.isfinite(attribute(line)) for attribute in GRID_ATTRIBUTES.values())


def test_onsets_between_steps_go_to_the_nearest() -> None:
    line = line_of(Melody.from_text("C4:1/8 D4:1/5 E4:27/40 F4:3"))
    assert line.onsets.tolist() == [0, 2, 4, 12]
    assert line.durations.tolist() == [2, 2, 8, 36]


def test_the_shortest_melody_has_a_step() -> None:
    assert line_of(Melody.from_text("r:1/64")).n_ticks == 1
    assert line_of(Melody.from_text("C4:1/64")).durations.tolist() == [1]
    assert Fraction(1, TICKS_PER_QUARTER) > Fraction(1, 64)
