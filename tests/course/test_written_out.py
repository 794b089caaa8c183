"""What the lessons on data and features write out is what the package does."""

from pathlib import Path

import numpy as np
import pytest

from musicedu.audio.periodicity import normalised_difference
from musicedu.audio.pitch import estimate_f0
from musicedu.audio.runs import notes_of_runs
from musicedu.audio.spectrum import extract_centroid, extract_spectrum
from musicedu.audio.takes import record_take
from musicedu.course.source import load_lesson
from musicedu.course.stubs import solved
from musicedu.encoding.piano_roll import piano_roll
from musicedu.evaluation.classify import folds_apart, leaks
from musicedu.melody import Melody

SOURCES = Path(__file__).parents[2] / "notebooks" / "source"


def function_of(lesson, cell, name):
    """A function as it stands in the solved cell of a lesson, without the rest of the cell."""
    text = next(one.text for one in load_lesson(SOURCES / f"{lesson}.py").cells if one.id == cell)
    lines = solved(text).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(f"def {name}("))
    last = next((n for n in range(first + 1, len(lines)) if lines[n] and not lines[n].startswith(" ")), len(lines))
    scope = {"np": np}
    exec("\n".join(lines[first:last]), scope)
    return scope[name]


def test_a_punched_roll_is_the_piano_roll():
    punch = function_of("06_scores_as_data", "task-1", "punch")
    for text, steps in (("C4:1 r:1 E4:2", 2), ("G4:3/2 A4:1/2 B4:1/3 C5:1/3 D5:4/3", 12)):
        melody = Melody.from_text(text)
        np.testing.assert_array_equal(punch(melody, steps), piano_roll(melody, steps))


@pytest.mark.parametrize("program", [40, 71])
def test_brightness_is_the_centroid(program):
    brightness = function_of("07_features_and_svm", "task-1", "brightness")
    take = record_take(Melody.from_text("A4:1 E5:1/2 C5:1/2"), program=program)
    spectrum = extract_spectrum(take.y, take.sr)
    loud = spectrum.values.sum(axis=0) > 1e-3
    by_hand = [brightness(frame, spectrum.rows) for frame in spectrum.values.T[loud]]
    np.testing.assert_allclose(by_hand, extract_centroid(spectrum).values[loud], rtol=1e-4)


def test_holding_out_by_hand_is_as_tight_as_the_packages_folds():
    hold_out = function_of("07_features_and_svm", "task-2", "hold_out")
    groups = np.random.default_rng(0).integers(0, 7, 60)
    folds = folds_apart(groups, n_folds=3)
    by_hand = [tuple(map(np.flatnonzero, hold_out(groups, np.unique(groups[test])))) for _, test in folds]
    assert leaks(by_hand, groups) == 0
    for ours, packages in zip(by_hand, folds, strict=True):
        assert [part.tolist() for part in ours] == [part.tolist() for part in packages]


def test_leaps_by_hand_are_the_leap_share():
    from musicedu.attributes.catalogue import measure

    describe_tune = function_of("07_features_and_svm", "describe", "describe_tune")
    for text in ("C4:1 D4:1 F4:1/2 F4:3/2", "G4:1 E4:1/4 C4:3/4 C5:1"):
        melody = Melody.from_text(text)
        assert describe_tune(melody)[3] == pytest.approx(measure(melody, ["leap_share"])["leap_share"])


def test_the_difference_by_hand_is_yins():
    yin_curve = function_of("03_melody", "yin-by-hand", "yin_curve")
    frames = np.random.default_rng(0).normal(size=(3, 300))
    np.testing.assert_allclose([yin_curve(frame, 200, 100) for frame in frames], normalised_difference(frames, 200))


def test_runs_joined_by_hand_are_the_packages():
    join = function_of("03_melody", "task-2", "join")
    take = record_take(Melody.from_text("A4:1 A4:1/2 C5:1/2 r:1 E5:1"))
    track = estimate_f0(take.y, take.sr)
    moments = [round(pitch) if voiced else None for pitch, voiced in zip(track.pitch, track.voiced_flag, strict=True)]
    packages = [(note.onset_sec, note.offset_sec, note.pitch) for note in notes_of_runs(track, shortest_sec=0)]
    np.testing.assert_allclose(join(moments, 256 / take.sr), packages)
