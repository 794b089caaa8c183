"""Figures for onsets and beats: what is right scores 1, what is shifted or at another level is told apart."""

import os

import numpy as np
import pytest

from musicedu.audio.load import load_audio
from musicedu.audio.rhythm import estimate_beats, estimate_onsets
from musicedu.evaluation.listening.rhythm import (
    beat_figures,
    beat_levels,
    energy_onsets,
    even_beats,
    match_onsets,
    onset_figures,
    rhythm_takes,
    score_beats,
    score_onsets,
    strummed,
)
from musicedu.melody import Melody

BEATS_SEC = np.arange(0.3, 20, 0.5)


def test_the_truth_scores_one():
    assert score_onsets([0.1, 0.5], [0.1, 0.5]).f_measure == 1
    assert score_beats(BEATS_SEC, BEATS_SEC).f_measure == 1


def test_nothing_scores_nothing():
    assert score_onsets([], [0.1]).f_measure == 0
    assert score_onsets([0.1], []).f_measure == 0
    assert score_beats(BEATS_SEC, []).f_best_level == 0
    assert score_beats([1.0, 2.0], BEATS_SEC).f_measure == 0  # all before 5 s


def test_windows_are_50_and_70_ms():
    assert score_onsets([1.0], [1.049]).f_measure == 1
    assert score_onsets([1.0], [1.051]).f_measure == 0
    assert score_beats(BEATS_SEC, BEATS_SEC + 0.069).f_measure == pytest.approx(1, abs=0.04)
    assert score_beats(BEATS_SEC, BEATS_SEC + 0.071).f_measure == 0


@pytest.mark.parametrize(
    ("tapped", "level"),
    [
        (BEATS_SEC[::2], "twice as fast"),
        (BEATS_SEC[::3], "three times as fast"),
        (BEATS_SEC + 0.25, "between the beats"),
        (np.arange(0.3, 20, 0.25), "half as fast, from 1"),
        (np.arange(0.05, 20, 0.25), "half as fast, from 2"),
    ],
)
def test_another_level_is_named(tapped, level):
    score = score_beats(BEATS_SEC, tapped)
    assert score.level == level
    assert score.f_best_level > 0.93
    assert score.f_measure < 0.7


def test_one_beat_has_no_other_level():
    assert list(beat_levels(np.array([1.0]))) == ["as tapped"]


def test_misses_and_inventions_are_named():
    missed, invented = match_onsets([0.5, 1.0, 2.0], [0.51, 1.2, 2.04])
    assert missed.tolist() == [1.0]
    assert invented.tolist() == [1.2]


def test_strumming_strikes_the_chord_of_the_moment_on_every_beat():
    chords = strummed(Melody.from_text("C4:1 E4:1 G4:1 B4:1 D5:1 G4:1", metre="3/4"))
    assert [int(one.onset) for one in chords] == [0, 1, 2, 3, 4, 5]
    assert chords[0].chord == chords[2].chord


def test_naive_answers_are_what_they_say():
    y = np.zeros(44_100, dtype=np.float32)
    y[22_050:] = 0.5
    assert np.allclose(energy_onsets(y, 22_050), [1.0], atol=0.06)
    assert even_beats(y, 22_050).tolist() == [0, 0.5, 1.0, 1.5]


@pytest.fixture(scope="module")
def takes():
    return list(rhythm_takes(9, accompanied=True, longest_sec=14, split="validation"))


def test_takes_begin_with_a_silence_and_know_their_beats(takes):
    for one in takes:
        first_sec = one.take.notes[0].onset_sec
        assert min(first_sec, one.take.beats_sec[0]) >= 0.2
        assert not np.any(one.take.y[: round(0.19 * one.take.sr)])
        assert one.take.beats_sec[-1] < one.take.duration_sec
    assert len({one.voice.name for one in takes}) == 9


def test_noise_leaves_tunes_and_beats_as_they_are(takes):
    noisy = next(iter(rhythm_takes(1, snr_db=10, longest_sec=14, split="validation")))
    assert noisy.tune.id == takes[0].tune.id
    assert noisy.take.beats_sec == takes[0].take.beats_sec


def test_ours_reaches_the_target_and_the_naive_answers_do_not(takes):
    beats = beat_figures(takes, {"ours": lambda y, sr: estimate_beats(y, sr).beats_sec, "naive": even_beats})
    onsets = onset_figures(takes, {"ours": estimate_onsets, "naive": energy_onsets})
    mean = {name: np.mean([score.f_measure for score in scores]) for name, scores in beats.items()}
    assert mean["ours"] > 0.85 > 0.5 > mean["naive"]
    mean = {name: np.mean([score.f_measure for score in scores]) for name, scores in onsets.items()}
    assert mean["ours"] > 0.85 > 0.5 > mean["naive"]


@pytest.mark.skipif("LIBROSA_DATA_DIR" not in os.environ, reason="there are no recordings on this computer")
@pytest.mark.parametrize(("name", "tempo_bpm"), [("vibeace", 65), ("brahms", 151), ("nutcracker", 111)])
def test_real_recordings_have_the_tempo_that_the_library_finds_too(name, tempo_bpm):
    import librosa

    recording = load_audio(librosa.ex(name), sr=22_050, duration_sec=40)
    estimate = estimate_beats(recording.y, recording.sr)
    levels = [factor * tempo_bpm for factor in (0.5, 1, 2)]
    assert any(estimate.tempo_bpm == pytest.approx(level, rel=0.05) for level in levels)
    assert len(estimate.beats_sec) > 20
