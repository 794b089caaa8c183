"""Figures of many rows at once."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.training.step_figures import interval_gap, leap_share, pairwise_distance, unique_share

C, E, HIGH = 14, 18, 30
tables = st.integers(2, 12).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 38), min_size=4, max_size=4), min_size=n, max_size=n)
)


@given(tables)
def test_the_distance_is_the_mean_over_all_pairs(rows: list[list[int]]) -> None:
    table = np.array(rows)
    by_pairs = np.mean([(one != other).mean() for one, other in combinations(table, 2)])
    assert pairwise_distance(table) == pytest.approx(by_pairs)


def test_one_melody_over_and_over_is_not_diverse() -> None:
    rows = np.tile([C, 1, E, 1], (10, 1))
    assert unique_share(rows) == 0.1
    assert pairwise_distance(rows) == 0


def test_small_changes_make_rows_unique_but_hardly_unlike() -> None:
    rows = np.tile(np.arange(2, 34), (10, 1))
    rows[np.arange(10), np.arange(10)] = 38
    assert unique_share(rows) == 1
    assert pairwise_distance(rows) < 0.1


def test_a_distance_needs_two_rows() -> None:
    with pytest.raises(ValueError, match="two rows"):
        pairwise_distance(np.array([[C, 1]]))


def test_only_more_than_an_octave_is_a_leap() -> None:
    assert leap_share(np.array([[C, C + 12, C, HIGH]])) == pytest.approx(1 / 3)
    assert leap_share(np.array([[C, 1, 0, 0]])) == 0


@given(tables, st.integers(-3, 3))
def test_how_rows_move_does_not_depend_on_where_they_lie(rows: list[list[int]], shift: int) -> None:
    table = np.array(rows) // 2 + 10
    assert interval_gap(table, table + shift) == 0


def test_rows_that_move_in_other_intervals_have_nothing_in_common() -> None:
    assert interval_gap(np.array([[C, E, C, E]]), np.array([[C, C, C, C]])) == 1
