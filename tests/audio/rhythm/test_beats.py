"""Beats lie where a listener taps; the tempo may be given, and silence has none."""

from dataclasses import replace
from fractions import Fraction

import mir_eval
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.audio.rhythm import estimate_onsets
from musicedu.audio.rhythm.beats import estimate_beats, follow_beats, with_clicks
from musicedu.audio.rhythm.onsets import accent_envelope
from musicedu.audio.takes import record_take
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Melody, TempoAt

SR = 22_050
TUNE = Melody.from_text("G4:1 B4:1/2 D5:1/2 B4:1 G4:1 A4:1 C5:1/2 E5:1/2 C5:1 A4:1 " * 3 + "G4:1 D4:1 G4:2")


def accompanied(tempo_bpm, **options):
    melody = replace(TUNE, tempos=(TempoAt(Fraction(0), Fraction(tempo_bpm)),))
    chords = [ChordAt(Fraction(beat), Chord(7 if beat // 4 % 2 == 0 else 9)) for beat in range(int(melody.duration))]
    return record_take(melody, chords=chords, **options)


def beat_f(take, estimate):
    reference = mir_eval.beat.trim_beats(np.array(take.beats_sec))
    return mir_eval.beat.f_measure(reference, mir_eval.beat.trim_beats(np.array(estimate.beats_sec)))


@pytest.mark.parametrize("tempo_bpm", [76, 100, 132])
def test_the_beats_of_a_tune_with_chords_are_found(tempo_bpm):
    take = accompanied(tempo_bpm)
    estimate = estimate_beats(take.y, take.sr)
    assert estimate.tempo_bpm == pytest.approx(tempo_bpm, rel=0.03)
    assert beat_f(take, estimate) > 0.95


def test_beats_survive_noise():
    take = accompanied(100, program=24, snr_db=10)
    assert beat_f(take, estimate_beats(take.y, take.sr)) > 0.9


def test_a_tempo_that_is_given_is_followed():
    take = accompanied(132)
    slow = estimate_beats(take.y, take.sr, tempo_bpm=66)
    assert np.median(np.diff(slow.beats_sec)) == pytest.approx(60 / 66, rel=0.03)


@pytest.mark.parametrize("tempo_bpm", [0, -60, 5, 1000, float("nan")])
def test_a_tempo_that_nobody_taps_is_refused(tempo_bpm):
    with pytest.raises(ValueError, match="tempo_bpm must be from"):
        estimate_beats(np.ones(SR), SR, tempo_bpm=tempo_bpm)


def test_silence_has_no_beats():
    estimate = estimate_beats(np.zeros(3 * SR, dtype=np.float32), SR)
    assert estimate.beats_sec == ()
    assert estimate.confidence == 0


def test_clear_beats_are_believed_more_than_a_noise():
    take = accompanied(100, program=0)
    noise = np.random.default_rng(0).standard_normal(10 * SR)
    assert estimate_beats(take.y, take.sr).confidence > 0.3 > estimate_beats(noise, SR).confidence


def test_beats_increase_and_lie_within_the_sound():
    take = accompanied(90)
    beats_sec = np.array(estimate_beats(take.y, take.sr).beats_sec)
    assert np.all(np.diff(beats_sec) > 0)
    assert beats_sec[0] >= 0
    assert beats_sec[-1] <= take.duration_sec


def test_followed_beats_bend_with_a_player_who_hurries_a_little():
    envelope = np.zeros(3000)
    onsets = np.round(np.cumsum(np.linspace(54, 46, 50))).astype(int)
    envelope[onsets] = 1.0
    beats = follow_beats(envelope, 50.0)
    nearest = np.min(np.abs(beats[:, np.newaxis] - onsets), axis=1)
    assert np.mean(nearest <= 3) > 0.9


def test_an_even_envelope_has_no_beats():
    assert len(follow_beats(np.ones(500), 50.0)) == 0


def test_a_long_note_weighs_more_than_a_short_one():
    envelope = np.zeros(400)
    envelope[[50, 75, 100, 150, 175, 200, 250]] = 1.0
    accents = accent_envelope(envelope, 100.0)
    assert accents[100] > 1.5 * accents[75]


def test_less_than_two_onsets_have_no_accents():
    envelope = np.zeros(100)
    assert accent_envelope(envelope, 100.0) is envelope


def test_clicks_stand_at_their_times():
    times_sec = np.array([0.5, 1.0, 1.75])
    found = estimate_onsets(with_clicks(np.zeros(3 * SR), SR, times_sec), SR)
    assert np.allclose(found, times_sec, atol=0.03)


@given(times_sec=st.lists(st.floats(-2, 5), max_size=8), level=st.floats(0, 1))
def test_the_sound_keeps_its_length_and_never_clips(times_sec, level):
    y = np.full(2000, level)
    clicked = with_clicks(y, 2000, times_sec)
    assert clicked.shape == y.shape
    assert np.max(np.abs(clicked)) <= 0.9


def test_times_outside_the_sound_are_left_out():
    assert not np.any(with_clicks(np.zeros(100), 100, [-0.5, 1.0, 7.0]))
