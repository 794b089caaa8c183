"""The checks about classifiers, each with a right answer and the typical wrong ones."""

import zlib

import numpy as np
import pytest

from musicedu.course.asks.classifying import finds_the_balance, helps, ignores_the_metre, keeps_apart, measures_every
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import Unsolved, check
from musicedu.learning.classify import folds_apart
from musicedu.melody import Melody

TUNES = [
    Melody.from_text(text, metre=metre, title=f"tune {number}")
    for number, (text, metre) in enumerate(
        [("C4:1 D4:1 E4:2", "4/4"), ("C4:1/2 D4:1/2 E4:1 G4:2", "4/4"), ("C4:3", "3/4"), ("C4:1 G4:2", "3/4")] * 5
    )
]


def brightness(answer):
    return repr(check("Task 1", answer, is_function, finds_the_balance))


def test_brightness_right():
    assert brightness(lambda m, f: np.sum(m * f) / np.sum(m)) == "Task 1: right."
    assert brightness(lambda m, f: np.average(f, weights=m)) == "Task 1: right."


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (440.0, "not a function"),
        (lambda m, f: np.mean(m), "as on the edge of a knife"),
        (lambda m, f: np.sum(f) / 2, "as on the edge of a knife"),
        (lambda m, f: np.sum(m * f), "divide by the sum of the magnitudes"),
        (lambda m, f: np.mean(m * f), "divide by the sum of the magnitudes"),
        (lambda m, f: f[np.argmax(m)], "That is the strongest frequency"),
        (lambda m, f: np.median(f), "The magnitudes do not count yet"),
        (lambda m, f: m * f, "gives 5 numbers; it must give one number"),
        (lambda m, f: "bright", "gives a text; it must give one number"),
        (lambda m, f: np.float64("nan"), "something is divided by nothing"),
        (lambda m: 1.0, "stops with TypeError"),
    ],
)
def test_brightness_wrong(answer, fault):
    assert fault in brightness(answer)


def holding_out(answer):
    return repr(check("Task 2", answer, is_function, keeps_apart))


def test_holding_out_right():
    def truths(groups, held_out):
        asked = np.isin(groups, held_out)
        return ~asked, asked

    def numbers(groups, held_out):
        rows = range(len(groups))
        return [i for i in rows if groups[i] not in held_out], [i for i in rows if groups[i] in held_out]

    assert holding_out(truths) == holding_out(numbers) == "Task 2: right."


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda g, h: (np.isin(g, h), ~np.isin(g, h)), "the wrong way round"),
        (lambda g, h: (np.arange(4), np.arange(4, 6)), "'jig 1' is on both sides"),
        (lambda g, h: (np.arange(6), np.flatnonzero(np.isin(g, h))), "is on both sides"),
        (lambda g, h: ([0, 2], [1, 5]), "2 of 6 rows are on neither side"),
        (lambda g, h: np.isin(g, h), "Give two things back"),
        (lambda g, h: (g[~np.isin(g, h)], g[np.isin(g, h)]), "must be a list of row numbers"),
        (lambda g, h: ([0, 7], [1]), "must be a list of row numbers"),
        (lambda g, h: (np.array([True, False]), [1]), "must be a list of row numbers"),
        (lambda g, h: None, "gives nothing back"),
    ],
)
def test_holding_out_wrong(answer, fault):
    assert fault in holding_out(answer)


def feature(answer, gain=0.2):
    labels = np.array(["slow" if len(tune.notes) < 3 else "fast" for tune in TUNES])
    table = np.random.default_rng(0).standard_normal((len(TUNES), 2))
    folds = folds_apart(np.arange(len(TUNES)), labels=labels, n_folds=4)
    asked = [is_function, measures_every(TUNES[:4]), helps(table, labels, TUNES, folds, gain=gain)]
    return repr(check("Task 3", answer, *asked, ignores_the_metre(TUNES)))


def test_a_feature_that_helps():
    assert feature(lambda melody: len(melody.notes)) == "Task 3: right."


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda melody: 1, "It is 1 for every tune"),
        (lambda melody: melody, "gives a Melody; it must give one number. That was 'tune 0'."),
        (lambda melody: melody.notes[9].pitch, "stops with IndexError"),
        (lambda melody: len(melody.notes) / (melody.title != "tune 9"), "stops with ZeroDivisionError"),
        (lambda melody: float(melody.metre.numerator), "says no more than the metre does"),
        (lambda melody: zlib.crc32(melody.title.encode()) % 7, "with your feature the accuracy"),
    ],
)
def test_a_feature_that_does_not(answer, fault):
    assert fault in feature(answer).replace("With your", "with your")


@pytest.mark.parametrize("ask", [brightness, holding_out, feature])
def test_three_dots_are_untried(ask):
    with pytest.raises(Unsolved, match=r"Task \d is waiting for you"):
        ask(lambda *arguments: ...)
