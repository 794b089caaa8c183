"""Windows packed as arrays: what a network sees is what the tunes say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from musicedu.attributes.catalogue import measure
from musicedu.encoding.events import Window, window_melody
from musicedu.encoding.features import CONDITION_ATTRIBUTES, N_CONDITION, N_PLACE, place_features
from musicedu.encoding.vocabulary import FIRST_PITCH, MIDDLE, VALUES
from musicedu.melody import Melody
from musicedu.training.dataset import (
    Dataset,
    Packed,
    batches,
    build_dataset,
    last_pitches,
    pack,
    quantile_tables,
    ranks_of,
    window_attributes,
)
from tests.training.tunes import TUNES

MAX_EVENTS = 48


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return build_dataset(TUNES, max_events=MAX_EVENTS, rng=np.random.default_rng(0))


@pytest.fixture(scope="module")
def packed(dataset: Dataset) -> Packed:
    return pack(dataset, quantile_tables(dataset.values), MAX_EVENTS)


def test_a_tune_gives_windows_as_it_stands_and_in_longer_notes(dataset: Dataset) -> None:
    metres = {str(window.grid.metre) for window in dataset.windows}
    assert {"4/4", "3/4", "6/8"} <= metres
    assert {window.grid.n_measures for window in dataset.windows} == {2, 3, 4}
    assert all(len(window.events) <= MAX_EVENTS for window in dataset.windows)
    assert any(window.is_minor for window in dataset.windows)
    assert len(dataset) == len(dataset.values) > 100


def test_the_same_rng_gives_the_same_windows(dataset: Dataset) -> None:
    again = build_dataset(TUNES, max_events=MAX_EVENTS, rng=np.random.default_rng(0))
    assert again.windows == dataset.windows


def test_windows_too_long_or_too_empty_are_left_out() -> None:
    short = build_dataset(TUNES, max_events=10, rng=np.random.default_rng(0))
    assert all(len(window.events) <= 10 for window in short.windows)
    silent = [Melody.from_text("C4:1 r:31"), Melody.from_text("r:32")]
    assert len(build_dataset(silent, max_events=MAX_EVENTS, rng=np.random.default_rng(0))) == 0


def test_no_tunes_make_an_empty_dataset() -> None:
    empty = build_dataset([], max_events=MAX_EVENTS, rng=np.random.default_rng(0))
    assert len(empty) == 0
    assert empty.values.shape == (0, len(CONDITION_ATTRIBUTES))


def test_attributes_are_those_of_the_catalogue(dataset: Dataset) -> None:
    for window, values in list(zip(dataset.windows, dataset.values, strict=True))[::9]:
        if window.grid.phase == 0:
            expected = measure(window_melody(window), CONDITION_ATTRIBUTES)
            assert values.tolist() == pytest.approx(list(expected.values()), rel=1e-5)
        assert window_attributes(window) == pytest.approx(values.tolist(), rel=1e-5)


def test_ranks_lie_between_minus_one_and_one_in_order(dataset: Dataset) -> None:
    tables = quantile_tables(dataset.values)
    ranks = ranks_of(dataset.values, tables)
    assert ranks.shape == dataset.values.shape
    assert (np.abs(ranks) <= 1).all()
    assert (np.abs(ranks.mean(axis=0)) < 0.1).all()
    for column in range(ranks.shape[1]):
        order = np.argsort(dataset.values[:, column], kind="stable")
        assert (np.diff(ranks[order, column]) >= 0).all()


def test_packed_rows_are_the_events_of_their_windows(dataset: Dataset, packed: Packed) -> None:
    assert len(packed) == len(dataset)
    for row, window in enumerate(dataset.windows):
        n = packed.lengths[row]
        events = list(zip(packed.values[row, :n].tolist(), packed.tokens[row, :n].tolist(), strict=True))
        assert events == list(window.events)
        assert not packed.values[row, n:].any()
        durations = [VALUES[value] for value, _ in events]
        assert packed.positions[row, :n].tolist() == [sum(durations[:index]) for index in range(n)]
        assert packed.positions[row, n - 1] + durations[-1] == window.grid.n_ticks


def test_the_pitch_before_is_the_one_that_sounded_last() -> None:
    tokens = np.array([FIRST_PITCH + 4, 1, FIRST_PITCH + 6, 0, FIRST_PITCH], np.int8)
    assert last_pitches(tokens) == [MIDDLE, 4, 4, 6, 6]


def test_a_batch_is_cut_to_its_longest_window(packed: Packed) -> None:
    rows = np.argsort(packed.lengths)[:5]
    batch = packed.batch(rows)
    width = batch["values"].shape[1]
    assert width % 8 == 0
    assert 0 <= width - packed.lengths[rows].max() < 8
    assert batch["place"].shape == (5, width, N_PLACE)
    assert batch["condition"].shape == (5, N_CONDITION)
    assert batch["mask"].sum(axis=1).tolist() == packed.lengths[rows].tolist()
    first: Window = packed.windows[int(rows[0])]
    np.testing.assert_array_equal(batch["place"][0, 0], place_features(first.grid)[0])


def test_an_epoch_has_every_window_once_but_for_what_is_left_over(packed: Packed) -> None:
    seen = [batch["values"].shape[0] for batch in batches(packed, 16, np.random.default_rng(0))]
    assert set(seen) == {16}
    assert len(seen) == len(packed) // 16
    few = replace(packed, lengths=packed.lengths[:5])
    assert [batch["mask"].shape[0] for batch in batches(few, 16, np.random.default_rng(0))] == [5]


def test_batches_come_in_another_order_every_epoch(packed: Packed) -> None:
    def first(seed: int) -> list[float]:
        return next(iter(batches(packed, 16, np.random.default_rng(seed))))["condition"].sum(axis=1).tolist()

    assert first(0) == first(0)
    assert first(0) != first(1)
