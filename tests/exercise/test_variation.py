"""Variations keep what they can of a wish, and always can be made."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.errors import Unsatisfiable
from musicedu.exercise.resolve import resolve
from musicedu.exercise.specification import Specification
from musicedu.exercise.variation import easier, next_piece, with_more_leaps
from musicedu.exercise.wishable import TOPICS
from musicedu.syllabus.instruments import instruments

WISHES = st.builds(
    Specification,
    level=st.integers(1, 10),
    instrument=st.sampled_from(sorted(instruments())),
    metre=st.sampled_from([None, "4/4", "3/4", "6/8", "5/4"]),
    key=st.sampled_from([None, "G", "A minor", "Eb"]),
    measures=st.sampled_from([None, 4, 8, 16]),
    focus=st.sampled_from([(), ("leaps",), ("ties",), ("sixths", "rests")]),
    seed=st.integers(0, 50),
)


@settings(max_examples=60)
@given(WISHES)
def test_an_easier_wish_is_a_level_lower_and_can_be_made(wish):
    if wish.level == 1:
        with pytest.raises(Unsatisfiable, match="level 1 is the easiest there is"):
            easier(wish)
        return
    lower = easier(wish)
    resolve(lower)
    assert (lower.level, lower.instrument, lower.seed) == (wish.level - 1, wish.instrument, wish.seed)


def test_an_easier_wish_keeps_what_the_lower_level_has():
    lower = easier(Specification(4, "violin", key="G", metre="3/4", measures=4, focus=("ties",), seed=3))
    assert lower == Specification(3, "violin", key="G", metre="3/4", measures=4, seed=3)


@settings(max_examples=60)
@given(WISHES)
def test_more_leaps_can_be_asked_for_until_the_level_has_no_wider_ones(wish):
    for _ in range(len(TOPICS)):
        try:
            wider = with_more_leaps(wish)
        except Unsatisfiable:
            break
        resolve(wider)
        assert wider.focus != wish.focus
        assert set(wish.focus) & {"rests"} <= set(wider.focus)
        wish = wider
    with pytest.raises(Unsatisfiable, match="has no wider leaps"):
        with_more_leaps(wish)


def test_the_next_piece_differs_in_its_seed_alone():
    wish = Specification(5, "flute", seed=7)
    assert next_piece(wish) == Specification(5, "flute", seed=8)
