"""The checks of wishes, with right answers and the typical wrong ones."""

import numpy as np
import pytest

from musicedu.course.asks import asking
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import check
from musicedu.melody import Melody

RANK = (
    is_function,
    asking.goes_from_minus_one_to_one,
    asking.counts_values_not_units,
    asking.puts_equals_in_the_middle,
)
SPEARMAN = (is_function, asking.hears_order, asking.hears_disorder)


def right_rank(value, known):
    return np.mean(known < value) - np.mean(known > value)


def right_spearman(asked, came):
    def order(values):
        return np.argsort(np.argsort(values))

    return np.corrcoef(order(asked), order(came))[0, 1]


def beside(steps, wish):
    repeated = np.repeat(wish[:, None], steps.shape[1], axis=1)
    return np.concatenate([steps, repeated], axis=-1)


def test_right_answers_pass():
    assert check("Task", right_rank, *RANK).passed
    assert check("Task", right_spearman, *SPEARMAN).passed
    assert check("Task", beside, is_function, asking.lays_the_wish_beside_every_step).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (0.5, "not a function"),
        (lambda value, known: np.mean(known < value), "below all known ones has the rank 0.0"),
        (lambda value, known: 2 * np.mean(known < value) - 1, "Equal ones count on neither side"),
        (lambda value, known: 2 * (value - known.min()) / np.ptp(known) - 1, "below all known ones"),
        (lambda value, known: np.clip(2 * (value - 1) / 19 - 1, -1, 1), "Six of eight are below"),
        (lambda value, known: known < value, "has the rank"),
        (lambda value, known: None, "gives nothing back"),
    ],
)
def test_wrong_ranks_are_told_why(answer, fault):
    assert fault in repr(check("Task", answer, *RANK))


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda asked, came: np.corrcoef(asked, came)[0, 1], "if not in proportion"),
        (lambda asked, came: np.corrcoef(np.argsort(asked), np.argsort(came))[0, 1], "sort that once more"),
        (lambda asked, came: abs(right_spearman(asked, came)), "falls whenever"),
        (lambda asked, came: np.corrcoef(asked, came), "if not in proportion"),
    ],
)
def test_wrong_correlations_are_told_why(answer, fault):
    assert fault in repr(check("Task", answer, *SPEARMAN))


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda steps, wish: steps, "(2, 3, 4)"),
        (lambda steps, wish: np.concatenate([steps, wish]), "stops with ValueError"),
        (lambda steps, wish: beside(steps, wish[::-1]), "Some step hears another wish"),
        (lambda steps, wish: beside(steps * 0, wish), "no longer the steps"),
    ],
)
def test_wrong_wishes_beside_steps_are_told_why(answer, fault):
    assert fault in repr(check("Task", answer, is_function, asking.lays_the_wish_beside_every_step))


def phrase(text):
    return Melody.from_text(text)


CALM, MIDDLING, BUSY = phrase("C4:2 D4:2"), phrase("C4:1 D4:1 E4:2"), phrase("C5:1 D5:1 E5:1 F5:1")
PAGE = (asking.are_phrases(3), asking.grows_busier, asking.ends_highest)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ([CALM, MIDDLING], "There are 2 phrases"),
        (CALM, "not a list of phrases"),
        ([{"note_density": 1}] * 3, "not a list of phrases"),
        ([MIDDLING, CALM, BUSY], "Phrase 2 has 0.50 notes a quarter"),
        ([CALM, MIDDLING.transposed(24), BUSY], "Phrase 2 lies highest"),
        ([CALM, MIDDLING, phrase("r:4")], "Phrase 3 has no note"),
    ],
)
def test_wrong_pages_are_told_why(answer, fault):
    assert fault in repr(check("Task", answer, *PAGE))


def test_a_right_page_passes():
    assert check("Task", [CALM, MIDDLING, BUSY], *PAGE).passed
