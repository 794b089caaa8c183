"""The checks about scores as data, each with a right answer and the typical wrong ones."""

import zlib

import numpy as np
import pytest

from musicedu.course.asks.datasets import draws_the_roll, free_for_sale, is_list_of_rows, splits_families
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import Unsolved, check
from musicedu.encoding.piano_roll import onset_roll, piano_roll

FAMILIES = [f"airds/book{number % 6}/{number}" for number in range(600)]
ROWS = [{"title": f"tune {n}", "licence": "not for sale", "non_commercial": n % 3 == 0} for n in range(9)]


def rolling(answer):
    return repr(check("Task 1", answer, is_function, draws_the_roll))


def by_hand(pitch_shift=0, step_shift=0, dtype=bool):
    def roll(melody, steps):
        table = np.zeros((128, int(melody.duration * steps)), dtype=dtype)
        for note in melody.notes:
            first, last = int(note.onset * steps) + step_shift, int(note.offset * steps) + step_shift
            table[note.pitch + pitch_shift, first:last] = 1
        return table

    return roll


@pytest.mark.parametrize("answer", [piano_roll, by_hand(), by_hand(dtype=int), by_hand(dtype=float)])
def test_a_right_roll(answer):
    assert rolling(answer) == "Task 1: right."


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (np.zeros((128, 8)), "not a function"),
        (lambda melody, steps: piano_roll(melody, steps).T, "rows and columns are exchanged"),
        (lambda melody, steps: piano_roll(melody, steps).tolist(), "gives a list, not an array"),
        (lambda melody, steps: piano_roll(melody, 1), "128 rows and 4 columns; there are 128 pitches and 8 steps"),
        (lambda melody, steps: np.zeros_like(piano_roll(melody, steps)), "nothing sounds yet"),
        (onset_roll, "every note sounds for one step only"),
        (by_hand(pitch_shift=1), "pitches [61, 63, 65] sound; it should be [60, 62, 64]"),
        (by_hand(step_shift=1), "pitch 60 is silent in step 0 (steps count from 0), and should not"),
        (lambda melody: melody, "stops with TypeError"),
        (lambda melody, steps: None, "gives nothing back"),
    ],
)
def test_a_wrong_roll(answer, fault):
    assert fault in rolling(answer)


def selling(answer):
    return repr(check("Task 2", answer, is_list_of_rows, free_for_sale(ROWS)))


def test_a_right_selection():
    assert selling([row for row in ROWS if not row["non_commercial"]]) == "Task 2: right."


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (6, "This is not a list of rows"),
        (["tune 1"], "This is not a list of rows"),
        ([], "lets no row through"),
        (ROWS, "3 tunes in your list may not be sold, such as 'tune 0': not for sale"),
        ([row for row in ROWS if row["non_commercial"]], "3 tunes in your list may not be sold"),
        (ROWS[1:2], "5 tunes are left out"),
    ],
)
def test_a_wrong_selection(answer, fault):
    assert fault in selling(answer)


def splitting(answer):
    return repr(check("Task 3", answer, is_function, splits_families(FAMILIES)))


def test_a_right_split():
    assert splitting(lambda family: "test" if zlib.crc32(family.encode()) % 10 == 0 else "train") == "Task 3: right."


def test_a_split_by_chance_or_by_pythons_hash_is_refused():
    rng = np.random.default_rng(0)
    assert "changes its mind" in splitting(lambda family: "test" if rng.random() < 0.1 else "train")
    assert "each time Python starts" in splitting(lambda family: "test" if hash(family) % 10 == 0 else "train")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda family: "train", "0 % of the families are in the test set"),
        (lambda family: "test" if len(family) % 2 else "train", "% of the families are in the test set"),
        (lambda family: zlib.crc32(family.encode()) % 10, "it must be 'train' or 'test'"),
        (lambda family: zlib.crc32(family), "stops with TypeError"),
        ("train", "not a function"),
    ],
)
def test_a_wrong_split(answer, fault):
    assert fault in splitting(answer)


@pytest.mark.parametrize("ask", [rolling, splitting])
def test_three_dots_are_untried(ask):
    with pytest.raises(Unsolved, match=r"Task \d is waiting for you"):
        ask(lambda *arguments: ...)
    with pytest.raises(Unsolved, match="Task 2 is waiting for you"):
        selling(...)
