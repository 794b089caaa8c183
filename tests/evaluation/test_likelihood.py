"""Nats and perplexity: what a model pays for real music, and how far a chain should look back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from musicedu.configs import MarkovConfig
from musicedu.encoding.events import Window
from musicedu.encoding.vocabulary import FIRST_PITCH, MIDDLE, N_TOKENS, N_VALUES, REST, VALUE_INDEX
from musicedu.evaluation.likelihood import event_nats, train_chain
from musicedu.generation.decoding import Logits, Prefix, no_preference
from musicedu.generation.markov import MarkovEngine, MarkovModel, count_events
from musicedu.grid import Grid
from musicedu.melody import Metre
from musicedu.weights import load_weights, render_weights

GRID = Grid(Metre(4, 4), 2)
QUARTER = VALUE_INDEX[12]


def window(*pitches: int) -> Window:
    return Window(GRID, tuple((QUARTER, FIRST_PITCH + pitch) for pitch in pitches), is_minor=False)


def figures(n: int, seed: int) -> list[Window]:
    """Phrases in which three pitches follow from the two before, so that order 2 knows all there is to know."""
    rng, windows = np.random.default_rng(seed), []
    for _ in range(n):
        line = rng.integers(0, 3, 2).tolist()
        while len(line) < 8:
            line.append((line[-1] + line[-2] + (rng.random() < 0.1)) % 3)
        windows.append(window(*line))
    return windows


def test_whoever_knows_nothing_pays_for_every_choice_there_is() -> None:
    nats = event_nats(no_preference, figures(5, 0))
    assert nats.value == pytest.approx(np.log(N_VALUES))
    assert nats.token == pytest.approx(np.log(N_TOKENS))
    assert nats.perplexity == pytest.approx(N_VALUES * N_TOKENS)
    assert nats.n_events == 40


def test_logits_need_no_norm_and_several_models_are_asked_at_once() -> None:
    windows = figures(30, 1)
    chain = MarkovModel(windows, 2)
    one, shifted = event_nats(chain, windows), event_nats(lambda prefix: chain(prefix) + 7, windows)
    assert shifted.total == pytest.approx(float(one.total))
    every = event_nats(chain.by_order, windows)
    assert every.total.shape == (3,)
    assert every.total[2] == pytest.approx(float(one.total))
    assert every.total[0] > every.total[1] > every.total[2]


def test_before_every_event_the_model_is_told_all_that_came_and_where_it_stands() -> None:
    told: list[Prefix] = []

    def listening(prefix: Prefix) -> Logits:
        told.append(prefix)
        return no_preference(prefix)

    phrase = Window(GRID, ((QUARTER, FIRST_PITCH + 5), (QUARTER, REST), (QUARTER, FIRST_PITCH + 9)), is_minor=False)
    event_nats(listening, [phrase])
    values = told[::2]
    assert [prefix.values.shape[1] for prefix in values] == [0, 1, 2]
    assert [int(prefix.positions[0]) for prefix in values] == [0, 12, 24]
    assert [int(prefix.last[0]) for prefix in values] == [MIDDLE, 5, 5]
    assert all(prefix.value is None for prefix in values)
    assert [int(prefix.value[0]) for prefix in told[1::2] if prefix.value is not None] == [QUARTER] * 3


def test_windows_may_differ_in_length_and_come_in_any_order() -> None:
    windows = [window(1, 2, 3, 4), window(5), window(3, 3, 3, 3, 3, 3, 3, 3)]
    chain = MarkovModel(windows, 2)
    assert event_nats(chain, windows).total == pytest.approx(float(event_nats(chain, windows[::-1]).total))
    with pytest.raises(ValueError, match="a likelihood needs events"):
        event_nats(chain, [])


def test_the_order_that_foretells_held_out_tunes_best_is_kept(tmp_path: Path) -> None:
    tables = {"range": np.linspace(0, 24, 101).astype(np.float32)}
    weights, rows = train_chain(MarkovConfig(seed=3), figures(200, 1), figures(50, 2), tables, highest=5)
    assert [row.order for row in rows] == [1, 2, 3, 4, 5]
    best = min(rows, key=lambda row: row.nats).order
    assert weights.config == MarkovConfig(order=best, seed=3)
    assert best in (2, 3)  # two events say all there is to know
    assert rows[1].nats < rows[0].nats
    assert rows[1].perplexity == pytest.approx(np.exp(rows[1].nats), rel=1e-2)
    assert {int(name.rpartition("_")[2]) for name in weights.arrays} == set(range(best + 1))
    path = tmp_path / "markov.npz"
    path.write_bytes(render_weights(weights))
    again = load_weights(path)
    assert again.config == weights.config
    assert again.training["orders"][1]["nats"] == rows[1].nats
    chain = MarkovModel.of_arrays(count_events(figures(200, 1), best), best)
    z = np.zeros((1, 0))
    assert event_nats(MarkovEngine(again).decoder(z, z, GRID), figures(9, 3)).total == pytest.approx(
        float(event_nats(chain, figures(9, 3)).total)
    )
