"""What a network is fed with: every row once an epoch, in an order of the epoch's own."""

from __future__ import annotations

import numpy as np
import pytest

from musicedu.training.feed import feed_of


def rows_of_epoch(n: int, batch_size: int, seed: int) -> list[list[int]]:
    feed = feed_of({"row": np.arange(n), "double": 2 * np.arange(n)}, batch_size)
    given = list(feed.batches(np.random.default_rng(seed)))
    assert len(given) == feed.n_batches == n // batch_size
    for batch in given:
        assert batch["double"].tolist() == (2 * batch["row"]).tolist()
    return [batch["row"].tolist() for batch in given]


def test_rows_come_once_in_full_batches() -> None:
    given = rows_of_epoch(23, 5, seed=0)
    assert [len(batch) for batch in given] == [5, 5, 5, 5]
    assert len({row for batch in given for row in batch}) == 20


def test_the_order_is_the_rngs() -> None:
    assert rows_of_epoch(40, 5, seed=1) == rows_of_epoch(40, 5, seed=1)
    assert rows_of_epoch(40, 5, seed=1) != rows_of_epoch(40, 5, seed=2)


def test_arrays_that_do_not_match_and_batches_too_large_are_refused() -> None:
    with pytest.raises(ValueError, match=r"the arrays have \[3, 4\] rows"):
        feed_of({"one": np.zeros(3), "other": np.zeros(4)}, 2)
    with pytest.raises(ValueError, match="3 rows do not fill one batch of 4"):
        feed_of({"one": np.zeros(3)}, 4)
