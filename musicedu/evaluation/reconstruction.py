"""How much of a window a network gives back when it plays from its latent alone, without being told the true past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Event, Window
from musicedu.encoding.vocabulary import FIRST_PITCH, TIE, VALUES

_REST, _HOLD = -1, -2


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
