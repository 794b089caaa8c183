"""Checks of rhythm: each is tried with a right answer and with the typical wrong ones."""

import numpy as np
import pytest
from scipy.signal import find_peaks

from musicedu.course.asks.functions import is_function
from musicedu.course.asks.rhythms import (
    agrees_with_taps,
    clicks_in_eighths,
    finds_onsets,
    is_tempo,
    obeys_threshold,
    one_of,
    says_why,
)
from musicedu.course.checks import Unsolved, check

FRAMES_PER_SEC = 100.0
ONSETS_SEC = [1.0, 1.5, 2.0, 3.0]


def envelope_with_twins():
    """A high peak for each note, and a lower one 0.03 s before it; a soft bump where there is no note."""
    envelope = np.zeros(400)
    at = np.round(np.array(ONSETS_SEC) * FRAMES_PER_SEC).astype(int)
    envelope[at], envelope[at - 3], envelope[350] = 0.9, 0.3, 0.1
    return envelope


ENVELOPE = envelope_with_twins()
TASK_1 = [is_function, finds_onsets(ENVELOPE, FRAMES_PER_SEC, ONSETS_SEC, 0.2), obeys_threshold(ENVELOPE, 0.2, 0.6)]


def test_one_peak_a_note_is_right():
    assert check("Task 1", lambda e, t: find_peaks(e, height=t, distance=5)[0], *TASK_1).passed
    assert check("Task 1", lambda e, t: list(find_peaks(e, height=t, distance=5)[0]), *TASK_1).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda e, t: find_peaks(e, height=t)[0], "You found 8 onsets; the tune has 4. Your extra ones are all within"),
        (lambda e, t: find_peaks(e, height=t)[0], "one note, two peaks. What could a minimum distance do?"),
        (lambda e, t: find_peaks(e, height=t, distance=5), "gives back a pair"),
        (lambda e, t: find_peaks(e, distance=5)[0], "Some of yours lie where no note begins."),
        (
            lambda e, t: find_peaks(e, height=0.2, distance=5)[0][:2],
            "You found 2 onsets; the tune has 4. Is every",
        ),
        (lambda e, t: find_peaks(e, height=t, distance=90)[0], "Is every peak that reaches the threshold among them?"),
        (lambda e, t: e > t, "You say of every frame whether it is a peak."),
        (lambda e, t: e[find_peaks(e, height=t, distance=5)[0]], "These are heights or seconds."),
        (lambda e, t: find_peaks(e, height=t, distance=5)[0] / 100.0 + 0.005, "These are heights or seconds."),
        (lambda e, t: [9999], "The envelope has 400 frames; you name one outside it."),
        (lambda e, t: [[1, 2]], "Give back one row of frames."),
        (lambda e, t: None, "gives nothing back"),
        (lambda e, t: 1 / 0, "stops with ZeroDivisionError"),
        (lambda e: e, "stops with TypeError"),
        (3, "This is not a function but a whole number."),
    ],
)
def test_a_wrong_peak_picker_is_told_why(answer, fault):
    verdict = check("Task 1", answer, *TASK_1)
    assert not verdict.passed
    assert fault in repr(verdict)
    assert "distance=5" not in repr(verdict)


def test_a_peak_picker_with_a_threshold_of_its_own_is_noticed():
    verdict = check("Task 1", lambda e, t: find_peaks(e, height=0.2, distance=5)[0], *TASK_1)
    assert verdict.passed  # here every note reaches 0.6 as well
    uneven = ENVELOPE.copy()
    uneven[150] = 0.5
    asked = [finds_onsets(uneven, FRAMES_PER_SEC, ONSETS_SEC, 0.2), obeys_threshold(uneven, 0.2, 0.6)]
    verdict = check("Task 1", lambda e, t: find_peaks(e, height=0.2, distance=5)[0], *asked)
    assert "At a threshold of 0.6 you take a peak that does not reach it." in repr(verdict)


def test_a_function_with_its_dots_is_untried():
    with pytest.raises(Unsolved, match="waiting for you"):
        check("Task 1", lambda envelope, threshold: ..., *TASK_1)


TAPS = [0.0, 0.52, 1.0, 1.49, 2.02]
TASK_2 = [is_tempo, one_of([60, 120]), agrees_with_taps(TAPS, [60, 120]), says_why("They are half a second apart.")]


def test_the_tempo_of_the_taps_is_right():
    assert check("Task 2", 120, *TASK_2).passed
    assert check("Task 2", 60.0, is_tempo, one_of([60, 120]), agrees_with_taps([0, 1.1, 2.0, 3.0], [60, 120])).passed
    assert check("Task 2", 120, agrees_with_taps([0, 0.2, 0.45, 0.7], [60, 120])).passed  # at 240: 120 is nearer
    assert check("Task 2", 120, agrees_with_taps([1.0, 1.0, 1.0, 1.0], [60, 120])).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (60, "At 60 a minute a beat lasts 1.00 s. Your taps came sooner after each other."),
        (240, "240 is not among the two: 60 or 120."),
        ("120", "This is a text, not a number."),
        (True, "This is True or False, not a number."),
        (0, "more than 0"),
    ],
)
def test_a_wrong_tempo_is_told_why(answer, fault):
    assert fault in repr(check("Task 2", answer, *TASK_2))


def test_a_tempo_that_is_too_fast_for_the_taps_is_told_so():
    assert "Your taps left more time" in repr(check("Task 2", 120, agrees_with_taps([0, 1.0, 2.0, 3.0], [60, 120])))


@pytest.mark.parametrize("reason", [..., "", "because", 7])
def test_a_reason_is_asked_for(reason):
    assert "Say why" in repr(check("Task 2", 120, says_why(reason)))


BEATS_SEC = np.arange(0.5, 16, 0.6)
SOUND = np.zeros(16 * 100, dtype=np.float32)
TASK_3 = [is_function, clicks_in_eighths(SOUND, 100, BEATS_SEC)]


def eighths(beats):
    return np.sort(np.concatenate([beats, (beats[1:] + beats[:-1]) / 2]))


def test_clicks_on_beats_and_between_are_right():
    assert check("Task 3", lambda y, sr: eighths(BEATS_SEC), *TASK_3).passed
    assert check("Task 3", lambda y, sr: list(eighths(BEATS_SEC + 0.02)[1:]), *TASK_3).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda y, sr: BEATS_SEC, "There is a click on every beat, and none between them yet."),
        (lambda y, sr: np.concatenate([BEATS_SEC, BEATS_SEC[:-1] + 0.3]), "The clicks jump back in time"),
        (lambda y, sr: np.sort(np.concatenate([BEATS_SEC, BEATS_SEC + 0.1])), "not in the middle: they limp"),
        (lambda y, sr: eighths(BEATS_SEC * 1.2), "Every second click should fall on a beat, within 70 ms."),
        (lambda y, sr: [1.0], "Give back one row of times"),
        (lambda y, sr: "tick tock", "Give back times in seconds"),
        (lambda y, sr: None, "gives nothing back"),
        (BEATS_SEC, "not a function"),
    ],
)
def test_a_wrong_metronome_is_told_why(answer, fault):
    assert fault in repr(check("Task 3", answer, *TASK_3))
