"""A tempo is the period at which an envelope comes back, and the estimate says what else would fit."""

import numpy as np
import pytest

from musicedu.audio.rhythm.tempo import autocorrelation, estimate_tempo, tempo_of, tempogram

FRAMES_PER_SEC = 100.0


def clicks(*times_sec, duration_sec=20.0):
    envelope = np.zeros(round(duration_sec * FRAMES_PER_SEC))
    envelope[np.round(np.array(times_sec) * FRAMES_PER_SEC).astype(int)] = 1.0
    return envelope


@pytest.mark.parametrize("tempo_bpm", [62, 80, 100, 120, 150])
def test_even_clicks_have_their_tempo(tempo_bpm):
    estimate = tempo_of(clicks(*np.arange(0.5, 19, 60 / tempo_bpm)), FRAMES_PER_SEC)
    assert estimate.tempo_bpm == pytest.approx(tempo_bpm, rel=0.03)


def test_where_half_and_double_fit_too_they_are_named():
    estimate = tempo_of(clicks(*np.arange(0.5, 19, 0.5)), FRAMES_PER_SEC)
    assert any(other == pytest.approx(60, rel=0.03) for other in estimate.alternatives_bpm)


def test_what_is_usual_decides_between_half_and_double():
    envelope = clicks(*np.arange(0.5, 19, 0.5)) + 0.5 * clicks(*np.arange(0.75, 19, 0.5))
    slow = tempo_of(envelope, FRAMES_PER_SEC, usual_bpm=80)
    fast = tempo_of(envelope, FRAMES_PER_SEC, usual_bpm=240)
    assert fast.tempo_bpm > 1.9 * slow.tempo_bpm


def test_confidence_is_lower_where_two_tempi_compete():
    waltz = clicks(*np.arange(0.5, 19, 0.6))
    both = waltz + clicks(*np.arange(0.5, 19, 0.4))
    assert tempo_of(both, FRAMES_PER_SEC).confidence < 0.6
    assert 0 <= tempo_of(waltz, FRAMES_PER_SEC).confidence <= 1


def test_silence_has_no_tempo():
    estimate = estimate_tempo(np.zeros(50_000, dtype=np.float32), 22_050)
    assert np.isnan(estimate.tempo_bpm)
    assert estimate.confidence == 0
    assert estimate.alternatives_bpm == ()


def test_autocorrelation_is_the_one_written_out():
    envelope = np.random.default_rng(1).random(300)
    swing = envelope - envelope.mean()
    by_hand = [np.mean(swing[lag:] * swing[: len(swing) - lag]) for lag in range(100)]
    assert np.allclose(autocorrelation(envelope, 100), np.array(by_hand) / by_hand[0])


def test_an_even_envelope_is_like_nothing_and_a_short_one_is_padded():
    assert not np.any(autocorrelation(np.ones(50), 20))
    assert autocorrelation(np.array([0.0, 1.0, 0.0]), 10).shape == (10,)


def test_a_tempogram_shows_a_change_of_tempo():
    envelope = np.concatenate([clicks(*np.arange(0, 20, 0.5)), clicks(*np.arange(0, 20, 0.4))])
    windows = tempogram(envelope, FRAMES_PER_SEC)
    assert windows.shape == (450, 33)
    best = 30 + np.argmax(windows[30:60], axis=0)
    assert best[0] == 50
    assert best[-1] == 40
