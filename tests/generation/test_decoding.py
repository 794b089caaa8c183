"""Drawing phrases: no dead end, no rejected sample, and the model's opinion kept where the rules are silent."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from musicedu.encoding.events import Event
from musicedu.encoding.vocabulary import FIRST_PITCH, N_PITCHES, N_TOKENS, N_VALUES, TIE, VALUE_INDEX, VALUES
from musicedu.errors import Unsatisfiable
from musicedu.generation.decoding import Logits, NextLogits, Prefix, draw_phrases, no_preference
from musicedu.generation.lookahead import LookAhead
from musicedu.generation.rhythm import CellShape, Sound
from musicedu.generation.rules import Counter, Rules, any_move, moves_to
from musicedu.grid import Grid
from musicedu.melody import Metre
from tests.generation.examples import CELLS, line_pitches, moves_within, obeys, random_rules, rhythm_of, stubborn


@pytest.mark.parametrize("block", range(4))
def test_random_rules_never_lead_into_a_dead_end(block: int) -> None:
    rng = np.random.default_rng([3, block])
    n_met = n_refused = 0
    while n_met < 12:
        rules = random_rules(rng, n_pitches=12)
        ahead = None if rules is None else LookAhead(rules)
        model = stubborn(n_met) if n_met % 2 else no_preference
        if rules is None or ahead is None:
            continue
        if not ahead.is_satisfiable:
            n_refused += 1
            with pytest.raises(Unsatisfiable, match="no phrase obeys these rules"):
                draw_phrases(ahead, model, 1, rng)
            continue
        phrases = draw_phrases(ahead, model, 6, rng, temperature=0.8)
        assert len(phrases) == 6
        assert all(obeys(rules, events) for events in phrases)
        assert all(ahead.accepts(events) for events in phrases)
        n_met += 1
    assert n_refused


def measures_of(n_measures: int = 2, **changes: object) -> Rules:
    grid = Grid(Metre(4, 4), n_measures)
    rhythm = rhythm_of(CELLS[:4], grid, ties=True)
    assert rhythm is not None
    return Rules(grid, rhythm, **({"moves": moves_within(4)} | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("model", [no_preference, stubborn(5)], ids=["no preference", "stubborn"])
def test_counted_events_come_as_often_as_they_must_and_may(model: NextLogits) -> None:
    leaps = ~moves_within(2)
    counters = (
        Counter("leaps", 2, 3, moves=leaps),
        Counter("rests", 1, sounds=frozenset({Sound.REST})),
        Counter("eighths", 0, 1, cells=frozenset({"eighths"})),
    )
    rules = measures_of(counters=counters)
    for events in draw_phrases(LookAhead(rules), model, 40, np.random.default_rng(1)):
        pitches = line_pitches(events)
        assert 2 <= sum(abs(b - a) > 2 for a, b in pairwise(pitches)) <= 3
        assert any(token == 0 for _, token in events)
        assert obeys(rules, events)


def test_the_same_rng_draws_the_same_phrases() -> None:
    ahead = LookAhead(measures_of())
    first, again, other = (draw_phrases(ahead, stubborn(2), 8, np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert first == again
    assert first != other
    assert len(set(first)) > 1


def test_what_was_asked_before_does_not_matter() -> None:
    fresh, used = LookAhead(measures_of()), LookAhead(measures_of())
    draw_phrases(used, no_preference, 5, np.random.default_rng(9))
    drawn = [draw_phrases(ahead, no_preference, 5, np.random.default_rng(4)) for ahead in (fresh, used)]
    assert drawn[0] == drawn[1]


BEGUN: tuple[Event, ...] = tuple((VALUE_INDEX[v], FIRST_PITCH + p) for v, p in ((12, 10), (12, 12), (24, 9)))


def test_a_beginning_is_kept() -> None:
    phrases = draw_phrases(LookAhead(measures_of()), no_preference, 12, np.random.default_rng(0), begun=BEGUN)
    assert {events[:3] for events in phrases} == {BEGUN}
    assert len(set(phrases)) > 6


def test_a_beginning_that_the_rules_forbid_is_refused() -> None:
    ahead = LookAhead(measures_of(moves=moves_within(1)))
    with pytest.raises(ValueError, match="the phrase was begun in a way that the rules forbid"):
        draw_phrases(ahead, no_preference, 2, np.random.default_rng(0), begun=BEGUN)


def test_where_the_rules_are_silent_the_model_decides() -> None:
    grid = Grid(Metre(1, 4), 1)
    rhythm = rhythm_of([CellShape("quarter", ((12, False),))], grid)
    assert rhythm is not None
    two = np.isin(np.arange(N_PITCHES), (3, 5))
    ahead = LookAhead(Rules(grid, rhythm, moves_to(two)))

    def three_to_one(prefix: Prefix) -> Logits:
        logits = no_preference(prefix)
        if prefix.value is not None:
            logits[:, FIRST_PITCH + 3] = np.log(3)
            logits[:, FIRST_PITCH + 4] = 50  # what the rules forbid has no say
        return logits

    drawn = [line_pitches(events)[0] for events in draw_phrases(ahead, three_to_one, 4000, np.random.default_rng(1))]
    assert set(drawn) == {3, 5}
    assert drawn.count(3) / len(drawn) == pytest.approx(0.75, abs=0.02)
    cooler = draw_phrases(ahead, three_to_one, 4000, np.random.default_rng(1), temperature=0.5)
    assert [line_pitches(events)[0] for events in cooler].count(3) / 4000 == pytest.approx(0.9, abs=0.02)


def test_a_model_is_asked_with_what_has_been_drawn() -> None:
    ahead = LookAhead(measures_of())
    asked: list[Prefix] = []

    def listening(prefix: Prefix) -> Logits:
        asked.append(prefix)
        return no_preference(prefix)

    phrases = draw_phrases(ahead, listening, 3, np.random.default_rng(2))
    values, tokens = asked[0::2], asked[1::2]
    assert [prefix.values.shape[1] for prefix in values] == list(range(len(values)))
    assert all(prefix.value is None for prefix in values)
    assert all(prefix.value is not None for prefix in tokens)
    shortest = min(len(events) for events in phrases)
    for row, events in enumerate(phrases):
        for step in range(shortest):
            before = events[:step]
            assert values[step].values[row].tolist() == [value for value, _ in before]
            assert values[step].tokens[row].tolist() == [token for _, token in before]
            assert values[step].positions[row] == sum(VALUES[value] for value, _ in before)
            assert tokens[step].value is not None
            assert tokens[step].value[row] == events[step][0]


def test_no_preference_is_none() -> None:
    rows = np.zeros(3, int)
    prefix = Prefix(rows[:, None], rows[:, None], rows, rows)
    assert no_preference(prefix).shape == (3, N_VALUES)
    assert no_preference(Prefix(rows[:, None], rows[:, None], rows, rows, rows)).shape == (3, N_TOKENS)
    assert not no_preference(prefix).any()


def test_ties_join_notes_and_have_no_pitch_of_their_own() -> None:
    assert line_pitches([(3, FIRST_PITCH + 4), (3, TIE), (3, 0), (3, FIRST_PITCH)]) == [4, 0]
    assert any_move().all()
