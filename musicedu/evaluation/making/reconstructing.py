"""Reconstruction of held-out windows: what a VAE gives back from its latent alone, beside a note that is held.

How much of a window comes back is counted when a network plays without being told the true past.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Event, Window
from musicedu.encoding.vocabulary import FIRST_PITCH, REST, TIE, VALUE_INDEX, VALUES
from musicedu.evaluation.making.judging import Figures, Setting, choose_requests
from musicedu.evaluation.making.material import Material
from musicedu.evaluation.making.pieces import requests_like
from musicedu.generation.decoding import draw_phrases
from musicedu.generation.engine import Asked
from musicedu.generation.lookahead import free_ahead
from musicedu.generation.numpy_vae import NumpyVae

_COLDEST = 0.01
Floats = NDArray[np.float64]
Repeater = Callable[[Sequence[Window], Sequence[Asked], np.random.Generator], list[tuple[Event, ...]]]
_REST, _HOLD = -1, -2


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


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """Shares from 0 to 1: steps that are right (held and silent ones included), true onsets whose pitch is played then,
    and the F-measure of onset times alone.
    """

    steps: float
    onset_pitch: float
    onset_f: float


def as_steps(events: Sequence[Event]) -> NDArray[np.int64]:
    """Events as one number a step: the token of a pitch that begins there, or that one goes on, or silence."""
    steps: list[int] = []
    sounding = False
    for value_index, token in events:
        goes_on = token == TIE and sounding
        sounding = token >= FIRST_PITCH or goes_on
        steps.append(token if token >= FIRST_PITCH else _HOLD if goes_on else _REST)
        steps.extend([_HOLD if sounding else _REST] * (VALUES[value_index] - 1))
    return np.array(steps)


def compare(reference: Window, estimated: Sequence[Event]) -> Reconstruction:
    """Compare a window with what was made of it; both fill the same grid."""
    truth, guess = as_steps(reference.events), as_steps(estimated)
    if len(truth) != len(guess):
        raise ValueError(f"the window lasts {len(truth)} steps, its reconstruction {len(guess)}")
    onsets, guessed = truth >= FIRST_PITCH, guess >= FIRST_PITCH
    both = float((onsets & guessed).sum())
    onset_f = 2 * both / max(1.0, float(onsets.sum() + guessed.sum()))
    right = float((truth[onsets] == guess[onsets]).mean()) if onsets.any() else 1.0
    return Reconstruction(float((truth == guess).mean()), right, onset_f)


def compare_rows(reference: NDArray[np.integer], estimated: NDArray[np.integer]) -> Reconstruction:
    """Compare rows of step tokens (rows, steps) with what was made of them, all notes of all rows taken together.

    `ValueError` if they differ in shape.
    """
    if reference.shape != estimated.shape:
        raise ValueError(f"the rows are {reference.shape}, their reconstruction {estimated.shape}")
    onsets, guessed = reference >= FIRST_PITCH, estimated >= FIRST_PITCH
    onset_f = 2 * float((onsets & guessed).sum()) / max(1.0, float(onsets.sum() + guessed.sum()))
    right = float((reference[onsets] == estimated[onsets]).mean()) if onsets.any() else 1.0
    return Reconstruction(float((reference == estimated).mean()), right, onset_f)
