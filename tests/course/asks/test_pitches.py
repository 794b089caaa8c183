"""Checks about pitches: a right answer passes, and each typical wrong one is told what is wrong with it."""

from itertools import groupby

import numpy as np
import pytest

from musicedu.course.asks.functions import is_function
from musicedu.course.asks.pitches import (
    fools_the_ear,
    joins_equal_pitches,
    keeps_silence_apart,
    misheard_notes,
    turns_lags_into_pitch,
)
from musicedu.course.asks.requirements import is_list_of_measures
from musicedu.course.checks import Unsolved, check
from musicedu.melody import Melody

FLUTE, VIOLIN = 73, 40


def pitch_of(lag, sr):
    return 69 + 12 * np.log2(sr / lag / 440)


def join(moments, hop_sec):
    notes, index = [], 0
    for pitch, run in groupby(moments):
        end = index + len(list(run))
        if pitch is not None:
            notes.append((index * hop_sec, end * hop_sec, pitch))
        index = end
    return notes


def test_a_lag_becomes_a_pitch():
    assert check("Task 1", pitch_of, is_function, turns_lags_into_pitch).passed


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (lambda lag, sr: sr / lag, "has 440 Hz, and that is what comes back"),
        (lambda lag, sr: 12 * np.log2(sr / lag / 440), "A4 itself is a number"),
        (lambda lag, sr: 69 + 12 * np.log2(lag / sr * 440), "upside down"),
        (lambda lag, sr: 57 + 12 * np.log2(sr / lag / 440), "wrong octave"),
        (lambda lag, sr: 69 + 12 * np.log(sr / lag / 440), "semitones away"),
        (lambda lag, sr: round(69 + 12 * np.log2(sr / lag / 440)), "semitones away"),
        (lambda lag, sr: "A4", "gives back a text"),
        (lambda lag, sr: None, "must begin with return"),
        (lambda lag: 69, "stops with TypeError"),
        (69.0, "not a function"),
    ],
)
def test_a_wrong_pitch_is_told_how_it_is_wrong(wrong, fault):
    assert fault in repr(check("Task 1", wrong, is_function, turns_lags_into_pitch))


def test_runs_are_joined():
    assert check("Task 2", join, is_function, joins_equal_pitches, keeps_silence_apart).passed


def one_note_each(moments, hop_sec):
    return [(k * hop_sec, (k + 1) * hop_sec, pitch) for k, pitch in enumerate(moments) if pitch is not None]


def without_the_last(moments, hop_sec):
    return join(moments, hop_sec)[:-1]


def silence_too(moments, hop_sec):
    return [(0.0, hop_sec, pitch) for pitch in moments]


def across_silence(moments, hop_sec):
    return join([pitch for pitch in moments if pitch is not None], hop_sec)


def in_frames(moments, hop_sec):
    return join(moments, 1)


def ends_early(moments, hop_sec):
    return [(onset, offset - hop_sec, pitch) for onset, offset, pitch in join(moments, hop_sec)]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (one_note_each, "Frames that are alike belong to one note."),
        (without_the_last, "Is the last one left out?"),
        (silence_too, "a note without a pitch"),
        (across_silence, "Is one joined across the silence?"),
        (in_frames, "note 1 ends at 3 s"),
        (ends_early, "note 1 ends at 1 s"),
        (lambda moments, hop_sec: moments, "something else than a list of"),
        (lambda moments, hop_sec: [], "0 notes come back, and 2 sound."),
    ],
)
def test_wrong_joining_is_told_what_is_wrong(wrong, fault):
    assert fault in repr(check("Task 2", wrong, is_function, joins_equal_pitches, keeps_silence_apart))


def test_an_untried_function_says_so():
    with pytest.raises(Unsolved, match="Task 2 is waiting"):
        check("Task 2", lambda moments, hop_sec: ..., is_function, joins_equal_pitches)


def test_soft_repeated_notes_fool_the_ear_and_a_scale_does_not():
    asked = (is_list_of_measures, fools_the_ear(FLUTE))
    assert check("Task 3", ["A4:1/4 A4:1/4 A4:1/4 A4:1/4 A4:1"], *asked).passed
    assert "All 4 notes were heard" in repr(check("Task 3", ["D4:1 F#4:1 A4:1 D5:1"], *asked))


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("A4:1/4 A4:1/4", "This is one text"),
        (["r:4"], "There is no note"),
        (["A4:1/4 " * 17], "17 notes; 16 are enough"),
        (["H4:1"], "expected a note name"),
    ],
)
def test_a_riddle_is_music_of_the_right_size(wrong, fault):
    assert fault in repr(check("Task 3", wrong, is_list_of_measures, fools_the_ear(FLUTE)))


def test_what_is_misheard_is_named():
    missed, extra = misheard_notes(Melody.from_text("A4:1 B4:1 A4:1"), VIOLIN)
    assert (missed, extra) == ((), ())
