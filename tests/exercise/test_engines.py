"""Engines by name: what comes with the package, what does not exist, and that a level holds whoever proposes."""

from __future__ import annotations

from pathlib import Path

import pytest

from musicedu.configs import MarkovConfig
from musicedu.data import data_path
from musicedu.errors import FileProblem, UnknownName
from musicedu.exercise import engines as room
from musicedu.exercise.checker import violations
from musicedu.exercise.engines import shipped_engine
from musicedu.exercise.generator import generate
from musicedu.exercise.recipe import parse_recipe
from musicedu.exercise.specification import Specification
from musicedu.weights import load_weights


@pytest.fixture
def _engines_anew():
    room._loaded.cache_clear()
    yield
    room._loaded.cache_clear()


def test_engines_know_their_names() -> None:
    for name in ("vae", "markov"):
        assert shipped_engine(name).name == name
    assert shipped_engine() is shipped_engine("vae")


def test_an_engine_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(UnknownName, match=r"unknown engine 'vea'\. Did you mean 'vae'\?"):
        shipped_engine("vea")
    with pytest.raises(UnknownName, match=r"unknown engine 'markow'\. Did you mean 'markov'\?"):
        Specification(3, engine="markow")


@pytest.mark.usefixtures("_engines_anew")
def test_weights_that_are_missing_or_of_another_engine_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "data_path", lambda *parts: tmp_path)
    with pytest.raises(FileProblem, match=r"gan\.npz: there are no weights here.*musicedu train gan"):
        shipped_engine("gan")
    (tmp_path / "vae.npz").write_bytes(data_path("models", "markov.npz").read_bytes())
    with pytest.raises(FileProblem, match=r"vae\.npz: these are not weights of the engine vae"):
        shipped_engine("vae")


@pytest.mark.parametrize("number", range(1, 11))
def test_a_chain_writes_what_a_level_allows(number: int) -> None:
    for seed, name in ((1, "violin"), (2, "clarinet")):
        exercise = generate(Specification(number, name, engine="markov", seed=seed))
        assert list(violations(exercise.melody, exercise.plan, exercise.phrases)) == []


def test_the_recipe_names_the_engine_unless_it_is_the_first() -> None:
    exercise = generate(Specification(4, engine="markov", measures=4, seed=3))
    assert exercise.recipe == "me1 violin L4 s3 measures=4 engine=markov"
    assert generate(parse_recipe(exercise.recipe)).melody == exercise.melody
    other = generate(Specification(4, engine="vae", measures=4, seed=3))
    assert other.recipe == "me1 violin L4 s3 measures=4"
    assert other.melody != exercise.melody


def test_the_shipped_chain_is_small_free_to_use_and_of_the_order_that_foretold_best() -> None:
    path = data_path("models", "markov.npz")
    weights = load_weights(path)
    assert path.stat().st_size < 3_000_000
    assert isinstance(weights.config, MarkovConfig)
    assert not weights.config.include_non_commercial
    rows = weights.training["orders"]
    assert [row["order"] for row in rows] == list(range(1, 9))
    assert weights.config.order == min(rows, key=lambda row: row["nats"])["order"]
