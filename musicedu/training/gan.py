"""Training the GAN from tunes to weights, as `musicedu train gan` does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musicedu.configs import GanConfig
from musicedu.encoding.events import Window
from musicedu.encoding.features import N_PLACE, place_features
from musicedu.encoding.step_grid import SIXTEENTH, step_arrays
from musicedu.errors import MusicEduError
from musicedu.models.gan import Gan, build_gan, kept_weights
from musicedu.training.dataset import Batch, Material, Packed
from musicedu.training.devices import Strategy
from musicedu.training.feed import Feed
from musicedu.training.loop import Judge, Progress, Watcher, fit, judged_on
from musicedu.weights import Floats, Weights

STEPS_AN_EPOCH = 300
"""How often the generator learns in what is called an epoch here; a pass over all tunes takes longer."""

_JUDGED_BATCHES = 4
_LAST_RATE = 0.1


@dataclass(frozen=True)
class StepMaterial:
    """Windows as steps, with what they are asked to be; places are kept once for each grid.

    tokens, mask: (n, steps); conditions: (n, `N_CONDITION`); places: (grids, steps, `N_PLACE`); grid_of: (n,).
    """

    tokens: NDArray[np.int8]
    mask: NDArray[np.bool_]
    conditions: Floats
    places: Floats
    grid_of: NDArray[np.int64]
    windows: tuple[Window, ...]

    def __len__(self) -> int:
        return len(self.tokens)

    def batch(self, rows: NDArray[np.int64]) -> Batch:
        """Some windows as `Gan` takes them."""
        return {
            "tokens": self.tokens[rows].astype(np.int32),
            "mask": self.mask[rows].astype(np.float32),
            "place": self.places[self.grid_of[rows]],
            "condition": self.conditions[rows],
        }


def step_material(packed: Packed, n_sixteenths: int) -> StepMaterial:
    """The windows of packed ones that the step grid holds; those with triplets, or longer than it, are left out."""
    arrays = step_arrays(packed.windows, n_sixteenths)
    row_of = {id(window): row for row, window in enumerate(packed.windows)}
    rows = [row_of[id(window)] for window in arrays.windows]
    grids = {grid: index for index, grid in enumerate(dict.fromkeys(window.grid for window in arrays.windows))}
    places = np.zeros((len(grids), n_sixteenths, N_PLACE), np.float32)
    for grid, index in grids.items():
        place = place_features(grid)[: grid.n_ticks : SIXTEENTH]
        places[index, : len(place)] = place
    grid_of = np.array([grids[window.grid] for window in arrays.windows], np.int64)
    return StepMaterial(arrays.tokens, arrays.mask, packed.conditions[rows], places, grid_of, arrays.windows)


def feed_of_steps(material: StepMaterial, config: GanConfig, n_batches: int = STEPS_AN_EPOCH) -> Feed:
    """Batches of windows drawn at random, each large enough for all steps of the critic."""
    n_rows = config.batch_size * config.critic_steps
    if len(material) < n_rows:
        raise MusicEduError(
            f"the tunes give {len(material)} windows on the step grid; a batch needs {n_rows}",
            remedy="Take more collections",
        )

    def drawn(rng: np.random.Generator) -> Iterator[Batch]:
        for _ in range(n_batches):
            yield material.batch(rng.choice(len(material), n_rows, replace=False))

    return Feed(drawn, n_batches)


def train_gan(
    config: GanConfig,
    material: Material,
    folder: Path | None = None,
    *,
    epochs: int,
    watcher: Watcher | None = None,
    steps_an_epoch: int = STEPS_AN_EPOCH,
    jit_compile: bool = True,
    strategy: Strategy | None = None,
) -> Weights:
    """Train, or go on training, in `folder`; return the weights of the last epoch's averaged generator.

    The critic's distance is no measure of quality that could choose an epoch: it changes with the critic.
    """
    training = step_material(material.training, config.n_sixteenths)
    validation = step_material(material.validation, config.n_sixteenths)
    model = fit(
        partial(build_gan, config, jit_compile=jit_compile),
        feed_of_steps(training, config, steps_an_epoch),
        folder,
        epochs=epochs,
        watcher=watcher,
        judge=judge_of_steps(validation, config),
        judged_by=None,
        before_step=slowing,
        strategy=strategy,
    )
    account = {"training_windows": len(training), "validation_windows": len(validation), "epochs": epochs}
    return gan_weights(model, material.quantiles, account)


def judge_of_steps(material: StepMaterial, config: GanConfig) -> Judge:
    """What the critic and the regressor say of windows they have not learnt from."""
    size = min(len(material), 2 * config.batch_size)
    rows = np.arange(min(_JUDGED_BATCHES, len(material) // size) * size).reshape(-1, size)
    return judged_on(lambda: (material.batch(some) for some in rows))


def slowing(model: Gan, progress: Progress) -> None:
    """Let the rates of generator and critic fall in a straight line to a tenth."""
    share = (progress.epoch - 1) / max(1, progress.epochs)
    rate = 1.0 - (1.0 - _LAST_RATE) * share
    model.generator_optimizer.learning_rate.assign(rate * model.settings.learning_rate)
    model.critic_optimizer.learning_rate.assign(rate * model.settings.critic_rate)


def gan_weights(model: Gan, quantiles: Mapping[str, Floats], account: Mapping[str, object] | None = None) -> Weights:
    """The weights of the generator that is kept, as they stand."""
    return Weights(model.settings, kept_weights(model), dict(quantiles), dict(account or {}))
