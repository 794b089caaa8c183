"""How far weights have moved."""

import numpy as np
import pytest

from musicedu.models.movement import movement


def test_the_largest_change_in_any_array_counts_whatever_its_sign() -> None:
    before = [np.zeros((2, 2)), np.ones(3)]
    after = [np.array([[0.0, -0.5], [0.25, 0.0]]), np.ones(3)]
    assert movement(before, after) == movement(after, before) == 0.5
    assert movement(before, before) == 0
    assert movement([], []) == 0


def test_weights_of_two_networks_are_refused() -> None:
    with pytest.raises(ValueError, match="two different networks"):
        movement([np.zeros(2)], [np.zeros(3)])
    with pytest.raises(ValueError, match=r"shorter|longer"):
        movement([np.zeros(2)], [])
