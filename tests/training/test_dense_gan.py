"""The dense GAN through the training loop: the same weights whether resumed or not, judged by what it makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from musicedu.configs import DenseGanConfig
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.errors import MusicEduError
from musicedu.melody import Melody
from musicedu.training.dense_gan import StepMaterial, judge_beside, prepare_steps, train_dense_gan
from musicedu.training.heard import short_record
from musicedu.weights import load_weights, render_weights

CONFIG = DenseGanConfig(
    n_sixteenths=16, latent_dim=5, generator_units=(8,), discriminator_units=(8,), batch_size=8, learning_rate=1e-2
)
ROWS = np.random.default_rng(0).integers(0, 39, (24, 16)).astype(np.int8)
TABLES = {name: np.linspace(0, 1, 101, dtype=np.float32) for name in CONDITION_ATTRIBUTES}
MATERIAL = StepMaterial(ROWS[:16], ROWS[16:], TABLES)


def test_a_training_that_was_broken_off_ends_with_the_same_weights(tmp_path: Path) -> None:
    unbroken = train_dense_gan(CONFIG, MATERIAL, None, epochs=3)
    train_dense_gan(CONFIG, MATERIAL, tmp_path, epochs=1)
    resumed = train_dense_gan(CONFIG, MATERIAL, tmp_path, epochs=3)
    assert render_weights(resumed) == render_weights(unbroken)
    assert short_record(tmp_path).count(b'"epoch"') == 3
    path = tmp_path / "dense_gan.npz"
    path.write_bytes(render_weights(resumed))
    assert load_weights(path).config == CONFIG


def test_a_generator_that_makes_real_rows_is_not_off() -> None:
    class Copyist:
        def draw(self, n: int, seed: int) -> np.ndarray:
            return ROWS

    class Stuck:
        def draw(self, n: int, seed: int) -> np.ndarray:
            return np.tile(ROWS[0], (n, 1))

    judge = judge_beside(ROWS)
    assert judge(Copyist())["off"] == 0
    assert judge(Stuck())["distance"] == 0
    assert judge(Stuck())["off"] > 0.5


def test_too_few_tunes_are_refused() -> None:
    tune = Melody.from_text("C4:1 D4:1 E4:1 C4:1")
    with pytest.raises(MusicEduError, match="give 2 rows in common time to train on and 1 to judge by"):
        prepare_steps(CONFIG, [tune, tune], [tune])
    material = prepare_steps(replace(CONFIG, batch_size=2), [tune, tune], [tune])
    assert material.training.shape == (2, 16)
    assert set(material.quantiles) == set(CONDITION_ATTRIBUTES)
