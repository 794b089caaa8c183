"""The checks of lesson 05: right answers, typical wrong ones; and what it writes out is what the package has."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.audio.harmony import CHORDS, best_chord_path, templates
from musicedu.audio.spectrum import extract_chroma, extract_spectrum
from musicedu.audio.takes import SoundingChord
from musicedu.course.asks import harmonies
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import Unsolved, check
from musicedu.course.source import load_lesson
from musicedu.harmony.chord import Chord
from musicedu.harmony.tonality import PROFILES, estimate_key, pitch_class_histogram
from musicedu.melody import Melody

LESSON = Path(__file__).parents[3] / "notebooks" / "source" / "05_harmony.py"
NIGHT = Melody.from_text("D5:2 D5:1 B4:3 C5:2 C5:1 G4:3", metre="3/4", key="C")
SCALE = Melody.from_text("D4 E4 F#4 G4 A4 B4 C#5 D5:2 A4 F#4 D4:2", key="D")
MAJOR = np.array(PROFILES["krumhansl"].major)


def right_template(root):
    return [1 if (step - root) % 12 in (0, 3, 7) else 0 for step in range(12)]


def past_the_end(root):
    row = [0] * 12
    for step in (0, 3, 7):
        row[root + step] = 1
    return row


def test_a_right_template_passes():
    asked = is_function, harmonies.marks_minor_chords
    assert check("Task 1", right_template, *asked).passed
    assert check("Task 1", lambda root: np.array(right_template(root)), *asked).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda root: [1 if (step - root) % 12 in (0, 4, 7) else 0 for step in range(12)], "that is the major chord"),
        (lambda root: right_template(0), "For C# you mark C, Eb, G, as for C. Every note of the chord must move"),
        (past_the_end, "IndexError: list assignment index out of range. That was for the root F = 5. After B comes C"),
        (lambda root: [root, root + 3, root + 7], "For C it gives 3 numbers. There are twelve pitch classes"),
        (lambda root: [2 * one for one in right_template(root)], "the marked notes are not all 1"),
        (lambda root: "C Eb G", "A template is a list of twelve numbers"),
        (lambda root: right_template(-root), "For C# you mark"),
        (lambda root: [0] * 12, "For C you mark nothing"),
        ([1, 0], "not a function"),
    ],
)
def test_a_wrong_template_is_told_in_notes(answer, fault):
    verdict = check("Task 1", answer, is_function, harmonies.marks_minor_chords)
    assert fault in repr(verdict)


FITS = np.full((24, 40), 0.3)
FITS[CHORDS.index(Chord(0)), :20] = FITS[CHORDS.index(Chord(7)), 20:] = 0.9
FITS[CHORDS.index(Chord(9)), ::5] = 1.0
TIMES = 0.1 * np.arange(40)
TRUTH = (SoundingChord(0, 1.95, Chord(0)), SoundingChord(1.95, 3.95, Chord(7)))


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (0.2, None),
        (0, "it still flickers"),
        (20, "1 chords are heard, right for 49% of the time. Short chords are swallowed"),
        ("0.2", "without quotes"),
        (-1, "0 or more"),
        (True, "a number of seconds"),
    ],
)
def test_a_cost_is_judged_by_what_is_heard(answer, fault):
    steady = harmonies.hears_steadily(FITS, TIMES, TRUTH, right=0.8, at_most=3)
    verdict = check("Task 2", answer, harmonies.is_cost, steady)
    assert verdict.passed if fault is None else fault in repr(verdict)


def tonic_by(turn):
    return lambda weights, profile: max(range(12), key=lambda at: np.corrcoef(weights, turn(profile, at))[0, 1])


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (tonic_by(np.roll), None),
        (lambda weights, profile: np.argmax([weights @ np.roll(profile, at) for at in range(12)]), None),
        (tonic_by(lambda profile, at: np.roll(profile, -at)), "the profile is turned the wrong way round"),
        (lambda weights, profile: 2, "moved up by 5 semitones has a new tonic, and it still says D"),
        (lambda weights, profile: 7, "It hears G as the tonic of a piece that is at home elsewhere"),
        (lambda weights, profile: 0.87, "A tonic is a whole number from 0 (C) to 11 (B)"),
        (lambda weights, profile: None, "gives nothing back"),
        (lambda weights: 2, "stops with TypeError"),
    ],
)
def test_a_finder_of_tonics_must_follow_the_music(answer, fault):
    asked = harmonies.finds_tonics(pitch_class_histogram(SCALE), MAJOR, 2)
    verdict = check("Task 3", answer, is_function, asked)
    assert verdict.passed if fault is None else fault in repr(verdict)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (["G", "G", "C", "C"], None),
        (["Dm", "Em", "Am", "C"], None),
        ("G G C C", "This is one text"),
        (["G", "G", "C"], "The tune has 4 measures; you give 3 chords."),
        (["G", "H", "C", "C"], "'H' is not a chord of this lesson"),
        (["G", "G7", "C", "C"], "'G7' is not a chord of this lesson"),
        (["G", "G", "C", 1], "1 is not a chord"),
        (["F", "G", "C", "C"], "Measure 1: F holds F, A, C; the tune is elsewhere most of the time."),
        (["G", "G", "C", "G"], "It ends on G, and the ear still waits"),
        (["G", "G", "C", "Cm"], "It ends on Cm, and the ear still waits"),
        (["C", "C", "C", "C"], "You use 1 different chords"),
        ([], "not a list of chords"),
    ],
)
def test_chords_under_a_tune_are_judged_by_ear(answer, fault):
    asked = [harmonies.is_list_of_chords, harmonies.one_chord_a_measure(NIGHT), harmonies.n_different_chords(2)]
    verdict = check("Task 4", answer, *asked, harmonies.carries(NIGHT), harmonies.comes_home(NIGHT))
    assert verdict.passed if fault is None else fault in repr(verdict)


def test_untried_functions_say_so():
    with pytest.raises(Unsolved, match="Task 1 is waiting for you"):
        check("Task 1", lambda root: ..., is_function, harmonies.marks_minor_chords)
    with pytest.raises(Unsolved, match="Task 3 is waiting for you"):
        check("Task 3", lambda weights, profile: ..., is_function, harmonies.finds_tonics(MAJOR, MAJOR, 0))


def test_chords_by_name_are_played_one_a_measure():
    take = harmonies.take_with(NIGHT, ["G", "Em", "C", "Am"])
    assert [(round(one.onset_sec, 2), one.chord.name) for one in take.chords] == [
        (0.0, "G"), (1.5, "Em"), (3.0, "C"), (4.5, "Am"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def written_out():
    """The functions that the lesson writes out, and nothing else of its cells."""
    cells = {cell.id: cell.text for cell in load_lesson(LESSON).cells}
    names = {"np": np, "extract_spectrum": extract_spectrum, "templates": templates}
    for cell in ("chroma-by-hand", "viterbi-by-hand", "task-1", "task-3"):
        text = cells[cell]
        first = text.index("def ")
        body = text[first:].split("\n\n\n")[0]
        exec(body, names)
    return names


def test_chroma_by_hand_is_that_of_the_package(written_out):
    y = np.random.default_rng(1).standard_normal(22_050)
    by_hand, times_sec = written_out["chroma_of"](y, 22_050)
    package = extract_chroma(extract_spectrum(y, 22_050, n_fft=4096, hop_length=2048))
    assert by_hand == pytest.approx(package.values)
    assert times_sec == pytest.approx(package.times_sec)


@settings(max_examples=50)
@given(st.integers(0, 1000), st.floats(0, 3), st.integers(1, 30))
def test_the_row_by_hand_is_that_of_the_package(written_out, seed, cost, n_frames):
    fits = np.random.default_rng(seed).random((24, n_frames))
    assert written_out["best_row"](fits, cost).tolist() == best_chord_path(fits, cost).tolist()


def test_templates_and_tonics_by_hand_are_those_of_the_package(written_out):
    rows = np.array([written_out["minor_template"](root) for root in range(12)])
    assert rows / np.sqrt(3) == pytest.approx(templates()[12:])
    weights = pitch_class_histogram(SCALE)
    major = [guess.key for guess in estimate_key(weights, "krumhansl") if guess.key.mode == "major"]
    assert written_out["tonic_of"](weights, MAJOR) == major[0].tonic_pitch_class
