"""The Markov baseline: what it has seen it prefers, and under rules it obeys them like any model."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from musicedu.encoding.events import Event, Window
from musicedu.encoding.vocabulary import FIRST_PITCH, N_TOKENS, N_VALUES, VALUE_INDEX
from musicedu.generation.decoding import draw_phrases
from musicedu.generation.lookahead import LookAhead
from musicedu.generation.markov import MarkovModel
from musicedu.generation.proposal import Prefix
from musicedu.generation.rhythm import Cell
from musicedu.generation.rules import Rules, any_move, moves_within
from musicedu.grid import Grid
from musicedu.melody import Metre
from tests.generation.examples import line_pitches, obeys, rhythm_of

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
    rhythm = rhythm_of([Cell("quarter", ((12, False),))], GRID)
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
