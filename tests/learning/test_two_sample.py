"""Telling two sets apart: chance where they are one, certainty where they are two, nothing learnt from relatives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.learning.two_sample import auc, tell_apart

NAMES = ("height", "width", "colour")


def told(first, second, families=None, seed=1):
    own = [f"a{n}" for n in range(len(first))], [f"b{n}" for n in range(len(second))]
    return tell_apart(first, second, NAMES, families or own, np.random.default_rng(seed))


def drawn(n, seed, *, moved=0.0):
    return np.random.default_rng(seed).normal(loc=(moved, 0.0, 0.0), size=(n, 3))


def test_two_halves_of_one_set_are_not_told_apart():
    found = told(drawn(150, 1), drawn(150, 2))
    assert found.low < 0.5 < found.high


def test_sets_that_differ_are_told_apart_by_what_differs():
    found = told(drawn(100, 1), drawn(100, 2, moved=3.0))
    assert found.auc > 0.95
    assert found.low <= found.auc <= found.high
    assert next(iter(found.alone)) == "height"
    assert found.alone["width"] < 0.65


def test_a_feature_tells_as_much_whichever_way_round():
    up, down = told(drawn(60, 1), drawn(60, 2, moved=1.0)), told(drawn(60, 1), drawn(60, 2, moved=-1.0))
    assert up.alone["height"] == pytest.approx(down.alone["height"], abs=0.12)


def test_relatives_are_never_on_both_sides_of_a_fold():
    # Twenty families of ten equal pieces, half of them on either side by luck: who has seen a relative knows the side.
    rows = np.repeat(drawn(20, 3), 10, axis=0)
    families = [f"family {n // 10}" for n in range(200)]
    first, second = slice(0, 100), slice(100, 200)
    kept_apart = told(rows[first], rows[second], (families[first], families[second]))
    leaking = told(rows[first], rows[second])
    assert leaking.auc > 0.99
    assert kept_apart.auc < 0.9


def test_the_same_seed_gives_the_same_judgement():
    assert told(drawn(40, 1), drawn(40, 2)) == told(drawn(40, 1), drawn(40, 2))


def test_tables_of_other_columns_are_refused():
    with pytest.raises(ValueError, match="3 columns"):
        told(drawn(20, 1)[:, :2], drawn(20, 2)[:, :2])


SCORES = st.lists(st.integers(-5, 5), min_size=1, max_size=12)


@given(SCORES, SCORES)
def test_the_auc_is_the_share_of_pairs_in_the_right_order(lower, higher):
    items = [(score, False) for score in lower] + [(score, True) for score in higher]
    pairs = [(a < b) + (a == b) / 2 for a in lower for b in higher]
    assert auc(*zip(*items, strict=True)) == pytest.approx(sum(pairs) / len(pairs))


def test_an_auc_needs_both_kinds():
    with pytest.raises(ValueError, match="both kinds"):
        auc([1, 2], [True, True])
