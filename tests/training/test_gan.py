"""Training the GAN: what it is fed, and that a training taken up again ends where an unbroken one does."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from musicedu.configs import GanConfig
from musicedu.errors import MusicEduError
from musicedu.melody import Melody
from musicedu.training.dataset import Material, prepare
from musicedu.training.gan import feed_of_steps, step_material, train_gan
from musicedu.weights import load_weights, render_weights

CONFIG = GanConfig(channels=16, latent_dim=8, batch_size=4, critic_steps=1)
_TUNES = (
    "C4:1/2 D4:1/2 E4:1 F4:1/2 G4:1/2 A4:1 G4:2 E4:2 " * 4,
    "E4:1 D4:1/4 C4:1/4 D4:1/2 E4:1 G4:1 C5:3/2 B4:1/2 A4:1 G4:1 " * 4,
    "G4:1/3 A4:1/3 B4:1/3 C5:1 G4:2 E4:1 D4:1 C4:2 " * 4,
)


@cache
def material() -> Material:
    tunes = [Melody.from_text(text, metre="4/4") for text in _TUNES]
    return prepare(CONFIG, tunes, tunes)


def test_windows_with_triplets_are_left_out() -> None:
    packed = material().training
    steps = step_material(packed, CONFIG.n_sixteenths)
    assert 0 < len(steps) < len(packed)
    assert len(steps.windows) == len(steps.conditions) == len(steps.grid_of)


def test_a_batch_holds_all_steps_of_the_critic() -> None:
    steps = step_material(material().training, CONFIG.n_sixteenths)
    feed = feed_of_steps(steps, replace(CONFIG, critic_steps=3), n_batches=2)
    found = list(feed.batches(np.random.default_rng(0)))
    assert len(found) == 2
    assert {len(array) for batch in found for array in batch.values()} == {3 * CONFIG.batch_size}
    for batch in found:
        assert (batch["tokens"][batch["mask"] == 0] == 0).all()
        assert (batch["place"][batch["mask"] == 0] == 0).all()


def test_too_few_windows_are_said() -> None:
    with pytest.raises(MusicEduError, match="needs 1000"):
        feed_of_steps(step_material(material().training, 64), replace(CONFIG, batch_size=1000))


def test_a_training_taken_up_again_ends_with_the_same_weights(tmp_path: Path) -> None:
    def trained(folder: Path, epochs: int) -> bytes:
        weights = train_gan(CONFIG, material(), folder, epochs=epochs, steps_an_epoch=2, jit_compile=False)
        return render_weights(weights)

    whole = trained(tmp_path / "whole", 2)
    assert trained(tmp_path / "broken", 1) != whole
    # The rate falls by epoch as a share of all; what was trained as one of one goes on as two of two.
    assert trained(tmp_path / "broken", 2) == whole
    path = tmp_path / "gan.npz"
    path.write_bytes(whole)
    assert load_weights(path).config == CONFIG
