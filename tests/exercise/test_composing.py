"""What tires the ear costs, and only that; where a phrase lies and which way up it is makes no difference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.exercise.composing import evenness, haste, monotony, sameness, tiring, wildness
from musicedu.grid import Grid, GridLine, Ints
from musicedu.melody import Metre

PHRASES = st.lists(st.integers(40, 90), max_size=24).map(lambda pitches: np.array(pitches, dtype=np.int64))
WEIGHTS = Grid(Metre(4, 4), 4).weights()


def line(pitches: Ints, *values: int) -> GridLine:
    durations = np.resize(np.array(values or (6, 6, 12), dtype=np.int64), len(pitches))
    return GridLine(np.cumsum(durations) - durations, durations, pitches, WEIGHTS)


def of(*pitches: int) -> Ints:
    return np.array(pitches, dtype=np.int64)


@settings(max_examples=80)
@given(PHRASES)
def test_every_share_is_within_its_bounds_and_they_add_up(pitches: Ints) -> None:
    phrase = line(pitches)
    shares = (monotony(pitches), wildness(pitches), sameness(pitches), haste(phrase), evenness(phrase))
    assert all(0 <= share <= 1 for share in shares)
    assert tiring(phrase) == pytest.approx(sum(shares))


@settings(max_examples=80)
@given(PHRASES, st.integers(-12, 12))
def test_transposition_and_inversion_change_nothing(pitches: Ints, semitones: int) -> None:
    assert tiring(line(pitches + semitones)) == tiring(line(pitches))
    assert tiring(line(130 - pitches)) == tiring(line(pitches))


@pytest.mark.parametrize("n_notes", range(3, 9))
def test_a_scale_tires_nobody(n_notes: int) -> None:
    assert tiring(line(60 + np.array([0, 2, 4, 5, 7, 9, 11, 12])[:n_notes])) == 0


def test_the_longer_one_note_is_repeated_the_more_it_tires() -> None:
    costs = [monotony(np.array([67] * n + [65, 64, 62, 60] * 2)) for n in range(2, 9)]
    assert costs[:2] == [0, 0]
    assert costs[1:] == sorted(set(costs))


def test_a_see_saw_tires_and_a_neighbour_note_does_not() -> None:
    assert monotony(of(60, 62, 60, 62, 60, 62)) == pytest.approx(3 / 6)
    assert monotony(of(60, 62, 60, 64, 62, 64)) == 0
    assert monotony(of(60, 60, 60, 62, 62, 62)) == 0


@pytest.mark.parametrize(
    ("pitches", "is_wild"),
    [
        ((60, 67, 65), False),  # a leap that turns back by step
        ((60, 67, 69), True),  # one that goes on
        ((69, 67, 60), False),  # a leap that a step leads to
        ((67, 62, 55), True),
        ((67, 72, 76), False),  # a chord: G C E
        ((76, 72, 67), False),
        ((60, 64, 67), False),
        ((60, 67, 67), False),
        ((60, 65, 70), True),  # two fourths
    ],
)
def test_a_leap_goes_on_only_in_a_chord(pitches: tuple[int, ...], is_wild: bool) -> None:
    assert (wildness(of(*pitches)) > 0) == is_wild


def test_a_leap_out_of_a_sixteenth_is_hasty_and_one_out_of_an_eighth_is_not() -> None:
    leaping = of(60, 67, 60, 67)
    assert haste(line(leaping, 3)) == pytest.approx(3 / 4)
    assert haste(line(leaping, 6)) == 0
    assert haste(line(of(60, 62, 64, 65), 3)) == 0


def test_one_value_throughout_has_a_price_and_a_long_last_note_does_not_hide_it() -> None:
    scale = of(60, 62, 64, 65, 67, 65, 64)
    assert evenness(line(scale, 6)) > 0
    assert evenness(line(scale, 6, 6, 6, 6, 6, 6, 24)) > 0
    assert evenness(line(scale, 6, 6, 12)) == 0
    assert evenness(line(scale[:4], 12)) == 0


def test_one_pitch_may_take_two_notes_in_five() -> None:
    assert sameness(of(60, 62, 60, 64, 65)) == 0
    assert sameness(of(60, 62, 60, 64, 60)) == pytest.approx(0.2)
    assert sameness(of(60)) == pytest.approx(0.6)
    assert tiring(line(of())) == 0
