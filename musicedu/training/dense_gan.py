"""Training the dense GAN from tunes to weights, as `musicedu train dense-gan` does it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.configs import AutoencoderConfig, DenseGanConfig
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.encoding.step_grid import Tokens, line_of_row, step_rows
from musicedu.errors import MusicEduError
from musicedu.melody import Melody
from musicedu.models.dense_gan import DenseGan, build_dense_gan, generator_arrays
from musicedu.training.dataset import quantile_tables
from musicedu.training.devices import Strategy
from musicedu.training.feed import feed_of
from musicedu.training.loop import Judge, Watcher, fit
from musicedu.training.step_figures import interval_gap, pairwise_distance, unique_share
from musicedu.weights import Floats, Weights

N_JUDGED, _SEED = 500, 7


@dataclass(frozen=True)
class StepMaterial:
    """Rows of step tokens (rows, n_sixteenths) to train and to judge on, and the rank tables made of the former."""

    training: Tokens
    validation: Tokens
    quantiles: dict[str, Floats]


def prepare_steps(
    config: DenseGanConfig | AutoencoderConfig, training: Iterable[Melody], validation: Iterable[Melody]
) -> StepMaterial:
    """Cut tunes into rows of step tokens; `MusicEduError` if they are too few."""
    train, judge = step_rows(training, config.n_sixteenths), step_rows(validation, config.n_sixteenths)
    if len(train) < config.batch_size or not len(judge):
        raise MusicEduError(
            f"the tunes give {len(train)} rows in common time to train on and {len(judge)} to judge by",
            remedy=f"Take more collections: at least {config.batch_size} rows are needed",
        )
    return StepMaterial(train, judge, quantile_tables(_attributes(train)))


def train_dense_gan(
    config: DenseGanConfig,
    material: StepMaterial,
    folder: Path | None,
    *,
    epochs: int,
    watcher: Watcher | None = None,
    patience: int | None = None,
    strategy: Strategy | None = None,
) -> Weights:
    """Train, or go on training, in `folder`; return the weights of the epoch whose figures are nearest to real ones."""
    model = fit(
        lambda: build_dense_gan(config),
        feed_of({"tokens": material.training}, config.batch_size),
        folder,
        epochs=epochs,
        watcher=watcher,
        judge=judge_beside(material.validation),
        judged_by="off",
        patience=patience,
        strategy=strategy,
    )
    account = {"training_windows": len(material.training), "validation_windows": len(material.validation)}
    return dense_weights_of(model, material.quantiles, account)


def dense_weights_of(
    model: DenseGan, quantiles: Mapping[str, Floats], account: Mapping[str, object] | None = None
) -> Weights:
    """The generator's weights as they stand; the discriminator has done its work and is not kept."""
    return Weights(model.settings, generator_arrays(model), quantiles, account or {})


def judge_beside(real: Tokens) -> Judge:
    """A judge of 500 made rows beside real ones.

    It gives the share of different rows (`unique`), the mean share of steps at which two rows differ (`distance`), the
    total variation between the intervals made and real (`intervals`, 0 alike, 1 apart), and what it judges by: `off`,
    the last plus how far the distance is from that of real rows. A GAN's own losses say nothing of the kind.
    """
    wanted = pairwise_distance(real)

    def judge(model: DenseGan) -> dict[str, float]:
        made = model.draw(N_JUDGED, _SEED)
        distance, intervals = pairwise_distance(made), interval_gap(made, real)
        off = intervals + abs(distance - wanted)
        return {"unique": unique_share(made), "distance": distance, "intervals": intervals, "off": off}

    return judge


def _attributes(rows: Tokens) -> Floats:
    lines = (line_of_row(row) for row in rows)
    return np.array([[GRID_ATTRIBUTES[name](line) for name in CONDITION_ATTRIBUTES] for line in lines], np.float32)
