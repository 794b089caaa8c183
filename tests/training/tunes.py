"""Tunes made for the tests, and settings small enough to train in seconds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt, Note
from musicedu.weights import VaeConfig

TINY = VaeConfig(
    latent_dim=2, encoder_units=6, decoder_units=12, value_units=4, token_units=6, hidden_units=10, prior_units=4,
    warmup_steps=10, batch_size=16, max_events=8, learning_rate=0.01, seed=4,
)  # fmt: skip

_MEASURES = {
    "4/4": ((2, 2), (3, 1), (1, 3), (4,)),
    "3/4": ((2, 1), (1, 2), (3,)),
    "6/8": ((Fraction(3, 2), Fraction(3, 2)), (3,)),
}
"""Measures of one or two notes, so that every window has eight events at most: one shape, one graph to compile."""


def tune(number: int, n_measures: int = 8) -> Melody:
    """A tune that wanders by step through its scale, another for every number."""
    rng = np.random.default_rng(number)
    metre = list(_MEASURES)[number % len(_MEASURES)]
    key = Key(int(rng.integers(-3, 4)), "minor" if number % 4 == 3 else "major")
    scale = [pitch for pitch in range(58, 82) if pitch % 12 in key.scale]
    place, onset, notes = len(scale) // 2, Fraction(0), []
    for _ in range(n_measures):
        filled = _MEASURES[metre][int(rng.integers(len(_MEASURES[metre])))]
        for length in filled:
            place = int(np.clip(place + rng.integers(-2, 3), 0, len(scale) - 1))
            notes.append(Note(onset, Fraction(length), key.spell(scale[place])))
            onset += length
    metres, keys = (MetreAt(Fraction(0), Metre.parse(metre)),), (KeyAt(Fraction(0), key),)
    return Melody(notes=tuple(notes), duration=onset, metres=metres, keys=keys, title=f"Tune {number}")


TUNES = tuple(tune(number) for number in range(20))
OTHERS = tuple(tune(number) for number in range(100, 106))
