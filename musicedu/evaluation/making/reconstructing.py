"""Reconstruction of held-out windows: what a VAE gives back from its latent alone, beside a note that is held."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Event, Window
from musicedu.encoding.vocabulary import FIRST_PITCH, REST, TIE, VALUE_INDEX, VALUES
from musicedu.evaluation.making.judging import Figures, Setting, choose_requests
from musicedu.evaluation.making.material import Material
from musicedu.evaluation.making.pieces import requests_like
from musicedu.evaluation.reconstruction import compare
from musicedu.generation.decoding import draw_phrases
from musicedu.generation.engine import Asked
from musicedu.generation.lookahead import free_ahead
from musicedu.generation.numpy_vae import NumpyVae

_COLDEST = 0.01
Floats = NDArray[np.float64]
Repeater = Callable[[Sequence[Window], Sequence[Asked], np.random.Generator], list[tuple[Event, ...]]]


def judge_reconstruction(repeater: Repeater, material: Material, setting: Setting) -> list[Figures]:
    """For every seed, how much of other windows comes back: steps, onset_pitch and onset_f, and `exact` windows."""
    figures = []
    for seed in range(1, setting.n_seeds + 1):
        rng = np.random.default_rng([seed, material.n_measures])
        chosen = choose_requests(material.requests, setting.n_requests, rng)
        made = repeater(chosen.windows, requests_like(chosen), rng)
        results = [compare(window, events) for window, events in zip(chosen.windows, made, strict=True)]
        means = {
            name: float(np.mean([getattr(one, name) for one in results]))
            for name in ("steps", "onset_pitch", "onset_f")
        }
        figures.append({**means, "exact": float(np.mean([one.steps == 1.0 for one in results]))})
    return figures


def by_vae(vae: NumpyVae) -> Repeater:
    """Encode each window, take the latent's mean, and play from it: nothing of the true past is told."""

    def repeat(
        windows: Sequence[Window], requests: Sequence[Asked], rng: np.random.Generator
    ) -> list[tuple[Event, ...]]:
        conditions = np.stack([vae.condition(one) for one in requests])
        z = np.stack([vae.encode(window, told)[0] for window, told in zip(windows, conditions, strict=True)])
        made: dict[int, tuple[Event, ...]] = {}
        for grid in dict.fromkeys(window.grid for window in windows):
            rows = [row for row, window in enumerate(windows) if window.grid == grid]
            decoder = vae.decoder(z[rows], conditions[rows], grid)
            drawn = draw_phrases(free_ahead(grid), decoder, len(rows), rng, temperature=_COLDEST)
            made.update(zip(rows, drawn, strict=True))
        return [made[row] for row in range(len(windows))]

    return repeat


def by_holding(
    windows: Sequence[Window], requests: Sequence[Asked], rng: np.random.Generator
) -> list[tuple[Event, ...]]:
    """The first note of each window, held to its end: how far one gets by always saying that nothing happens."""
    return [_held(window) for window in windows]


def _held(window: Window) -> tuple[Event, ...]:
    events, left = [], window.grid.n_ticks
    token = next((token for _, token in window.events if token >= FIRST_PITCH), REST)
    while left:
        value = max(value for value in VALUES if value <= left)
        events.append((VALUE_INDEX[value], token))
        left -= value
        token = TIE if token >= FIRST_PITCH else token
    return tuple(events)
