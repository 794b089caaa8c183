"""Agreement of groupings does not depend on names, and agrees with mir_eval and with counting."""

from itertools import combinations

import mir_eval
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.learning.grouping import adjusted_rand, score_pairs

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
