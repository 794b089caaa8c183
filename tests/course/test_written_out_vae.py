"""What lesson 12 writes out is what the package does."""

from types import SimpleNamespace

import numpy as np
import pytest

from musicedu.configs import VaeConfig
from musicedu.course.asks.variations import goes_from_end_to_end, stays_on_the_sphere, warms_up
from musicedu.data import data_path
from musicedu.generation.engine import Asked
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.generation.variation import between, point_of
from musicedu.grid import Grid
from musicedu.melody import Metre
from musicedu.models.losses import floored
from musicedu.training.loop import Progress
from musicedu.training.vae import annealed
from musicedu.weights import load_weights
from tests.course.test_written_out import function_of

LESSON = "12_a_vae_trained"


class Dial:
    """A weight of a network, as a training sets it."""

    value = 0.0

    def assign(self, value):
        self.value = value


@pytest.mark.parametrize("warmup_steps", [0, 1, 200])
def test_annealing_by_hand_is_the_trainings(warmup_steps):
    weight_at = function_of(LESSON, "task-1", "weight_at")
    config = VaeConfig(beta=0.3, warmup_steps=warmup_steps)
    model = SimpleNamespace(settings=config, kl_weight=Dial(), optimizer=SimpleNamespace(learning_rate=Dial()))
    for step in (1, 50, 199, 200, 1000):
        annealed(model, Progress(1, 3, step))
        assert model.kl_weight.value == pytest.approx(weight_at(step, 0.3, warmup_steps))
    assert warms_up(weight_at) is None


def test_free_nats_by_hand_are_those_of_the_loss():
    counted = function_of(LESSON, "cured", "counted")
    kl = np.array([0.0, 0.1, 0.2, 3.0], np.float32)
    assert counted(kl, 0.2) == pytest.approx(float(floored(kl, 0.2)))


def test_the_way_on_the_sphere_by_hand_is_the_packages():
    on_sphere = function_of(LESSON, "task-3", "on_sphere")
    vae = NumpyVae(load_weights(data_path("models", "vae.npz")))
    windows = vae.sample(2, [Asked(Grid(Metre(4, 4), 4))], np.random.default_rng(0))
    one, other = (point_of(vae, window) for window in windows)
    for share, point in zip(np.linspace(0, 1, 5), between(one, other, 5), strict=True):
        np.testing.assert_allclose(on_sphere(one.z, other.z, share), point.z, atol=1e-9)
    assert goes_from_end_to_end(on_sphere) is stays_on_the_sphere(on_sphere) is None
