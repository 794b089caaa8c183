"""Stems: one recording a player, equally long, which are together the mix."""

import numpy as np
import pytest

from musicedu.audio.mixing import PEAK
from musicedu.audio.stems import render_drums, render_stems
from musicedu.generation.accompaniment.arranging import arrange
from musicedu.generation.accompaniment.patterns import loop_hits
from musicedu.melody import Melody, Metre

TUNE = Melody.from_text("C4 E4 G4 E4 F4 D4 B3:2 C4:4")


@pytest.fixture(scope="module")
def stems():
    return render_stems(arrange(TUNE, "rock"), sr=11_025)


def test_there_is_a_stem_a_player(stems):
    assert stems.names == ("Melody", "Chords", "Bass", "Drums")
    assert stems.samples.shape[0] == 4


def test_stems_sum_to_the_mix_to_the_last_bit(stems):
    np.testing.assert_array_equal(stems.samples.astype(int).sum(axis=0), stems.mix)


def test_nothing_clips_and_nobody_is_silent(stems):
    assert np.abs(stems.mix.astype(int)).max() == pytest.approx(32767 * PEAK, abs=4)
    assert all(np.abs(row.astype(int)).max() > 500 for row in stems.samples)


def test_the_tune_is_the_loudest_of_those_that_play_on(stems):
    loud = {name: float(np.sqrt((stems.sound(name).astype(float) ** 2).mean())) for name in stems.names}
    assert loud["Melody"] > loud["Chords"]


def test_the_same_arrangement_sounds_the_same(stems):
    again = render_stems(arrange(TUNE, "rock"), sr=11_025)
    np.testing.assert_array_equal(stems.samples, again.samples)


def test_a_sample_rate_that_nobody_uses_is_refused():
    with pytest.raises(ValueError, match="sr must be"):
        render_stems(arrange(TUNE, "rock"), sr=100)


def test_drums_alone_last_as_long_as_they_ring():
    y = render_drums(loop_hits({"kick": "x...", "closed hat": "xxxx"}, Metre(4, 4), 2), 120, sr=11_025)
    assert len(y) > 3.5 * 11_025
    assert np.abs(y).max() == pytest.approx(PEAK, abs=1e-3)
