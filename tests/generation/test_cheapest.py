"""The cheapest phrase against brute force: it obeys, and nothing that obeys is cheaper."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from musicedu.encoding.events import Event
from musicedu.encoding.vocabulary import FIRST_PITCH, N_PITCHES, N_VALUES, REST, TIE, VALUES
from musicedu.generation.cheapest import CheapestAhead, Costs
from musicedu.generation.rules import NOTHING_YET, Rules
from musicedu.grid import Grid
from musicedu.melody import Metre
from tests.generation.examples import all_phrases, obeys, random_rules

TINY = (Grid(Metre(2, 4), 1), Grid(Metre(2, 4), 1, 12), Grid(Metre(1, 4), 2))
LOW = (N_PITCHES - 3) // 2
PITCHES = (LOW, LOW + 1, LOW + 2)


def tiny_rules(n: int) -> Iterator[Rules]:
    rng = np.random.default_rng(5)
    found = 0
    while found < n:
        rules = random_rules(rng, grid=TINY[int(rng.integers(len(TINY)))], n_pitches=3)
        if rules is not None:
            found += 1
            yield replace(rules, entering=NOTHING_YET)


def random_costs(rng: np.random.Generator, n_steps: int) -> Costs:
    of_events = (n_steps, N_VALUES, N_PITCHES)
    moves = [rng.random((N_PITCHES + 1, N_PITCHES)) for _ in range(n_steps)]
    return Costs(rng.random(of_events), rng.random(of_events), rng.random(of_events[:2]), moves)


def price(events: Sequence[Event], costs: Costs) -> float:
    step, last, total = 0, NOTHING_YET, 0.0
    for value, token in events:
        if token == REST:
            total += costs.rests[step, value]
        elif token == TIE:
            total += costs.ties[step, value, last]
        else:
            pitch = token - FIRST_PITCH
            total += costs.notes[step, value, pitch] + costs.moves[step][last, pitch]
            last = pitch
        step += VALUES[value]
    return total


def within(pitches: Sequence[int]) -> np.ndarray:
    return np.isin(np.arange(N_PITCHES), pitches)


def stays_within(events: Sequence[Event], pitches: Sequence[int]) -> bool:
    return all(token - FIRST_PITCH in pitches for _, token in events if token >= FIRST_PITCH)


def test_no_phrase_that_obeys_is_cheaper() -> None:
    rng, n_found = np.random.default_rng(1), 0
    for rules in tiny_rules(150):
        costs = random_costs(rng, rules.grid.n_ticks)
        sets = (PITCHES[:2], PITCHES[1:])
        good = [events for events in all_phrases(rules, PITCHES) if obeys(rules, events)]
        good = [events for events in good if any(stays_within(events, one) for one in sets)]
        found = CheapestAhead(rules).cheapest(costs, np.array([within(one) for one in sets]))
        assert (found is None) == (not good)
        if found is not None:
            n_found += 1
            assert found in good
            assert price(found, costs) == pytest.approx(min(price(events, costs) for events in good))
    assert n_found > 40


def test_a_phrase_that_costs_nothing_is_found() -> None:
    for rules in tiny_rules(40):
        for wanted in [events for events in all_phrases(rules, PITCHES) if obeys(rules, events)][:3]:
            costs = random_costs(np.random.default_rng(2), rules.grid.n_ticks)
            nothing = np.zeros((N_PITCHES + 1, N_PITCHES))
            free = Costs(costs.notes + 1, costs.ties + 1, costs.rests + 1, [nothing] * rules.grid.n_ticks)
            step, last = 0, 0
            for value, token in wanted:
                last = token - FIRST_PITCH if token >= FIRST_PITCH else last
                if token == REST:
                    free.rests[step, value] = 0
                else:
                    (free.ties if token == TIE else free.notes)[step, value, last] = 0
                step += VALUES[value]
            assert CheapestAhead(rules).cheapest(free, within(PITCHES)[None]) == wanted


def test_what_cannot_be_asked() -> None:
    rules = next(tiny_rules(1))
    costs = random_costs(np.random.default_rng(3), rules.grid.n_ticks)
    assert CheapestAhead(rules).cheapest(costs, np.zeros((0, N_PITCHES), dtype=bool)) is None
    with pytest.raises(ValueError, match="no phrase has gone before"):
        CheapestAhead(replace(rules, entering=LOW)).cheapest(costs, within(PITCHES)[None])
