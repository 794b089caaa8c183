"""What a task may ask about rhythm: each is a requirement for `musicedu.course.checks.check`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from musicedu.course.asks.functions import outcome
from musicedu.course.checks import Requirement, asked_first
from musicedu.course.slips import kind_of
from musicedu.evaluation.listening.rhythm import (
    BEAT_WINDOW_SEC,
    FINDING_IN_SEC,
    ONSET_WINDOW_SEC,
    match_onsets,
    score_beats,
)

Array = npt.NDArray[np.floating]

_ENOUGH_F = 0.9
_FEWEST_WORDS = 3


def finds_onsets(
    envelope: Array, frames_per_sec: float, reference_sec: Sequence[float], threshold: float
) -> Requirement:
    """A function of an envelope and a threshold gives the frames of the true onsets, each once."""

    def finds_every_onset_once(answer: Any) -> str | None:
        frames, fault = _frames(answer, envelope, threshold)
        if fault:
            return fault
        found_sec = np.asarray(frames, dtype=float) / frames_per_sec
        missed, invented = match_onsets(reference_sec, found_sec)
        counted = f"You found {_count(len(found_sec), 'onset')}; the tune has {len(reference_sec)}."
        if len(invented) > len(missed):
            return f"{counted} {_about_invented(invented, reference_sec)}"
        return f"{counted} Is every peak that reaches the threshold among them?" if len(missed) else None

    return finds_every_onset_once


def obeys_threshold(envelope: Array, low: float, high: float) -> Requirement:
    """No frame below the threshold is a peak, and a higher threshold finds no more."""

    def obeys_the_threshold(answer: Any) -> str | None:
        for threshold in (low, high):
            frames, fault = _frames(answer, envelope, threshold)
            if fault:
                return None  # finds_onsets says it
            if len(frames) and float(np.min(envelope[np.asarray(frames)])) < threshold:
                return f"At a threshold of {threshold} you take a peak that does not reach it."
        return None

    return obeys_the_threshold


@asked_first
def is_tempo(answer: Any) -> str | None:
    """The answer is a number of beats a minute."""
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        return None if answer > 0 else "Beats a minute are more than 0."
    return f"This is {kind_of(answer)}, not a number. Write beats a minute, without quotes."


def one_of(tempi_bpm: Sequence[float]) -> Requirement:
    """The tempo is one of some."""

    def among_the_candidates(answer: Any) -> str | None:
        if any(abs(answer - tempo_bpm) < 0.5 for tempo_bpm in tempi_bpm):
            return None
        return f"{answer:g} is not among the two: {' or '.join(f'{tempo_bpm:g}' for tempo_bpm in tempi_bpm)}."

    return among_the_candidates


def agrees_with_taps(taps_sec: Sequence[float], tempi_bpm: Sequence[float]) -> Requirement:
    """Of some tempi, it is the nearest to the one at which somebody tapped."""
    tapped_bpm = 60 / max(float(np.median(np.diff(taps_sec))), 1e-3)
    nearest_bpm = min(tempi_bpm, key=lambda tempo_bpm: abs(np.log(tempo_bpm / tapped_bpm)))

    def as_tapped(answer: Any) -> str | None:
        said = f"At {answer:g} a minute a beat lasts {60 / answer:.2f} s."
        if answer < nearest_bpm - 0.5:
            return f"{said} Your taps came sooner after each other."
        return f"{said} Your taps left more time between them." if answer > nearest_bpm + 0.5 else None

    return as_tapped


def says_why(reason: object) -> Requirement:
    """A reason is given beside the answer, in a few words."""

    def gives_a_reason(answer: Any) -> str | None:
        if isinstance(reason, str) and len(reason.split()) >= _FEWEST_WORDS:
            return None
        return "Say why, too: a sentence in quotes."

    return gives_a_reason


def clicks_in_eighths(y: Array, sr: int, beats_sec: Sequence[float]) -> Requirement:
    """A function of a sound gives increasing times: the beats, and one more between every two."""

    def clicks_on_beats_and_between(answer: Any) -> str | None:
        clicks, fault = outcome(answer, y, sr)
        if fault:
            return fault
        try:
            times_sec = np.asarray(clicks, dtype=float)
        except (TypeError, ValueError):
            return "Give back times in seconds: a list or an array of numbers."
        if times_sec.ndim != 1 or len(times_sec) < 2:
            return "Give back one row of times in seconds, one for each click."
        if np.any(np.diff(times_sec) <= 0):
            return "The clicks jump back in time: put them in order."
        return _about_clicks(times_sec, beats_sec)

    return clicks_on_beats_and_between


def _about_clicks(times_sec: Array, beats_sec: Sequence[float]) -> str | None:
    if score_beats(beats_sec, times_sec).f_measure > _ENOUGH_F:
        return "There is a click on every beat, and none between them yet."
    steps = np.diff(times_sec)
    if np.max(np.abs(steps[:-1:2] / steps[1::2] - 1), initial=0.0) > 0.15 and len(steps) > 2:
        return "The clicks between the beats are not in the middle: they limp."
    on_beats = max((score_beats(beats_sec, times_sec[first::2]).f_measure for first in (0, 1)), default=0.0)
    if on_beats < _ENOUGH_F:
        return (
            f"Every second click should fall on a beat, within {1000 * BEAT_WINDOW_SEC:.0f} ms. Yours do in "
            f"{100 * on_beats:.0f} of 100 cases (after the first {FINDING_IN_SEC:.0f} s)."
        )
    return None


def _frames(answer: Any, envelope: Array, threshold: float) -> tuple[Array, str | None]:
    """What a student's function gives back, as frames, or the sentence that says what is wrong with it."""
    result, fault = outcome(answer, envelope, threshold)
    none = np.zeros(0)
    if fault:
        return none, fault
    if isinstance(result, tuple):
        return none, "Your function gives back a pair. find_peaks does so: its first part is what is wanted."
    frames = np.asarray(result)
    if frames.ndim != 1:
        return none, "Give back one row of frames."
    if frames.dtype == bool:
        return (
            none,
            "You say of every frame whether it is a peak. Which numbers do the peaks have? np.flatnonzero tells.",
        )
    if len(frames) and not np.all(np.equal(np.mod(frames, 1), 0)):
        return none, "These are heights or seconds. Wanted are the numbers of the frames, which are whole."
    if len(frames) and (frames.min() < 0 or frames.max() >= len(envelope)):
        return none, f"The envelope has {len(envelope)} frames; you name one outside it."
    return frames.astype(int), None


def _about_invented(invented: Array, reference_sec: Sequence[float]) -> str:
    away = np.min(np.abs(invented[:, np.newaxis] - np.asarray(reference_sec)), axis=1)
    if np.all(away <= ONSET_WINDOW_SEC):
        return (
            "Your extra ones are all within 50 ms of a true one: one note, two peaks. What could a minimum distance do?"
        )
    return (
        "Some of yours lie where no note begins. Does a frame beside a peak count as one, or one below the threshold?"
    )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")
