"""Intervals for a share hold the truth as often as they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from musicedu.evaluation.proportions import clopper_pearson

COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_an_interval_holds_the_share_that_was_seen_and_mirrors(counts):
    k, n = counts
    low, high = clopper_pearson(k, n)
    assert 0 <= low <= k / n + 1e-12
    assert k / n <= high + 1e-12 <= 1 + 1e-9
    assert clopper_pearson(n - k, n) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize("truth", [0.05, 0.3, 0.5, 0.8])
def test_the_interval_holds_the_truth_at_least_so_often(truth):
    n = 25
    chances = stats.binom.pmf(range(n + 1), n, truth)
    held = 0.0
    for k, chance in enumerate(chances):
        low, high = clopper_pearson(k, n)
        held += chance * (low <= truth <= high)
    assert held >= 0.95


def test_known_values():
    assert clopper_pearson(0, 10) == pytest.approx((0.0, 0.3085), abs=1e-4)
    assert clopper_pearson(81, 263) == pytest.approx((0.2527, 0.3676), abs=1e-4)


@pytest.mark.parametrize(("k", "n", "level"), [(3, 2, 0.95), (-1, 2, 0.95), (0, 0, 0.95), (1, 2, 1.0)])
def test_what_cannot_be_is_refused(k, n, level):
    with pytest.raises(ValueError, match=r"not possible|between 0 and 1"):
        clopper_pearson(k, n, level)
