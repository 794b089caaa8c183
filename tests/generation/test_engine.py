"""Whatever proposes the notes: how many phrases come, what they are asked for, and which of several draws is kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.encoding.events import Window, line_of_events
from musicedu.encoding.features import CONDITION_ATTRIBUTES, N_CONDITION
from musicedu.encoding.vocabulary import VALUES
from musicedu.generation import engine as room
from musicedu.generation.decoding import NextLogits, no_preference
from musicedu.generation.engine import Asked, Engine, Floats
from musicedu.grid import Grid
from musicedu.melody import Metre

FOUR, THREE = Grid(Metre(4, 4), 2), Grid(Metre(3, 4), 3, phase=24)


class Ignorant(Engine):
    """An engine that knows nothing, and remembers what it was asked."""

    name = "ignorant"

    def __init__(self) -> None:
        self.told: list[Floats] = []

    def rank(self, attribute: str, value: float) -> float:
        return float(np.tanh(value / 10))

    def draw_latents(self, conditions: Floats, rng: np.random.Generator) -> Floats:
        self.told.append(conditions)
        return np.zeros((len(conditions), 0))

    def decoder(self, z: Floats, conditions: Floats, grid: Grid) -> NextLogits:
        return no_preference


def note_density(window: Window) -> float:
    return GRID_ATTRIBUTES["note_density"](line_of_events(window.events, window.grid.weights()))


@settings(max_examples=12)
@given(st.integers(0, 7), st.integers(1, 3), st.lists(st.sampled_from([FOUR, THREE]), min_size=1, max_size=3))
def test_as_many_windows_come_as_are_asked_for_the_conditions_in_turn(n: int, n_draws: int, grids: list[Grid]) -> None:
    asked = [Asked(grid, is_minor=index == 1, begins_tune=index == 0) for index, grid in enumerate(grids)]
    windows = Ignorant().sample(n, asked, np.random.default_rng(0), n_draws=n_draws)
    assert len(windows) == n
    for index, window in enumerate(windows):
        wanted = asked[index % len(asked)]
        assert (window.grid, window.is_minor, window.begins_tune) == (wanted.grid, wanted.is_minor, wanted.begins_tune)
        assert sum(VALUES[value] for value, _ in window.events) == window.grid.n_ticks


def test_the_same_seed_gives_the_same_windows_however_many_are_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [Asked(FOUR), Asked(THREE)]
    first, again, other = (Ignorant().sample(6, asked, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first == again != other
    monkeypatch.setattr(room, "_ROWS_AT_ONCE", 2)
    assert len(Ignorant().sample(6, asked, np.random.default_rng(1), n_draws=3)) == 6


def test_of_several_draws_the_nearest_is_kept() -> None:
    many, few = ([Asked(FOUR, {"note_density": value})] for value in (6.0, 0.5))
    for n_draws, least in ((1, -0.5), (12, 1.0)):
        rich, poor = (
            np.mean([note_density(w) for w in Ignorant().sample(20, asked, np.random.default_rng(3), n_draws=n_draws)])
            for asked in (many, few)
        )
        assert rich - poor > least


def test_what_is_asked_becomes_a_condition_in_ranks() -> None:
    engine = Ignorant()
    engine.sample(1, [Asked(FOUR, {"range": 12.0}, is_minor=True)], np.random.default_rng(0), n_draws=4)
    (told,) = engine.told
    assert told.shape == (4, N_CONDITION)
    assert told[0, 0] == pytest.approx(np.tanh(1.2), abs=1e-6)
    assert not told[0, 1 : len(CONDITION_ATTRIBUTES)].any()  # not asked for: the middle


@pytest.mark.parametrize(("asked", "n_draws"), [((), 1), ((Asked(FOUR),), 0)])
def test_nothing_comes_of_nothing(asked: tuple[Asked, ...], n_draws: int) -> None:
    with pytest.raises(ValueError, match="expected conditions and draws"):
        Ignorant().sample(2, asked, np.random.default_rng(0), n_draws=n_draws)
