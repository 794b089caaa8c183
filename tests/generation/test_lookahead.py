"""Look-ahead against brute force: what it allows is what can be finished, and whether anything can is known at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from musicedu.encoding.events import Event
from musicedu.encoding.vocabulary import FIRST_PITCH, N_PITCHES, N_TOKENS, N_VALUES, REST, TIE, VALUE_INDEX
from musicedu.generation.lookahead import LookAhead
from musicedu.generation.rhythm import CellShape
from musicedu.generation.rules import NOTHING_YET, Cadence, Counter, Rules, any_move, moves_to
from musicedu.grid import Grid
from musicedu.melody import Metre
from tests.generation.examples import all_phrases, moves_within, obeys, random_rules, rhythm_of

TINY = (Grid(Metre(2, 4), 1), Grid(Metre(2, 4), 1, 12), Grid(Metre(1, 4), 2))
LOW = (N_PITCHES - 3) // 2
PITCHES = (LOW, LOW + 1, LOW + 2)


def tiny_rules() -> Iterator[Rules]:
    rng = np.random.default_rng(7)
    found = 0
    while found < 100:
        rules = random_rules(rng, grid=TINY[int(rng.integers(len(TINY)))], n_pitches=3)
        if rules is not None:
            found += 1
            yield rules


def test_a_phrase_is_accepted_if_and_only_if_it_obeys() -> None:
    n_satisfiable = 0
    for rules in tiny_rules():
        ahead = LookAhead(rules)
        good = [events for events in all_phrases(rules, PITCHES) if obeys(rules, events)]
        assert ahead.is_satisfiable == bool(good)
        assert [events for events in all_phrases(rules, PITCHES) if ahead.accepts(events)] == good
        n_satisfiable += bool(good)
    assert 25 < n_satisfiable < 90  # the rules drawn are neither all easy nor all impossible


def test_an_event_is_allowed_if_and_only_if_the_phrase_can_still_be_finished() -> None:
    for rules in tiny_rules():
        ahead = LookAhead(rules)
        begun = {events[:n] for events in all_phrases(rules, PITCHES) if obeys(rules, events) for n in range(9)}
        for prefix in sorted(begun, key=len)[:40]:
            place = ahead.start
            for event in prefix:
                after = ahead.after(place, event)
                assert after is not None
                place = after
            following = {events[-1] for events in begun if events and events[:-1] == prefix}
            assert allowed_events(ahead, place) == following


def allowed_events(ahead: LookAhead, place: object) -> set[Event]:
    if ahead.is_finished(place):  # type: ignore[arg-type]
        return set()
    values = ahead.allowed_values(place)  # type: ignore[arg-type]
    allowed = set()
    for value in range(N_VALUES):
        tokens = ahead.allowed_tokens(place, value)  # type: ignore[arg-type]
        assert tokens.shape == (N_TOKENS,)
        assert tokens.any() == values[value]
        allowed |= {(value, int(token)) for token in np.flatnonzero(tokens)}
    return allowed


def simple(**changes: object) -> Rules:
    grid = Grid(Metre(3, 4), 2)
    rhythm = rhythm_of([CellShape("quarter", ((12, True),)), CellShape("half", ((24, False),))], grid, ties=True)
    assert rhythm is not None
    return replace(Rules(grid, rhythm, moves_within(2)), **changes)  # type: ignore[arg-type]


def quarters(*tokens: int) -> list[Event]:
    return [(VALUE_INDEX[12], token) for token in tokens]


C, D, G = FIRST_PITCH, FIRST_PITCH + 2, FIRST_PITCH + 7


@pytest.mark.parametrize(
    ("changes", "tokens", "accepted"),
    [
        ({}, (C, D, C, D, C, D), True),
        ({}, (C, D, C, D, C), False),
        ({}, (C, G, C, D, C, D), False),
        ({}, (C, D, C, TIE, C, D), True),
        ({}, (C, TIE, C, D, C, D), False),
        ({}, (C, REST, C, REST, C, D), True),
        ({}, (C, REST, REST, C, D, C), False),
        ({}, (C, D, REST, TIE, C, D), False),
        ({}, (REST, D, C, D, C, D), True),
        ({"may_begin_with_rest": False}, (REST, D, C, D, C, D), False),
        ({}, (C, D, C, D, C, REST), False),
        ({"may_end_with_rest": True}, (C, D, C, D, C, REST), True),
        ({"entering": 0}, (D, C, D, C, D, C), True),
        ({"entering": 9}, (D, C, D, C, D, C), False),
        ({"cadence": Cadence(moves_to(np.arange(N_PITCHES) == 0))}, (C, D, C, D, D, C), True),
        ({"cadence": Cadence(moves_to(np.arange(N_PITCHES) == 0))}, (C, D, C, D, C, D), False),
        ({"cadence": Cadence(any_move(), lambda step, value: value > 12)}, (C, D, C, D, C, D), False),
        ({"counters": (Counter("rests", 1, 1, sounds=frozenset()),)}, (C, D, C, D, C, D), False),
        ({"short": 12, "short_moves": moves_within(0)}, (C, C, C, C, C, C), True),
        ({"short": 12, "short_moves": moves_within(0)}, (C, D, C, C, C, C), False),
        ({"landing": frozenset({12}), "landing_moves": moves_within(0)}, (C, D, C, C, C, C), True),
        ({"landing": frozenset({24}), "landing_moves": moves_within(0)}, (C, D, C, C, C, C), False),
        ({"landing": frozenset({24}), "landing_moves": moves_within(0)}, (C, C, C, C, C, C), True),
    ],
)
def test_one_rule_at_a_time(changes: dict[str, object], tokens: tuple[int, ...], accepted: bool) -> None:
    assert LookAhead(simple(**changes)).accepts(quarters(*tokens)) == accepted


def test_the_same_rules_may_be_entered_from_another_pitch() -> None:
    ahead = LookAhead(simple())
    for pitch in (0, 20, NOTHING_YET):
        entered, anew = ahead.entered_from(pitch), LookAhead(simple(entering=pitch))
        assert entered.start == anew.start
        for events in (quarters(C, D, C, D, C, D), quarters(D, C, D, C, D, C), quarters(*[FIRST_PITCH + 20] * 6)):
            assert entered.accepts(events) == anew.accepts(events)
    assert ahead.start.last == NOTHING_YET


def test_a_counter_counts_no_further_than_it_matters() -> None:
    at_least, between = Counter("a", at_least=2), Counter("b", 1, 3)
    assert (at_least.n_states, between.n_states) == (3, 4)
    assert [at_least.after(2, n) for n in (0, 1, 5)] == [2, 2, 2]
    assert [between.after(2, n) for n in (0, 1, 2)] == [2, 3, None]


def test_masks_say_which_moves_are_allowed() -> None:
    near = moves_within(3)
    assert near.shape == any_move().shape == (N_PITCHES + 1, N_PITCHES)
    assert near[10, 13]
    assert near[10, 7]
    assert not near[10, 14]
    assert near[NOTHING_YET].all()
    only = moves_to(np.arange(N_PITCHES) == 4)
    assert only[:, 4].all()
    assert only.sum() == N_PITCHES + 1
