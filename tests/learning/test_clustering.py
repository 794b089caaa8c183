"""K-Means as it is taught does what scikit-learn's does, and what Lloyd's steps promise."""

from itertools import combinations, pairwise

import mir_eval
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from musicedu.learning.clustering import (
    adjusted_rand,
    assign,
    compare_k,
    fit_clusters,
    k_means,
    k_means_steps,
    move,
    score_pairs,
    silhouette,
    start_anywhere,
    start_apart,
)

TABLES = arrays(np.float64, st.tuples(st.integers(4, 30), st.integers(1, 3)), elements=st.integers(-9, 9).map(float))


def blobs(k=3, n=40, apart=8.0, seed=1):
    rng = np.random.default_rng(seed)
    middles = apart * np.array([[0, 0], [1, 0], [0, 1], [1, 1]])[:k]
    return np.concatenate([middle + rng.normal(size=(n - 5 * number, 2)) for number, middle in enumerate(middles)])


@settings(max_examples=60)
@given(TABLES, st.integers(1, 4), st.integers(0, 99))
def test_no_step_makes_the_inertia_larger_and_the_steps_end(points, k, seed):
    steps = list(k_means_steps(points, start_anywhere(points, k, np.random.default_rng(seed))))
    inertias = [step.inertia for step in steps]
    assert all(after <= before + 1e-9 for before, after in pairwise(inertias))
    last = steps[-1]
    assert np.array_equal(last.labels, assign(points, last.centres))
    assert np.array_equal(last.centres, move(points, last.labels, last.centres))


def test_from_the_same_centres_scikit_learn_arrives_at_the_same_clusters():
    points = blobs(4, apart=3.0)
    for seed in range(10):
        start = start_anywhere(points, 4, np.random.default_rng(seed))
        ours = list(k_means_steps(points, start))[-1]
        theirs = KMeans(4, init=start, n_init=1, tol=0, algorithm="lloyd").fit(points)
        assert np.array_equal(ours.labels, theirs.labels_)
        np.testing.assert_allclose(ours.centres, theirs.cluster_centers_, atol=1e-9)
        assert ours.inertia == pytest.approx(theirs.inertia_)


def test_taught_and_fast_find_the_same_clusters_in_the_same_order():
    points = blobs(4, apart=6.0)
    taught, fast = (fit(points, 4, np.random.default_rng(seed)) for seed, fit in enumerate((k_means, fit_clusters)))
    assert np.array_equal(taught.labels, fast.labels)
    assert taught.sizes == fast.sizes == tuple(sorted(fast.sizes, reverse=True))
    np.testing.assert_allclose(taught.centres, fast.centres, atol=1e-9)


def test_a_centre_without_points_stays_where_it_is():
    centres = np.array([[0.0], [100.0]])
    assert move([[1.0], [3.0]], [0, 0], centres).tolist() == [[2.0], [100.0]]


def test_of_two_centres_as_near_the_first_is_taken():
    assert assign([[1.0]], [[0.0], [2.0]]).tolist() == [0]


def test_starts_apart_are_better_than_starts_anywhere():
    points = blobs(4, apart=20.0)

    def mean_inertia(start):
        ends = [list(k_means_steps(points, start(points, 4, np.random.default_rng(seed))))[-1] for seed in range(40)]
        return np.mean([end.inertia for end in ends])

    assert mean_inertia(start_apart) < 0.5 * mean_inertia(start_anywhere)


def test_equal_points_can_be_a_start():
    assert start_apart(np.zeros((4, 2)), 3, np.random.default_rng(0)).shape == (3, 2)


def test_the_silhouette_by_hand_and_by_the_library():
    points = [[0.0], [1.0], [5.0], [6.0]]
    by_hand = [1 - 1 / 5.5, 1 - 1 / 4.5, 1 - 1 / 4.5, 1 - 1 / 5.5]
    assert silhouette(points, [0, 0, 1, 1]) == pytest.approx(np.mean(by_hand))
    labels = k_means(blobs(), 3, np.random.default_rng(0)).labels
    assert silhouette(blobs(), labels) == pytest.approx(silhouette_score(blobs(), labels))
    assert silhouette(points, [0, 0, 0, 0]) == 0


def test_the_silhouette_finds_three_groups_and_the_inertia_always_falls():
    found = compare_k(blobs(3), range(2, 7), np.random.default_rng(0))
    assert max(found, key=lambda quality: quality.silhouette).k == 3
    assert all(a.inertia > b.inertia for a, b in pairwise(found))


def test_typical_members_come_first():
    clusters = k_means(blobs(), 3, np.random.default_rng(0))
    members = clusters.members(blobs(), 0)
    distances = np.linalg.norm(blobs()[members] - clusters.centres[0], axis=1)
    assert (np.diff(distances) >= -1e-9).all()
    assert len(members) == clusters.sizes[0]


@pytest.mark.parametrize(("points", "k", "fault"), [([[1.0]], 2, "k must be from 1"), ([1.0, 2.0], 1, "of shape")])
def test_what_cannot_be_clustered_is_refused(points, k, fault):
    with pytest.raises(ValueError, match=fault):
        k_means(points, k, np.random.default_rng(0))


GROUPINGS = st.integers(2, 9).flatmap(lambda n: st.tuples(*[st.text("ABC", min_size=n, max_size=n)] * 2))


@given(GROUPINGS)
def test_pairs_are_counted_as_they_would_be_one_by_one(labels):
    reference, estimated = labels
    pairs = list(combinations(range(len(reference)), 2))
    wanted = {pair for pair in pairs if reference[pair[0]] == reference[pair[1]]}
    made = {pair for pair in pairs if estimated[pair[0]] == estimated[pair[1]]}
    score = score_pairs(reference, estimated)
    assert score.precision == pytest.approx(len(wanted & made) / len(made) if made else 1)
    assert score.recall == pytest.approx(len(wanted & made) / len(wanted) if wanted else 1)


@given(GROUPINGS)
def test_names_do_not_matter(labels):
    reference, estimated = labels
    renamed = estimated.translate(str.maketrans("ABC", "CAB"))
    assert score_pairs(reference, renamed) == score_pairs(reference, estimated)
    assert adjusted_rand(reference, renamed) == pytest.approx(adjusted_rand(reference, estimated))
    assert score_pairs(reference, reference).f == adjusted_rand(reference, reference) == 1


def test_mir_eval_says_the_same_of_segments_of_one_frame_each():
    reference, estimated = "AABAACBA", "AABBACBC"
    intervals = np.array([[n, n + 1] for n in range(len(reference))], dtype=float)
    precision, recall, f = mir_eval.segment.pairwise(intervals, reference, intervals, estimated, frame_size=1)
    score = score_pairs(reference, estimated)
    assert (score.precision, score.recall, score.f) == pytest.approx((precision, recall, f))


def test_different_numbers_of_things_are_refused():
    with pytest.raises(ValueError, match="4 things cannot be compared with 3"):
        score_pairs("AABA", "AAB")
