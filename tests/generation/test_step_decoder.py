"""Laws of the step decoder: a picture that is sure is written as it is, and probabilities are those of its steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.encoding.events import Window
from musicedu.encoding.step_grid import HOLD, N_STEP_TOKENS, step_tokens
from musicedu.encoding.vocabulary import FIRST_PITCH, MIDDLE, REST, TIE, VALUE_INDEX
from musicedu.generation.decoding import Prefix, draw_phrases
from musicedu.generation.lookahead import free_ahead
from musicedu.generation.step_decoder import DECIDED, StepDecoder, decided
from musicedu.grid import Grid
from musicedu.melody import Metre

_LENGTHS = (1, 2, 3, 4, 6, 8)
_GRIDS = (Grid(Metre(4, 4), 2), Grid(Metre(3, 4), 2, 24), Grid(Metre(6, 8), 2), Grid(Metre(2, 4), 1))


@st.composite
def pictures(draw: st.DrawFn) -> tuple[Grid, list[int]]:
    """A grid and tokens for its sixteenths, in lengths that note values have."""
    grid = draw(st.sampled_from(_GRIDS))
    tokens: list[int] = []
    barlines = [step for step in range(3, grid.n_ticks, 3) if (step + grid.phase) % grid.measure_ticks == 0]
    for begin, end in zip([0, *barlines], [*barlines, grid.n_ticks], strict=True):
        left = (end - begin) // 3
        while left:
            n = draw(st.sampled_from([length for length in _LENGTHS if length <= left]))
            opens = left == (end - begin) // 3
            ends = n == left and end == grid.n_ticks  # the look-ahead ends with no tie, and
            may_hold = opens and not ends and bool(tokens) and tokens[-1] != REST
            may_rest = not tokens or tokens[-1] != REST  # writes no rest after a rest
            kinds = [FIRST_PITCH] + [HOLD] * may_hold + [REST] * may_rest
            first = draw(st.sampled_from(kinds))
            first += draw(st.integers(0, 36)) if first == FIRST_PITCH else 0
            tokens += [first, *[REST if first == REST else HOLD] * (n - 1)]
            left -= n
    return grid, tokens


def sure_of(tokens: list[int]) -> np.ndarray:
    logits = np.zeros((1, len(tokens), N_STEP_TOKENS))
    logits[0, np.arange(len(tokens)), tokens] = 30.0
    return logits


@given(pictures())
def test_a_picture_that_is_sure_is_written_as_it_is(picture: tuple[Grid, list[int]]) -> None:
    grid, tokens = picture
    decoder = StepDecoder(sure_of(tokens), grid)
    (events,) = draw_phrases(free_ahead(grid), decoder, 1, np.random.default_rng(0), temperature=0.01)
    assert step_tokens(Window(grid, events, is_minor=False)).tolist() == tokens


@given(pictures(), st.integers(0, 2**32 - 1))
def test_a_picture_that_is_decided_is_written_as_it_is_whatever_is_drawn(
    picture: tuple[Grid, list[int]], seed: int
) -> None:
    grid, tokens = picture
    rng = np.random.default_rng(seed)
    undecided = rng.normal(size=(1, len(tokens), N_STEP_TOKENS))
    decoder = StepDecoder(decided(undecided, np.array([tokens])), grid, DECIDED)
    (events,) = draw_phrases(free_ahead(grid), decoder, 1, rng, temperature=1.0)
    assert step_tokens(Window(grid, events, is_minor=False)).tolist() == tokens


def test_what_is_not_decided_keeps_its_order() -> None:
    logits = np.array([[[0.0, 3.0, 1.0, 2.0]]])
    log_p = decided(logits, np.array([[2]]))[0, 0]
    assert log_p[2] == 0.0
    assert log_p.argsort().tolist() == [0, 3, 1, 2]
    assert (np.delete(log_p, 2) < -20).all()


def prefix_at(position: int, value: int | None = None) -> Prefix:
    none = np.zeros((1, 0), int)
    asked = None if value is None else np.array([VALUE_INDEX[value]])
    return Prefix(none, none, np.array([position]), np.array([MIDDLE]), asked)


def test_a_quarter_is_a_pitch_three_holds_and_no_hold() -> None:
    grid = Grid(Metre(4, 4), 1)
    logits = np.random.default_rng(0).normal(size=(1, 16, N_STEP_TOKENS))
    shares = np.exp(logits[0]) / np.exp(logits[0]).sum(axis=-1, keepdims=True)
    pitch = FIRST_PITCH + 12
    expected = shares[4, pitch] * shares[5:8, HOLD].prod() * (1 - shares[8, HOLD])
    said = StepDecoder(logits, grid)(prefix_at(12, 12))[0, pitch]
    assert said == pytest.approx(np.log(expected), abs=1e-9)


def test_a_note_may_go_on_over_a_barline_and_only_there_a_tie_is_likely() -> None:
    grid = Grid(Metre(2, 4), 2)
    decoder = StepDecoder(np.zeros((1, 16, N_STEP_TOKENS)), grid)
    whole = decoder(prefix_at(12, 12))[0, FIRST_PITCH]  # ends at the barline: nothing has to end
    assert whole == pytest.approx(4 * np.log(1 / N_STEP_TOKENS))
    tie, elsewhere = decoder(prefix_at(24, 12))[0, TIE], decoder(prefix_at(12, 12))[0, TIE]
    assert tie > elsewhere + 10


def test_the_value_is_as_likely_as_all_that_it_may_hold() -> None:
    grid = Grid(Metre(4, 4), 1)
    decoder = StepDecoder(np.random.default_rng(1).normal(size=(1, 16, N_STEP_TOKENS)), grid)
    for value in (3, 6, 12):
        of_value = decoder(prefix_at(12))[0, VALUE_INDEX[value]]
        assert of_value == pytest.approx(np.logaddexp.reduce(decoder(prefix_at(12, value))[0]), abs=1e-6)


def test_triplets_are_unlikely_but_not_ruled_out() -> None:
    decoder = StepDecoder(np.zeros((1, 16, N_STEP_TOKENS)), Grid(Metre(4, 4), 1))
    values = decoder(prefix_at(0))[0]
    assert np.isfinite(values).all()
    assert values[VALUE_INDEX[4]] < values[VALUE_INDEX[3]] - 3


def test_a_triplet_once_begun_goes_on() -> None:
    decoder = StepDecoder(np.zeros((1, 16, N_STEP_TOKENS)), Grid(Metre(4, 4), 1))
    written = np.array([[VALUE_INDEX[4]]]), np.array([[FIRST_PITCH]])
    second = Prefix(*written, np.array([4]), np.array([MIDDLE]))
    assert decoder(second)[0].argmax() == VALUE_INDEX[4]
