"""Rows are an exact picture of tunes."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.corpus.table import SCHEMA, row_to_tune, tune_to_row
from musicedu.corpus.tune import SPLITS, Tune
from musicedu.melody import Melody
from tests import strategies
from tests.corpus.tables import table_of


def tune_of(melody: Melody, name: str = "airds/book1/1", **changes) -> Tune:
    tune = Tune(name, "airds", "airdsAirs/book1.abc", "1", "Glasgow", "No terms stated", False, melody, name)
    return replace(tune, **changes)


@settings(max_examples=30)
@given(strategies.melodies(), st.sampled_from(SPLITS), st.booleans(), st.integers(0, 9))
def test_a_tune_comes_back_from_the_table_as_it_was_but_for_its_dynamics(melody, split, non_commercial, n_irregular):
    tune = tune_of(melody, split=split, non_commercial=non_commercial, n_irregular=n_irregular)
    (row,) = table_of([tune]).to_pylist()
    assert row_to_tune(row) == replace(tune, melody=replace(melody, dynamics=(), hairpins=()))


def test_times_that_no_common_grid_holds_are_not_rounded():
    melody = Melody.from_text("C4:1/3 D4:1/7 E4:1/5 F4:1/64 G4:1", metre="4/4")
    row = tune_to_row(tune_of(melody))
    assert row["ticks_per_quarter"] == 3 * 5 * 7 * 64
    assert row_to_tune(row).melody == melody


def test_a_quarter_is_one_tick_where_nothing_is_shorter():
    assert tune_to_row(tune_of(Melody.from_text("C4:1 D4:2")))["ticks_per_quarter"] == 1
    assert row_to_tune(tune_to_row(tune_of(Melody.from_text("C4 D4")))).melody.duration == Fraction(2)


def test_every_row_has_every_column():
    assert list(tune_to_row(tune_of(Melody.from_text("C4:1")))) == SCHEMA.names
