"""What a network is told about places, metres and conditions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.attributes.catalogue import ATTRIBUTES
from musicedu.encoding.features import (
    CONDITION_ATTRIBUTES,
    N_CONDITION,
    N_PLACE,
    condition_vector,
    metre_features,
    place_features,
)
from musicedu.grid import Grid
from musicedu.melody import Metre
from tests.strategies import METRES


def grids() -> st.SearchStrategy[Grid]:
    return st.builds(Grid, st.sampled_from(METRES).map(Metre.parse), st.integers(1, 6), st.sampled_from([0, 6, 12]))


@given(grids())
def test_every_step_and_the_end_have_their_features(grid: Grid) -> None:
    features = place_features(grid)
    assert features.shape == (grid.n_ticks + 1, N_PLACE)
    assert features.dtype == np.float32
    assert np.isfinite(features).all()
    assert (features[:, :6].sum(axis=1) == 1).all()  # one metrical weight each
    assert (features[:, -5:].sum(axis=1) == 1).all()  # so many measures left
    assert place_features(grid) is features
    with pytest.raises(ValueError, match="read-only"):
        features[0, 0] = 2


@given(grids())
def test_places_a_measure_apart_differ_only_in_what_is_left(grid: Grid) -> None:
    features = place_features(grid)
    here, later = features[: -grid.measure_ticks - 1], features[grid.measure_ticks : -1]
    kept = [column for column in range(N_PLACE) if column < N_PLACE - 6]
    np.testing.assert_allclose(here[:, kept], later[:, kept], atol=1e-6)


def test_metres_are_told_apart() -> None:
    told = {metre: metre_features(Metre.parse(metre)) for metre in METRES}
    assert len(set(told.values())) == len(METRES)
    assert told["6/8"] == (0.75, 0.5, 1, 0, 0.5)
    assert told["5/8"] == (0.625, 0.5, 0, 1, 0.5)


def test_a_condition_is_ranks_metre_and_place_in_the_tune() -> None:
    ranks = [-1.0, -0.5, 0.0, 0.25, 0.5, 1.0]
    grid = Grid(Metre(3, 4), 4, 24)
    vector = condition_vector(ranks, grid, is_minor=True, begins_tune=False, ends_tune=True)
    assert vector.shape == (N_CONDITION,)
    assert vector.dtype == np.float32
    assert vector[: len(ranks)].tolist() == ranks
    assert vector[-5:].tolist() == pytest.approx([1, 0, 1, 24 / 36, 1])
    with pytest.raises(ValueError, match="expected 6 ranks, not 5"):
        condition_vector(ranks[:5], grid, is_minor=True, begins_tune=False, ends_tune=True)


def test_a_network_is_asked_for_attributes_of_the_catalogue() -> None:
    assert set(CONDITION_ATTRIBUTES) <= set(ATTRIBUTES)
