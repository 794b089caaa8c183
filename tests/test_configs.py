"""Configurations: every kind is frozen, named, and comes back from a file as it was."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pytest

from musicedu.configs import KINDS, Config, kind_of
from musicedu.weights import Weights, load_weights, render_weights


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_comes_back_from_its_file(kind: str, tmp_path: Path) -> None:
    config: Config = replace(KINDS[kind](), seed=7)
    assert kind_of(config) == kind
    path = tmp_path / f"{kind}.npz"
    path.write_bytes(render_weights(Weights(config, {}, {}, {})))
    assert load_weights(path).config == config


@pytest.mark.parametrize("kind", KINDS)
def test_a_configuration_cannot_be_changed_and_says_how_it_was_begun(kind: str) -> None:
    config = KINDS[kind]()
    with pytest.raises(FrozenInstanceError):
        config.seed = 2  # type: ignore[misc]
    assert config.seed == 1
    assert not config.include_non_commercial


def test_whole_numbers_are_kept_as_they_are(tmp_path: Path) -> None:
    whole = {"a": np.array([1, 2**33], dtype=np.int64), "b": np.array([70_000], dtype=np.uint32)}
    path = tmp_path / "markov.npz"
    path.write_bytes(render_weights(Weights(KINDS["markov"](), whole, {}, {})))
    for name, array in load_weights(path).arrays.items():
        np.testing.assert_array_equal(array, whole[name])
        assert array.dtype == whole[name].dtype
