"""The Markov baseline: what it has seen it prefers, and under rules it obeys them like any model."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from musicedu.configs import MarkovConfig
from musicedu.encoding.events import Event, Window
from musicedu.encoding.vocabulary import FIRST_PITCH, N_TOKENS, N_VALUES, VALUE_INDEX
from musicedu.generation.decoding import Prefix, draw_phrases
from musicedu.generation.engine import Asked
from musicedu.generation.lookahead import LookAhead
from musicedu.generation.markov import MarkovEngine, MarkovModel, count_events
from musicedu.generation.rhythm import CellShape
from musicedu.generation.rules import Rules, any_move
from musicedu.grid import Grid
from musicedu.melody import Metre
from musicedu.weights import Weights
from tests.generation.examples import line_pitches, moves_within, obeys, rhythm_of

GRID = Grid(Metre(4, 4), 2)
FIGURE = (10, 12, 14, 12)


def quarters(*pitches: int) -> tuple[Event, ...]:
    return tuple((VALUE_INDEX[12], FIRST_PITCH + pitch) for pitch in pitches)


def prefix(events: tuple[Event, ...], value: int | None = None) -> Prefix:
    values, tokens = (np.array([[event[part] for event in events]], int).reshape(1, -1) for part in (0, 1))
    asked = None if value is None else np.array([value])
    return Prefix(values, tokens, np.array([12 * len(events)]), np.array([0]), asked)


@pytest.fixture(scope="module")
def chain() -> MarkovModel:
    return MarkovModel([Window(GRID, quarters(*FIGURE, *FIGURE), is_minor=False)], order=2)


def test_what_it_says_are_probabilities(chain: MarkovModel) -> None:
    for events in ((), quarters(10), quarters(10, 12), quarters(3, 4, 5)):
        for logits, n in ((chain(prefix(events)), N_VALUES), (chain(prefix(events, 0)), N_TOKENS)):
            assert logits.shape == (1, n)
            assert np.exp(logits).sum() == pytest.approx(1, abs=1e-3)


def test_it_prefers_what_has_followed_before(chain: MarkovModel) -> None:
    quarter = VALUE_INDEX[12]
    assert chain(prefix(quarters(10, 12))).argmax() == quarter
    assert chain(prefix(quarters(10, 12), quarter)).argmax() == FIRST_PITCH + 14
    assert chain(prefix(quarters(14, 12), quarter)).argmax() == FIRST_PITCH + 10
    assert chain(prefix(quarters(30, 31), quarter)).argmax() == FIRST_PITCH + 12  # unknown: what is common


def test_left_alone_it_plays_the_figure_and_under_rules_it_obeys(chain: MarkovModel) -> None:
    rhythm = rhythm_of([CellShape("quarter", ((12, False),))], GRID)
    assert rhythm is not None
    free, stepwise = Rules(GRID, rhythm, any_move()), Rules(GRID, rhythm, moves_within(1))
    played = draw_phrases(LookAhead(free), chain, 20, np.random.default_rng(0), temperature=0.4)
    seen = set(pairwise((*FIGURE, *FIGURE)))
    moves = [move for events in played for move in pairwise(line_pitches(events))]
    assert sum(move in seen for move in moves) > 0.9 * len(moves)
    ruled = draw_phrases(LookAhead(stepwise), chain, 20, np.random.default_rng(0))
    assert all(obeys(stepwise, events) for events in ruled)


def test_an_order_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="order must be at least 1, not 0"):
        MarkovModel([], order=0)
    silent = MarkovModel([], order=3)
    assert np.ptp(silent(prefix(()))) == pytest.approx(0)


def some_windows(n: int = 12) -> list[Window]:
    rng = np.random.default_rng(1)
    return [Window(GRID, quarters(*rng.integers(8, 14, 8).tolist()), is_minor=False) for _ in range(n)]


def test_shares_are_the_counts_blended_with_those_of_shorter_contexts() -> None:
    chain = MarkovModel([Window(GRID, quarters(10, 12, 10, 14), is_minor=False)], order=1)
    quarter = VALUE_INDEX[12]
    shares = np.exp(chain(prefix(quarters(10), quarter)))[0]
    plain = (np.bincount([12, 14, 16, 12], minlength=N_TOKENS) + 3 / N_TOKENS) / (4 + 3)  # 4 tokens of 3 kinds
    after_10 = (np.bincount([14, 16], minlength=N_TOKENS) + 2 * plain) / (2 + 2)
    np.testing.assert_allclose(shares, after_10, rtol=1e-9)


def test_every_lower_order_is_found_in_the_counts_of_a_higher_one() -> None:
    windows, counted = some_windows(), count_events(some_windows(), 5)
    longest = MarkovModel.of_arrays(counted, 5)
    for events in ((), quarters(10), quarters(9, 10, 11), quarters(*range(8, 14))):
        for value in (None, VALUE_INDEX[12]):
            asked = prefix(events, value)
            for order in (1, 2, 3, 5):
                np.testing.assert_array_equal(MarkovModel(windows, order)(asked), longest.by_order(asked)[order])


def test_counts_are_all_there_and_a_context_that_was_never_seen_says_what_a_shorter_one_says() -> None:
    windows = some_windows()
    counted = count_events(windows, 3)
    n_events = [sum(max(0, len(window.events) - length) for window in windows) for length in range(4)]
    assert [int(counted[f"counts_{length}"].sum()) for length in range(4)] == n_events
    chain = MarkovModel.of_arrays(counted, 3)
    new, newer = (prefix(quarters(*past, 10)) for past in ((36, 36), (35, 36)))
    np.testing.assert_array_equal(chain(new), chain(newer))


def test_many_prefixes_at_once_are_answered_like_one_at_a_time() -> None:
    chain = MarkovModel(some_windows(), 3)
    rows = [quarters(9, 10, 11), quarters(13, 12, 11), quarters(30, 31, 32)]
    values, tokens = (np.array([[event[part] for event in row] for row in rows]) for part in (0, 1))
    for value in (None, np.array([VALUE_INDEX[12]] * 3)):
        together = chain(Prefix(values, tokens, np.full(3, 36), np.zeros(3, int), value))
        for row, events in enumerate(rows):
            one = chain(prefix(events, None if value is None else VALUE_INDEX[12]))
            np.testing.assert_array_equal(together[row], one[0])


def test_as_an_engine_it_fills_measures_and_hears_no_wishes() -> None:
    tables = {"note_density": np.linspace(0, 8, 101).astype(np.float32)}
    engine = MarkovEngine(Weights(MarkovConfig(order=2), count_events(some_windows(), 2), tables, {}))
    assert engine.rank("note_density", 8.0) == pytest.approx(1, abs=0.02)
    first, other = (
        engine.sample(5, [Asked(GRID, {"note_density": density})], np.random.default_rng(4)) for density in (1.0, 6.0)
    )
    assert [window.events for window in first] == [window.events for window in other]
    assert engine.draw_latents(np.zeros((3, 16)), np.random.default_rng(0)).shape == (3, 0)
