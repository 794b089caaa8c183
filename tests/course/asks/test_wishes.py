"""Each check of a specification is tried with a right answer and with the typical wrong ones."""

import pytest

from musicedu.course.asks.wishes import (
    all_different,
    at_level,
    can_be_made,
    dances,
    differs_from,
    ends_harder,
    focuses_on,
    harder_than,
    is_list_of_specifications,
    is_specification,
    lasts_at_most,
    n_specifications,
    plays,
)
from musicedu.course.checks import Unsolved, check
from musicedu.exercise.specification import Specification

FOR_ADA = (
    is_specification,
    plays("alto saxophone"),
    at_level(4),
    dances("waltz"),
    lasts_at_most(8),
    focuses_on("leaps", "thirds", "fourths"),
    can_be_made,
)
ASKED = {"level": 4, "instrument": "alto saxophone", "metre": "3/4", "measures": 8, "focus": ("leaps",)}


def for_ada(**wrong):
    return check("Task 1", Specification(**(ASKED | wrong)), *FOR_ADA)


def test_a_right_answer_passes():
    assert for_ada().passed
    assert for_ada(instrument="sax", measures=4, focus="leaps").passed


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"instrument": "violin"}, "It is for Violin; the task asks for Alto saxophone"),
        ({"level": 2, "focus": ()}, "Level 2 is too easy"),
        ({"level": 6}, "Level 6 is too hard"),
        ({"metre": None}, "The metre is left open"),
        ({"metre": "4/4"}, "4/4 is no waltz"),
        ({"measures": None}, "The number of measures is left open"),
        ({"measures": 12}, "12 measures are too many; the task allows 8."),
        ({"focus": ()}, "There is no focus"),
        ({"focus": ("rests",)}, "The focus is rests: what is to be practised may not occur"),
        ({"focus": ("leaps", "octaves")}, "It cannot be made"),
    ],
)
def test_a_wrong_wish_is_told_in_words_of_music(wrong, fault):
    verdict = for_ada(**wrong)
    assert not verdict.passed
    assert fault in repr(verdict)
    assert not any("3/4" in fault for fault in verdict.faults if "waltz" in fault)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Specification, "the word Specification alone"),
        ({"level": 4}, "This is a dictionary, not a Specification"),
        ("level 4", "This is a text, not a Specification"),
    ],
)
def test_what_is_no_specification_is_said_before_all_else(answer, fault):
    verdict = check("Task 1", answer, *FOR_ADA)
    assert len(verdict.faults) == 1
    assert fault in repr(verdict)


def test_an_untried_wish_is_waited_for():
    with pytest.raises(Unsolved, match="Task 1 is waiting for you"):
        check("Task 1", ..., *FOR_ADA)


def test_a_wish_copied_from_above_is_not_ones_own():
    wish = Specification(3)
    assert "make it your own" in repr(check("Task 3", Specification(3), differs_from(wish)))
    assert check("Task 3", Specification(3, seed=1), differs_from(wish)).passed


WEEK = (is_list_of_specifications, n_specifications(3), all_different, can_be_made, ends_harder)


def test_a_week_of_practice():
    assert check("Task 3", [Specification(2), Specification(3), Specification(4)], *WEEK).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Specification(2), "This is one Specification"),
        (7, "This is not a list of Specifications"),
        ([], "This is not a list of Specifications"),
        ([Specification(2), 3], "Number 2: This is a whole number, not a Specification"),
        ([Specification(2), Specification(4)], "The list holds 2; the task asks for 3."),
        ([Specification(2), Specification(2), Specification(4)], "Numbers 1 and 2 are the same piece"),
        ([Specification(2), Specification(1, key="B"), Specification(4)], "It cannot be made"),
        ([Specification(4), Specification(3), Specification(1)], "end harder than you began"),
        ([Specification(2), Specification(3), Specification(1, key="B")], "It cannot be made"),
    ],
)
def test_a_week_that_is_not_one_yet(answer, fault):
    assert fault in repr(check("Task 3", answer, *WEEK))


def test_harder_at_the_same_level():
    wish = Specification(3, seed=1, measures=4)
    requirement = harder_than(wish)
    assert "Keep the level and the instrument" in repr(check("Task 2", Specification(5), requirement))
    assert "not harder yet" in repr(check("Task 2", wish, requirement))
    assert "It cannot be made" in repr(check("Task 2", Specification(3, key="B"), can_be_made, requirement))
