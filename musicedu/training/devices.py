"""Where a network is trained: on one device (TensorFlow takes a GPU where there is one), or shared among several.

A shared training cuts every batch into equal parts, one a device; the gradients are summed, so that each step is the
step of the whole batch.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import keras
import tensorflow as tf

from musicedu.errors import UnknownName, Unsatisfiable

Strategy = Any
"""A `tf.distribute.Strategy`."""
STRATEGIES = ("none", "mirrored")


def strategy_named(name: str) -> Strategy | None:
    """The strategy of a name: `none`, or `mirrored` over all GPUs (over all CPU devices where there is no GPU)."""
    if name not in STRATEGIES:
        raise UnknownName(f"no strategy is called {name!r}", remedy=f"Choose from {', '.join(STRATEGIES)}")
    if name == "none":
        return None
    kind = "GPU" if tf.config.list_logical_devices("GPU") else "CPU"
    return tf.distribute.MirroredStrategy([device.name for device in tf.config.list_logical_devices(kind)])


def scope_of(strategy: Strategy | None) -> AbstractContextManager[Any]:
    """The scope in which a network of this strategy is built and compiled."""
    scope: AbstractContextManager[Any] = nullcontext() if strategy is None else strategy.scope()
    return scope


def share_out(batch: Any, strategy: Strategy | None) -> Any:
    """A batch as a strategy takes it: one equal part of its rows for every device.

    `Unsatisfiable` if the rows cannot be shared out equally.
    """
    if strategy is None or strategy.num_replicas_in_sync == 1:
        return batch
    n_devices, n_rows = strategy.num_replicas_in_sync, rows_of(batch)
    if n_rows % n_devices:
        raise Unsatisfiable(
            f"a batch of {n_rows} cannot be shared out equally among {n_devices} devices",
            remedy=f"Choose a batch size that is a multiple of {n_devices}",
        )
    size = n_rows // n_devices

    def part(context: Any) -> Any:
        begin = context.replica_id_in_sync_group * size
        return keras.tree.map_structure(lambda array: tf.convert_to_tensor(array[begin : begin + size]), batch)

    return strategy.experimental_distribute_values_from_function(part)


def rows_of(batch: Any) -> int:
    """How many examples a batch holds."""
    return len(keras.tree.flatten(batch)[0])
