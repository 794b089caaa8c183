"""Metres: reading, the beats felt, and refusing nonsense."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.melody import Metre
from tests.strategies import metres

F = Fraction


def all_metres() -> st.SearchStrategy[Metre]:
    return st.builds(Metre, st.integers(1, 32), st.sampled_from([1, 2, 4, 8, 16, 32]))


@given(all_metres())
def test_a_metre_is_read_back(metre: Metre) -> None:
    assert Metre.parse(str(metre)) == metre


@given(st.one_of(all_metres(), metres()))
def test_beats_fill_the_measure(metre: Metre) -> None:
    assert sum(metre.beats) == metre.duration
    assert metre.beat_onsets[0] == 0
    assert [after - before for before, after in pairwise(metre.beat_onsets)] == list(metre.beats[:-1])
    assert all((beat / metre.unit).denominator == 1 for beat in metre.beats)


@pytest.mark.parametrize(
    ("text", "beats", "compound"),
    [("4/4", [1, 1, 1, 1], False), ("2/2", [2, 2], False), ("6/8", [F(3, 2)] * 2, True), ("3/8", [F(3, 2)], True),
     ("9/8", [F(3, 2)] * 3, True), ("5/8", [F(3, 2), 1], False), ("7/8", [1, 1, F(3, 2)], False),
     ("4/8", [1, 1], False), ("5/4", [1] * 5, False)],
)  # fmt: skip
def test_beats_as_they_are_felt(text: str, beats: list[Fraction], compound: bool) -> None:
    assert list(Metre.parse(text).beats) == beats
    assert Metre.parse(text).is_compound == compound


def test_groups_say_how_an_uneven_metre_is_felt() -> None:
    assert Metre(5, 8, (2, 3)).beats == (1, F(3, 2))
    assert Metre(8, 8, (3, 3, 2)).beats == (F(3, 2), F(3, 2), 1)


@pytest.mark.parametrize("text", ["", "4", "4/4/4", "C", "four/4", "-3/4", "3/ ", "3.5/4"])
def test_what_is_no_metre_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a metre such as 3/4 or 6/8"):
        Metre.parse(text)


@pytest.mark.parametrize(
    ("numerator", "denominator", "groups", "problem"),
    [(0, 4, (), "numerator must be from 1 to 32, not 0"), (33, 4, (), "numerator"),
     (3, 3, (), "denominator must be one of"), (3, 64, (), "denominator"),
     (5, 8, (3, 3), r"groups must add up to 5, not \(3, 3\)")],
)  # fmt: skip
def test_a_metre_refuses_nonsense(numerator: int, denominator: int, groups: tuple[int, ...], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Metre(numerator, denominator, groups)
