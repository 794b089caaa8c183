"""What a task may ask of judges of music: an overlap, runs of notes, and a verdict that no cheat passes."""

from __future__ import annotations

from typing import Any

import numpy as np

from musicedu.course.asks.functions import outcome
from musicedu.course.checks import asked_first
from musicedu.course.slips import kind_of

FIGURES = ("overlap", "copied", "unique", "spread", "coverage")
_EVEN, _LEFT, _RIGHT = np.full(4, 0.25), np.array([0.5, 0.5, 0.0, 0.0]), np.array([0.0, 0.0, 0.5, 0.5])
_PITCHES = np.array([60, 62, 64, 65, 67, 69, 71, 72, 71, 67])
_ONSETS = np.array([0, 12, 24, 30, 36, 48, 60, 72, 84, 90])

_GOOD = {
    "the tunes that people wrote": (0.93, 0.22, 0.99, 1.00, 0.86),
    "a network that copies less than people do": (0.93, 0.10, 1.00, 1.00, 0.82),
    "a network that is a little less varied than people": (0.91, 0.05, 1.00, 0.93, 0.76),
}
_CHEATS = {
    "a copier (overlap 0.94, copied 1.00)": (0.94, 1.00, 0.95, 1.00, 0.88),
    "one that copies every other run (copied 0.60)": (0.93, 0.60, 0.99, 1.00, 0.85),
    "one that varies a single tune (unique 1.00, spread 0.20)": (0.84, 0.08, 1.00, 0.20, 0.05),
    "one that writes only the commonest (spread 0.85, coverage 0.30)": (0.87, 0.20, 1.00, 0.85, 0.30),
    "chance (overlap 0.15)": (0.15, 0.00, 1.00, 1.01, 0.00),
}


@asked_first
def is_one_for_the_same(answer: Any) -> str | None:
    """An overlap of a density with itself is all of it."""
    area, fault = outcome(answer, _EVEN, _EVEN)
    if fault:
        return fault
    if not isinstance(area, int | float | np.number):
        return f"It gives back {kind_of(area)}; the area is one number."
    return (
        None if np.isclose(area, 1.0) else f"A density lies wholly under itself, so its area is 1; yours is {area:.2f}."
    )


def strangers_share_nothing(answer: Any) -> str | None:
    """Densities that share no place have no area in common."""
    area, fault = outcome(answer, _LEFT, _RIGHT)
    if fault:
        return None  # is_one_for_the_same has said it
    return (
        None if np.isclose(area, 0.0) else f"Two densities that never meet have no area in common; yours is {area:.2f}."
    )


def takes_what_is_under_both(answer: Any) -> str | None:
    """Densities that share one half of their mass overlap by one half, whichever comes first."""
    for first, second in ((_EVEN, _LEFT), (_LEFT, _EVEN)):
        area, fault = outcome(answer, first, second)
        if fault:
            return None
        if not np.isclose(area, 0.5):
            return f"Of an even density and one on the left half, 0.50 lies under both; yours says {area:.2f}."
    return None


@asked_first
def is_set_of_runs(answer: Any) -> str | None:
    """Ten notes have three runs of eight, as a set of tuples."""
    runs, fault = outcome(answer, _PITCHES, _ONSETS)
    if fault:
        return fault
    if not isinstance(runs, set):
        return f"It gives back {kind_of(runs)}; a set is asked for, since a run counts once."
    if len(runs) != 3:
        return f"Ten notes have 3 runs of eight: from the first, second and third note. Yours has {len(runs)}."
    if not all(isinstance(run, tuple) for run in runs):
        return "The runs must be tuples, so that they can stand in a set."
    return None


def stays_in_any_key(answer: Any) -> str | None:
    """A transposed or later tune has the same runs."""
    runs, fault = outcome(answer, _PITCHES, _ONSETS)
    if fault:
        return fault
    for pitches, onsets, how in (
        (_PITCHES + 5, _ONSETS, "five semitones higher"),
        (_PITCHES, _ONSETS + 96, "two measures later"),
    ):
        if outcome(answer, pitches, onsets)[0] != runs:
            return f"The same tune {how} has other runs: a transposed copy would go unseen."
    return None


def hears_pitch_and_rhythm(answer: Any) -> str | None:
    """Another interval or another rhythm makes another run."""
    runs, fault = outcome(answer, _PITCHES, _ONSETS)
    if fault:
        return None
    other_pitch, other_onset = _PITCHES.copy(), _ONSETS.copy()
    other_pitch[4] += 1
    other_onset[4] += 3
    if outcome(answer, other_pitch, _ONSETS)[0] == runs:
        return "With another note in the middle the runs stay the same: intervals must be part of them."
    if outcome(answer, _PITCHES, other_onset)[0] == runs:
        return "With another rhythm the runs stay the same: the times from note to note must be part of them."
    return None


def lets_good_music_pass(answer: Any) -> str | None:
    """A verdict accepts what people wrote, and what is like it."""
    for name, row in _GOOD.items():
        verdict, fault = outcome(answer, dict(zip(FIGURES, row, strict=True)))
        if fault:
            return fault
        if not isinstance(verdict, bool | np.bool_):
            return f"It gives back {kind_of(verdict)}; a verdict is True or False."
        if not verdict:
            return f"It refuses {name}: {_said(row)}."
    return None


def lets_no_cheat_pass(answer: Any) -> str | None:
    """A verdict refuses every cheat of the lesson."""
    passed = [
        name
        for name, row in _CHEATS.items()
        if outcome(answer, dict(zip(FIGURES, row, strict=True)))[0] in (True, np.True_)
    ]
    return f"These cheats pass: {'; '.join(passed)}." if passed else None


def _said(row: tuple[float, ...]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in zip(FIGURES, row, strict=True))
