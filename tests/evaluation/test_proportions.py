"""Intervals for a share hold the truth as often as they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from musicedu.evaluation.proportions import clopper_pearson, wilson

COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_an_interval_holds_the_share_that_was_seen_and_mirrors(counts):
    k, n = counts
    for interval in (clopper_pearson, wilson):
        low, high = interval(k, n)
        assert 0 <= low <= k / n + 1e-12
        assert k / n <= high + 1e-12 <= 1 + 1e-9
        assert interval(n - k, n) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize("truth", [0.05, 0.3, 0.5, 0.8])
def test_the_exact_interval_holds_the_truth_at_least_so_often_and_wilsons_about_so_often(truth):
    n = 25
    chances = stats.binom.pmf(range(n + 1), n, truth)
    held = dict.fromkeys((clopper_pearson, wilson), 0.0)
    for k, chance in enumerate(chances):
        for interval in held:
            low, high = interval(k, n)
            held[interval] += chance * (low <= truth <= high)
    assert held[clopper_pearson] >= 0.95
    assert 0.90 < held[wilson] < 0.99


def test_known_values():
    assert clopper_pearson(0, 10) == pytest.approx((0.0, 0.3085), abs=1e-4)
    assert clopper_pearson(81, 263) == pytest.approx((0.2527, 0.3676), abs=1e-4)
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)


@pytest.mark.parametrize(("k", "n", "level"), [(3, 2, 0.95), (-1, 2, 0.95), (0, 0, 0.95), (1, 2, 1.0)])
def test_what_cannot_be_is_refused(k, n, level):
    for interval in (clopper_pearson, wilson):
        with pytest.raises(ValueError, match=r"not possible|between 0 and 1"):
            interval(k, n, level)
