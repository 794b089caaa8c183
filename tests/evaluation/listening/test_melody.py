"""The figures for melody and notes: what is right scores 1, and each kind of mistake costs what it should."""

from dataclasses import astuple

import numpy as np
import pytest

from musicedu.audio.takes import record_take
from musicedu.evaluation.listening.melody import (
    count_octave_errors,
    missed_and_extra,
    reference_f0,
    score_f0,
    score_notes,
)
from musicedu.melody import Melody
from musicedu.played import PlayedNote

TAKE = record_take(Melody.from_text("C4:1 E4:1 G4:1 C5:1"))
TRUTH = tuple(PlayedNote(note.onset_sec, note.offset_sec, note.pitch) for note in TAKE.notes)


def test_the_truth_scores_one():
    score = score_f0(TAKE, *reference_f0(TAKE))
    assert astuple(score) == (1, 1, 1, 1, 0)
    assert astuple(score_notes(TAKE.notes, TRUTH)) == (1, 1, 1, 1, 1)


def test_an_octave_off_is_right_in_chroma_only():
    times_sec, f0_hz = reference_f0(TAKE)
    score = score_f0(TAKE, times_sec, f0_hz * 2)
    assert (score.raw_pitch, score.raw_chroma) == (0, 1)
    low, high = (count_octave_errors(TAKE, times_sec, f0_hz * factor) for factor in (0.5, 2))
    assert astuple(low) == (0, 1, 0)
    assert astuple(high) == (0, 0, 1)


def test_no_pitch_may_be_nan_or_zero():
    times_sec, f0_hz = reference_f0(TAKE)
    assert score_f0(TAKE, times_sec, np.where(f0_hz > 0, f0_hz, np.nan)) == score_f0(TAKE, times_sec, f0_hz)


def test_nothing_heard_scores_nothing():
    assert astuple(score_f0(TAKE, [], [])) == (0,) * 5
    assert astuple(score_notes(TAKE.notes, ())) == (0,) * 5
    assert astuple(score_notes((), TRUTH)) == (0,) * 5
    assert astuple(count_octave_errors(TAKE, [0.1], [np.nan])) == (0, 0, 0)


def test_times_and_pitches_must_match():
    with pytest.raises(ValueError, match="two rows of one length"):
        score_f0(TAKE, [0.0, 0.1], [440.0])


def moved(note, later_sec=0.0, semitones=0, longer_sec=0.0):
    return PlayedNote(note.onset_sec + later_sec, note.offset_sec + longer_sec, note.pitch + semitones)


@pytest.mark.parametrize(
    ("change", "f_measure", "f_with_offsets", "onset_f"),
    [
        ({"later_sec": 0.04}, 1.0, 1.0, 1.0),
        ({"later_sec": 0.06}, 0.75, 0.75, 0.75),
        ({"semitones": 1}, 0.75, 0.75, 1.0),
        ({"longer_sec": 0.3}, 1.0, 0.75, 1.0),
    ],
)
def test_a_note_is_found_within_its_tolerances(change, f_measure, f_with_offsets, onset_f):
    heard = (*TRUTH[:3], moved(TRUTH[3], **change))
    score = score_notes(TAKE.notes, heard)
    assert (score.f_measure, score.f_with_offsets, score.onset_f) == (f_measure, f_with_offsets, onset_f)


def test_precision_counts_what_was_heard_and_recall_what_was_played():
    score = score_notes(TAKE.notes, TRUTH[:2])
    assert (score.precision, score.recall) == (1.0, 0.5)


def test_missed_and_extra_notes_are_named():
    made_up = PlayedNote(0.2, 0.3, 80)
    missed, extra = missed_and_extra(TAKE.notes, (*TRUTH[:2], made_up, TRUTH[3]))
    assert missed == (TAKE.notes[2],)
    assert extra == (made_up,)
    assert missed_and_extra(TAKE.notes, ()) == (TAKE.notes, ())
