"""What a VAE is trained for: no one weight of the KL term is best for everything, so there are settings for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from musicedu.configs import VaeConfig
from musicedu.melody import Melody

QUICK = VaeConfig(
    latent_dim=16, encoder_units=48, decoder_units=64, value_units=8, token_units=16, hidden_units=48, prior_units=16,
    free_nats=0.2, warmup_steps=200, batch_size=64, learning_rate=4e-3,
)  # fmt: skip
"""A network small enough to be trained within a lesson."""


@dataclass(frozen=True)
class Purpose:
    """Settings, how many passes over the tunes, and how many tunes (all where it is None)."""

    config: VaeConfig
    epochs: int
    n_tunes: tuple[int, int] | None = None


PURPOSES = {
    "make": Purpose(VaeConfig(), 40),
    "vary": Purpose(VaeConfig(latent_dim=48, beta=0.03, free_nats=0.0, event_dropout=0.3), 24),
    "quick": Purpose(QUICK, 12, (300, 60)),
}
"""To write new phrases; to give back and vary what is there, with more told by the latent; to try out in a minute."""


class Tuneful(Protocol):
    """What has a melody, such as a tune of the corpus."""

    @property
    def melody(self) -> Melody: ...


class Indexed(Protocol):
    """What has tunes by number, such as the corpus."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Tuneful: ...


def some_melodies(tunes: Indexed, n: int, seed: int = 1) -> list[Melody]:
    """Melodies of `n` tunes drawn without replacement (of all, if there are no more); the same seed draws the same."""
    drawn = np.random.default_rng(seed).permutation(len(tunes))[:n]
    return [tunes[int(index)].melody for index in drawn]
