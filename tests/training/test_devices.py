"""Training shared among devices: every step is the step of the whole batch, whatever the number of devices."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from musicedu.errors import UnknownName, Unsatisfiable
from musicedu.training.devices import rows_of, scope_of, share_out, strategy_named
from tests.training.toy import ToyConfig
from tests.training.tunes import OTHERS, TINY, TUNES


def on_two_devices(folder: str) -> None:
    """Runs in a process of its own, since devices can be made only before TensorFlow is first used."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    from musicedu.training.dataset import prepare
    from musicedu.training.loop import fit
    from musicedu.training.vae import train_vae
    from tests.training.toy import slower, toy, toy_feed

    quiet = ToyConfig(noise=0.0)
    strategy = strategy_named("mirrored")
    assert strategy is not None
    assert strategy.num_replicas_in_sync == 2
    for name, shared in (("one", None), ("two", strategy)):
        model = fit(lambda: toy(quiet), toy_feed(), epochs=4, before_step=slower, strategy=shared)
        np.savez(Path(folder) / name, *[np.asarray(variable) for variable in model.trainable_variables])
    with pytest.raises(Unsatisfiable, match="batch of 15 cannot be shared out equally among 2 devices"):
        fit(lambda: toy(quiet), toy_feed(15), epochs=1, strategy=strategy)
    broken = Path(folder) / "broken"
    fit(lambda: toy(quiet), toy_feed(), broken, epochs=2, before_step=slower, strategy=strategy)
    model = fit(lambda: toy(quiet), toy_feed(), broken, epochs=4, before_step=slower, strategy=strategy)
    np.savez(Path(folder) / "resumed", *[np.asarray(variable) for variable in model.trainable_variables])
    material = prepare(TINY, TUNES[:5], OTHERS[:2])
    shared, alone = (train_vae(TINY, material, None, epochs=1, strategy=shared) for shared in (strategy, None))
    np.savez(Path(folder) / "vae", *[np.concatenate([np.ravel(a) for a in w.arrays.values()]) for w in (shared, alone)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("devices")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.training.toy"])
    process = context.Process(target=on_two_devices, args=(str(made),))
    process.start()
    process.join(timeout=600)
    assert process.exitcode == 0, "the process with two devices failed, or still runs after ten minutes"
    return made


def arrays(path: Path) -> list[np.ndarray]:
    with np.load(path) as found:
        return [found[name] for name in found.files]


def test_two_devices_train_as_one_does(folder: Path) -> None:
    for one, two in zip(arrays(folder / "one.npz"), arrays(folder / "two.npz"), strict=True):
        np.testing.assert_allclose(one, two, atol=2e-5)


def test_a_vae_is_trained_on_two_devices(folder: Path) -> None:
    """Not the same as on one, since each device draws its noise and clips its gradients for itself, but as good."""
    shared, alone = arrays(folder / "vae.npz")
    assert np.isfinite(shared).all()
    assert np.corrcoef(shared, alone)[0, 1] > 0.9


def test_a_shared_training_goes_on_as_if_it_had_not_stopped(folder: Path) -> None:
    for resumed, whole in zip(arrays(folder / "resumed.npz"), arrays(folder / "two.npz"), strict=True):
        np.testing.assert_allclose(resumed, whole, atol=1e-6)


def test_strategies_are_known_by_name() -> None:
    assert strategy_named("none") is None
    with pytest.raises(UnknownName, match=r"no strategy is called 'tpu'\. Choose from none, mirrored"):
        strategy_named("tpu")


def test_without_a_strategy_a_batch_stays_as_it_is() -> None:
    batch = {"rows": np.zeros((5, 2)), "labels": np.zeros(5)}
    assert share_out(batch, None) is batch
    assert rows_of(batch) == 5
    with scope_of(None):
        assert tf.distribute.get_strategy().num_replicas_in_sync == 1
