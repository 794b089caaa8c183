"""The checks of the lesson on chains, with right answers and the typical wrong ones; its code beside the package's."""

from collections import Counter, defaultdict
from fractions import Fraction

import numpy as np
import pytest

from musicedu.course.asks import chains
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import Unsolved, check
from musicedu.encoding.events import Window
from musicedu.encoding.vocabulary import FIRST_PITCH, N_TOKENS, N_VALUES
from musicedu.generation.decoding import Prefix
from musicedu.generation.markov import MarkovModel, count_events
from musicedu.grid import Grid
from musicedu.melody import Melody, Metre
from tests.course.test_written_out import function_of

DRAW = (is_function, chains.draws_in_proportion, chains.uses_the_generator)
LESSON = "10_a_baseline"


def drawn(counter, rng):
    return str(rng.choice(list(counter), p=np.array(list(counter.values())) / counter.total()))


def test_a_right_draw_passes():
    assert check("Task 1", drawn, *DRAW).passed
    assert check("Task 1", function_of(LESSON, "task-1", "draw"), *DRAW).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda counter, rng: counter.most_common(1)[0][0], "It gives C5:1 every time"),
        (lambda counter, rng: str(rng.choice(list(counter))), "C5:1 was counted 60 times in 100, but comes 3"),
        (
            lambda counter, rng: int(rng.integers(3)),
            "one of the words that were counted is wanted",
        ),
        (lambda counter, rng: counter.most_common(1)[0], "one of the words that were counted is wanted"),
        (lambda counter, rng: rng.choice(list(counter), p=list(counter.values())), "stops with ValueError"),
        (lambda counter, rng: drawn(counter, np.random.default_rng()), "draw with the `rng`"),
        (lambda counter, rng: None, "gives nothing back"),
        (3, "not a function but a whole number"),
    ],
)
def test_a_wrong_draw_is_told_why(answer, fault):
    verdict = check("Task 1", answer, *DRAW)
    assert not verdict.passed
    assert fault in repr(verdict)


def test_three_dots_are_a_task_untried():
    with pytest.raises(Unsolved, match="Task 2 is waiting"):
        check("Task 2", lambda probabilities: ..., is_function, chains.measures_surprise)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda p: np.exp(-np.mean(np.log(p))), None),
        (lambda p: 2 ** -np.mean(np.log2(p)), None),
        (lambda p: -np.mean(np.log(p)), "that is the surprise in nats"),
        (lambda p: np.exp(np.mean(np.log(p))), "a minus sign is missing"),
        (lambda p: 1 / np.mean(p), "take the mean of the logarithms"),
        (lambda p: np.exp(-np.sum(np.log(p))), "take the mean, not the sum"),
        (lambda p: np.exp(-np.mean(np.log2(p))), "a fair choice among 4 would surprise as much"),
        (lambda p: -np.log(p), "one number is wanted"),
        (lambda p: np.prod(p) ** np.float64(-1 / len(p)), "For 2,000 probabilities"),
    ],
)
def test_perplexity_is_told_from_its_neighbours(answer, fault):
    verdict = check("Task 2", answer, is_function, chains.measures_surprise)
    assert verdict.passed if fault is None else fault in repr(verdict)


def copied(order, temperature):
    return 0.1 * order / temperature


def likeness(order, temperature):
    return 0.9 - abs(temperature - 0.8) - 0.1 * (order == 1)


SETTINGS = (chains.is_setting, chains.copies_at_most(0.3, copied), chains.as_real_as(0.75, likeness))


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"order": 2, "temperature": 0.8}, None),
        ({"order": 2, "temperature": 1}, "Its melodies overlap with real ones by 0.70; 0.75 is asked"),
        ({"order": 8, "temperature": 0.9}, "89% of its runs of eight notes stand in a tune"),
        ({"order": 2.0, "temperature": 0.8}, "The order is a whole number from 1 to 8, not 2.0"),
        ({"order": 0, "temperature": 0.8}, "The order is a whole number from 1 to 8, not 0"),
        ({"order": 2, "temperature": 0}, "The temperature is a number from 0.1 to 3, not 0"),
        ((2, 0.8), "Write both settings by name"),
        ({"order": 2}, "Write both settings by name"),
    ],
)
def test_settings_may_neither_copy_nor_babble(answer, fault):
    verdict = check("Task 3", answer, *SETTINGS)
    assert verdict.passed if fault is None else fault in repr(verdict)


def words(n, seed, kinds=5):
    """Phrases of events as the package writes them; values and pitches both vary."""
    rng = np.random.default_rng(seed)
    pairs = rng.integers(kinds, size=(n, 9, 2)).tolist()
    return [tuple((value, FIRST_PITCH + pitch) for value, pitch in phrase) for phrase in pairs]


def counted_by_hand(tunes, order):
    count = function_of(LESSON, "count", "count")
    count.__globals__.update(defaultdict=defaultdict, Counter=Counter)
    return count(tunes, order)


def test_counting_by_hand_is_the_packages():
    tunes = words(30, 0)
    followers = counted_by_hand(tunes, 3)
    grid = Grid(Metre(4, 4), 4)
    arrays = count_events([Window(grid, tune, is_minor=False) for tune in tunes], 3)
    for order in range(4):
        by_hand = sorted(n for context, after in followers.items() if len(context) == order for n in after.values())
        assert sorted(arrays[f"counts_{order}"].tolist()) == by_hand
        if order:
            assert len(arrays[f"contexts_{order}"]) == sum(len(context) == order for context in followers)


def test_blending_by_hand_is_the_packages():
    """With one pitch throughout, a word is its length, and both ask the same question."""
    tunes = [tuple((value, FIRST_PITCH) for value, _ in tune) for tune in words(30, 1)]
    followers = counted_by_hand(tunes, 2)
    probability = function_of(LESSON, "probability", "probability")
    probability.__globals__["N_WORDS"] = N_VALUES
    chain = MarkovModel([Window(Grid(Metre(4, 4), 4), tune, is_minor=False) for tune in tunes], 2)
    for past in ((), tunes[0][:1], tunes[0][:2], tunes[3][:5], ((11, FIRST_PITCH), (11, FIRST_PITCH))):
        events = np.array(past, dtype=int).reshape(1, -1, 2)
        prefix = Prefix(events[..., 0], events[..., 1], np.zeros(1, int), np.zeros(1, int))
        shares = np.exp(chain(prefix))[0]
        by_hand = [probability(followers, past, (value, FIRST_PITCH), 2) for value in range(N_VALUES)]
        np.testing.assert_allclose(by_hand, shares, rtol=1e-9)
    assert N_TOKENS == 39  # the lesson's words stand for as many


def test_a_melody_by_hand_lasts_as_long_as_asked():
    choose, compose = (function_of(LESSON, "compose", name) for name in ("choose", "compose"))
    compose.__globals__.update(Fraction=Fraction, Melody=Melody, choose=choose)
    followers = counted_by_hand([["C4:1", "D4:1/2", "E4:1/2", "r:1", "G4:2"]], 2)
    for seed in range(20):
        melody = compose(followers, 2, np.random.default_rng(seed))
        assert melody.duration == 16
        assert {str(note.spelling) for note in melody.notes} <= {"C4", "D4", "E4", "G4"}
    cold = Counter(choose(Counter({"a": 6, "b": 4}), np.random.default_rng(seed), 0.1) for seed in range(200))
    assert cold["a"] > 190
