"""Control: does what was asked for come back? Asked against realised attributes, by rank and in their own units.

Spearman's correlation says whether more was made where more was asked (Pati and Lerch 2021 use it for encoders; here it
is taken from the music itself); the mean absolute error says by how much a single request is missed.

Four measures, `musicedu evaluate`: random notes 0.01, a training tune looked up by its attributes 0.98.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.evaluation.overlap import control

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Control:
    """By attribute: Spearman's correlation (NaN where all that is asked is equal) and mean absolute error in units."""

    spearman: dict[str, float]
    error: dict[str, float]

    @property
    def mean(self) -> float:
        """The mean correlation over the attributes that were asked for in more than one way; NaN if none was."""
        known = [value for value in self.spearman.values() if not np.isnan(value)]
        return float(np.mean(known)) if known else float("nan")


def judge_control(asked: Floats, realised: Floats, names: Sequence[str]) -> Control:
    """Compare tables (requests, attributes) of what was asked and what came; `ValueError` for unlike shapes.

    >>> judge_control(np.array([[1.0], [2.0], [4.0]]), np.array([[2.0], [3.0], [5.0]]), ["range"])
    Control(spearman={'range': 1.0}, error={'range': 1.0})
    """
    if asked.shape != realised.shape or asked.ndim != 2 or asked.shape[1] != len(names):
        raise ValueError(f"asked {asked.shape} and realised {realised.shape} must be (requests, {len(names)}) both")
    errors = np.abs(asked - realised).mean(axis=0)
    by_name = dict(zip(names, (round(value, 12) for value in control(asked, realised)), strict=True))
    return Control(by_name, dict(zip(names, errors.tolist(), strict=True)))
