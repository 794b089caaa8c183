"""The checks of likeness, with right answers and the typical wrong ones; the lesson's code beside the package's."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.ndimage import maximum_filter

from musicedu.audio.takes import record_take
from musicedu.course.asks.functions import is_function
from musicedu.course.asks.likeness import (
    agrees_with,
    claims_what_it_shows,
    has_notes,
    is_report,
    same_at_any_tempo,
    shares_at_most,
    still_like,
    tells_tunes_apart,
)
from musicedu.course.checks import Unsolved, check
from musicedu.melody import Melody
from musicedu.originality.constellation import (
    HOP_LENGTH,
    SR,
    Stars,
    find_stars,
    hash_stars,
    hash_value,
    semitone_spectrogram,
)
from musicedu.originality.copied import originality_of_pair
from tests.originality.test_quotes import tune

HASH = (is_function, same_at_any_tempo, tells_tunes_apart)


def place(first, second, third, parts=16):
    return round(parts * (second[0] - first[0]) / (third[0] - first[0]))


def right(first, second, third):
    return first[1], second[1], third[1], place(first, second, third)


def test_a_right_hash_passes():
    assert check("Task 1", right, *HASH).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (right((0, 1), (1, 2), (2, 3)), "This is not a function but several values"),
        (lambda a, b, c: (a[1], b[1], c[1], b[0] - a[0]), "at half the tempo have another hash"),
        (lambda a, b, c: (a[1], b[1], c[1], b[0] / c[0]), "three hundred frames later have another hash"),
        (lambda a, b, c: (a[1], b[1], c[1], place(a, b, c, 500)), "count the place more coarsely"),
        (lambda a, b, c: (a[1], b[1], place(a, b, c)), "The third star may be a tone higher"),
        (lambda a, b, c: (a[1], b[1], c[1]), "Short-long and long-short have the same hash"),
        (lambda a, b, c: None, "gives nothing back"),
        (lambda a, b, c: a[7], "Your function stops with IndexError"),
    ],
)
def test_a_wrong_hash_is_told_what_it_confuses(answer, fault):
    assert fault in repr(check("Task 1", answer, *HASH))


def test_an_untried_hash_is_waiting():
    with pytest.raises(Unsolved, match="Task 1 is waiting"):
        check("Task 1", lambda a, b, c: (a[1], ...), *HASH)


ORIGINAL = Melody.from_text("C4:1 D4:1/2 E4:1/2 F4:1 G4:1 A4:1/2 G4:1/2 F4:1 E4:1 D4:2")
DISGUISED = Melody.from_text(
    "D4:1 E4:1/2 F#4:1/2 G4:1/2 A4:1/4 G4:1/4 A4:1 B4:1/2 A4:1/2 G4:1/2 A4:1/4 G4:1/4 F#4:1 E4:2"
)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (ORIGINAL.transposed(2), "Notes 1 to 10 are still the tune's own: a run of 10, and 5 are allowed"),
        (Melody.from_text("C4 B4 C4 B4 C4 B4 C4 B4 C4 B4"), "Nobody would know the tune again"),
        (Melody.from_text("C4:1 D4:1/2 E4:1/2"), "There are 3 notes; the task asks for 10 or more."),
    ],
)
def test_a_disguise_hides_the_runs_and_keeps_the_tune(answer, fault):
    asked = (has_notes(10), shares_at_most(ORIGINAL, 5), still_like(ORIGINAL, 0.4))
    assert check("Task 2", DISGUISED, *asked).passed
    assert fault in repr(check("Task 2", answer, *asked))


REPORT = SimpleNamespace(
    nearest=(SimpleNamespace(tune=SimpleNamespace(id="t/1")),), longest_run=SimpleNamespace(n_notes=7)
)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"tune": "t/1", "shared_notes": 7, "conclusion": "c"}, None),
        ("t/1, 7, C", "This is a text. A report is written in braces"),
        ({"tune": "t/1"}, "says nothing yet about shared_notes, conclusion"),
        ({"tune": "t/2", "shared_notes": 7, "conclusion": "C"}, "'t/2' is not the id of the nearest tune"),
        ({"tune": "t/1", "shared_notes": 6, "conclusion": "C"}, "6 is not the length of the longest shared run"),
        ({"tune": "t/1", "shared_notes": 7, "conclusion": "A"}, "You know better"),
        ({"tune": "t/1", "shared_notes": 7, "conclusion": "B"}, "cannot tell copying from a common source"),
        ({"tune": "t/1", "shared_notes": 7, "conclusion": "d"}, "No number of shared notes makes a use free"),
        ({"tune": "t/1", "shared_notes": 7, "conclusion": "yes"}, "The conclusion is one of the letters"),
    ],
)
def test_a_report_says_what_was_found_and_no_more(answer, fault):
    verdict = check("Task 3", answer, is_report, agrees_with(REPORT), claims_what_it_shows)
    assert verdict.passed if fault is None else fault in repr(verdict)


def longest_run(one, other):
    """As lesson 09 writes it out."""
    steps, times = np.diff(one.pitches), np.diff([note.onset for note in one.notes])
    other_steps, other_times = np.diff(other.pitches), np.diff([note.onset for note in other.notes])
    longest = 0
    for i in range(len(steps)):
        for j in range(len(other_steps)):
            n = 0
            while (
                i + n < len(steps)
                and j + n < len(other_steps)
                and steps[i + n] == other_steps[j + n]
                and times[i + n] / times[i] == other_times[j + n] / other_times[j]
            ):
                n += 1
            longest = max(longest, n)
    return longest + 1 if longest else 0


def find_stars_by_hand(y, sr, per_sec=10):
    """As lesson 09 writes it out."""
    loudness = semitone_spectrogram(y, sr)
    before = maximum_filter(loudness[:, :-4], size=(3, 1), mode="nearest")
    rise = np.zeros_like(loudness)
    rise[:, 4:] = np.maximum(0, loudness[:, 4:] - before)
    is_peak = (rise == maximum_filter(rise, size=(3, 5), mode="constant")) & (rise > 0)
    semitone, frame = np.nonzero(is_peak)
    n_kept = round(per_sec * rise.shape[1] * HOP_LENGTH / SR)
    strongest = np.argsort(-rise[is_peak])[:n_kept]
    return sorted((int(frame[k]), int(semitone[k]), float(rise[semitone[k], frame[k]])) for k in strongest)


def test_the_stars_and_hashes_written_out_in_the_lesson_are_the_packages():
    y = record_take(tune(1), program=73).y
    ours, theirs = find_stars_by_hand(y, 22_050), find_stars(y, 22_050)
    assert [(frame, band) for frame, band, _ in ours] == list(zip(theirs.frames, theirs.bands, strict=True))
    three = (theirs.frames[[0, 2, 5]], theirs.bands[[0, 2, 5]])
    first, second, third, part = right(*zip(*three, strict=True))
    found = hash_stars(Stars(*three, np.ones(3))).values
    assert found.tolist() == [int(hash_value(first, second, third, part))]


@pytest.mark.parametrize("seed", range(3))
def test_the_run_written_out_in_the_lesson_is_the_packages(seed):
    one, other = tune(seed), tune(seed + 10)
    for second in (other, one.transposed(3)):
        run, _ = originality_of_pair(one, second)
        assert longest_run(one, second) == (run.n_notes if run else 0)
