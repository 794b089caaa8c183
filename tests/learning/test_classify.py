"""Classifiers are judged without leaks, and the figures are scikit-learn's."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.model_selection import cross_val_predict

from musicedu.learning.classify import (
    build_classifier,
    cross_validate,
    folds_apart,
    majority_baseline,
    shuffled_folds,
)


def blobs(n_each=30, n_classes=3, spread=1.0, seed=0):
    """Points around one centre a class, in five columns of very different scale."""
    rng = np.random.default_rng(seed)
    labels = np.repeat([f"class {number}" for number in range(n_classes)], n_each)
    centres = rng.normal(0, 2, (n_classes, 5))
    points = np.repeat(centres, n_each, axis=0) + spread * rng.standard_normal((len(labels), 5))
    return points * [1, 10, 100, 1000, 0.01], labels


def leaks(folds, *groupings):
    """How many items are asked about while another of one of their groups is learned from, over all folds."""
    count = 0
    for train, test in folds:
        seen = [np.isin(np.asarray(grouping)[test], np.asarray(grouping)[train]) for grouping in groupings]
        count += int(np.count_nonzero(np.any(seen, axis=0)))
    return count


groupings = st.lists(st.integers(0, 9), min_size=12, max_size=60)


@settings(max_examples=60)
@given(first=groupings, second=groupings, n_folds=st.integers(2, 4))
def test_no_group_is_ever_on_both_sides_and_every_item_is_asked_once(first, second, n_folds):
    size = min(len(first), len(second))
    first, second = first[:size], second[:size]
    assume(min(len(set(first)), len(set(second))) >= n_folds)
    for kinds in ((first,), (first, second)):
        folds = folds_apart(*kinds, n_folds=n_folds)
        assert leaks(folds, *kinds) == 0
        asked = np.concatenate([test for _, test in folds]) if folds else np.zeros(0)
        assert len(set(asked.tolist())) == len(asked)
        if len(kinds) == 1:
            assert sorted(asked.tolist()) == list(range(size))


def test_groups_of_equal_size_are_spread_evenly():
    groups = np.repeat(np.arange(20), 3)
    folds = folds_apart(groups, n_folds=5)
    assert [len(test) for _, test in folds] == [12] * 5


def test_labels_are_spread_over_the_folds():
    tunes = np.repeat(np.arange(12), 5)
    labels = np.repeat(["flute", "horn", "oboe"], 20)
    for _, test in folds_apart(tunes, labels=labels, n_folds=4):
        assert sorted(labels[test].tolist()) == ["flute"] * 5 + ["horn"] * 5 + ["oboe"] * 5


def test_two_groupings_hold_out_a_square():
    tunes, pitches = (np.repeat(np.arange(4), 4), np.tile(np.arange(4), 4))
    folds = folds_apart(tunes, pitches, n_folds=2)
    assert len(folds) == 4
    assert all((len(train), len(test)) == (4, 4) for train, test in folds)


def test_a_division_by_chance_leaks():
    groups = np.repeat(np.arange(10), 10)
    folds = shuffled_folds(100, 5, np.random.default_rng(0))
    assert sorted(np.concatenate([test for _, test in folds]).tolist()) == list(range(100))
    assert leaks(folds, groups) == 100


@pytest.mark.parametrize("n_folds", [1, 4])
def test_too_few_groups_are_refused(n_folds):
    with pytest.raises(ValueError, match=rf"3 groups make 2 to 3 folds, not {n_folds}"):
        folds_apart([1, 1, 2, 3], n_folds=n_folds)
    with pytest.raises(ValueError, match="at least one grouping"):
        folds_apart(n_folds=2)


def test_figures_are_scikit_learns():
    points, labels = blobs(spread=3.0)
    folds = shuffled_folds(len(labels), 5, np.random.default_rng(1))
    judged = cross_validate(points, labels, folds)
    expected = cross_val_predict(build_classifier(), points, labels, cv=folds)
    assert judged.estimated.tolist() == expected.tolist()
    assert judged.accuracy == pytest.approx(accuracy_score(labels, expected))
    np.testing.assert_array_equal(judged.confusion, confusion_matrix(labels, expected))


def test_columns_of_any_scale_count_the_same():
    points, labels = blobs()
    folds = folds_apart(np.arange(len(labels)), n_folds=5)
    scaled = cross_validate(points * [1e6, 1, 1, 1, 1e-6], labels, folds)
    assert scaled.accuracy == cross_validate(points, labels, folds).accuracy > 0.9


def test_a_leak_flatters_where_the_label_cannot_be_known():
    """Every group has one label by chance and a place of its own: nothing to learn but the group itself."""
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(40), 10)
    places = rng.normal(0, 5, (40, 4))[groups] + 0.1 * rng.standard_normal((400, 4))
    labels = np.where(rng.permutation(40) < 20, "a", "b")[groups]
    close = build_classifier(c=100.0, gamma=2.0)
    honest = cross_validate(places, labels, folds_apart(groups, n_folds=5), close)
    leaky = cross_validate(places, labels, shuffled_folds(400, 5, rng), close)
    assert leaky.accuracy > 0.97
    assert honest.accuracy < 0.65


def test_the_baseline_answers_the_most_common_class_of_what_it_has_seen():
    labels = np.array(["reel"] * 6 + ["jig"] * 4)
    folds = folds_apart(np.arange(10), n_folds=2)
    judged = majority_baseline(labels, folds)
    assert judged.accuracy == 0.6
    assert judged.recall == {"jig": 0.0, "reel": 1.0}


def test_a_fold_with_one_class_to_learn_from_answers_that():
    judged = cross_validate([[0.0], [1.0], [2.0], [3.0]], ["a", "a", "b", "b"], folds_apart([0, 0, 1, 1], n_folds=2))
    assert judged.accuracy == 0.0


def test_folds_that_leave_an_item_out_are_refused():
    folds = [(np.array([0, 1]), np.array([2]))]
    with pytest.raises(ValueError, match="must ask about each of 3 items once"):
        majority_baseline(["a", "b", "c"], folds)
    with pytest.raises(ValueError, match="must ask about each of 3 items once"):
        cross_validate(np.zeros((3, 1)), ["a", "b", "c"], [])
