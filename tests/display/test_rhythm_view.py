"""Pictures of rhythm show what they are given, and the taps of a student come before the example."""

import numpy as np
import pytest

from musicedu.display.plots import plot_picture
from musicedu.display.rhythm_input import tap_along
from musicedu.display.rhythm_view import (
    clicks_for,
    plot_attacks,
    plot_autocorrelation,
    plot_beats,
    plot_onsets,
    plot_waveform,
)

SR = 22_050
Y = np.sin(np.arange(2 * SR) / 10) * np.linspace(1, 0, 2 * SR)


def test_missed_onsets_are_crosses_and_found_ones_are_not():
    ax = plot_onsets(np.zeros(300), 100.0, [0.5, 1.0, 2.0], missed_sec=[1.0], invented_sec=[2.5], threshold=0.3)
    lines = {line.get_label(): list(line.get_xdata()) for line in ax.lines}
    assert lines["true onset"] == [0.5, 2.0]
    assert lines["missed"] == [1.0]
    assert lines["invented"] == [2.5]


def test_every_listener_has_a_row():
    ax = plot_beats(Y, SR, {"truth": [0.5, 1.0], "ours": [0.5], "nobody": []})
    assert [label.get_text() for label in ax.get_yticklabels()] == ["truth", "ours", "nobody"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plot_waveform(Y, SR, [0.5]),
        lambda: plot_waveform(np.zeros(5), SR),
        lambda: plot_attacks({"one": Y, "two": Y}, SR, [0.5]),
        lambda: plot_onsets(np.zeros(0), 100.0, []),
        lambda: plot_autocorrelation(np.ones(100), 100.0, [120, 60]),
        lambda: plot_beats(np.zeros(SR), SR, {"nobody": []}),
    ],
)
@pytest.mark.filterwarnings("ignore:Attempting to set identical:UserWarning")
def test_a_picture_is_small_and_has_words(draw):
    shown = plot_picture(draw(), "a picture of rhythm")
    assert 'alt="a picture of rhythm"' in shown.html
    assert len(shown.html) < 60_000


def test_found_onsets_click_and_missed_ones_knock():
    found, missed = clicks_for(np.zeros(SR), SR, [0.5], []), clicks_for(np.zeros(SR), SR, [], [0.5])
    assert np.argmax(np.abs(np.fft.rfft(found))) > 3 * np.argmax(np.abs(np.fft.rfft(missed)))


def test_taps_come_before_the_example():
    taps = tap_along(np.zeros(SR), SR, "silence", example_sec=[0.1, 0.3, 0.5, 0.7])
    assert taps.is_example
    assert taps.taps_sec == (0.1, 0.3, 0.5, 0.7)
    taps.taps = [0.4, 0.2, 0.6]
    assert taps.is_example
    taps.taps = [0.4, 0.2, 0.6, 0.8]
    assert taps.taps_sec == (0.2, 0.4, 0.6, 0.8)


def test_a_saved_page_says_what_to_do():
    assert tap_along(np.zeros(SR), SR, "a reel").still().words == "Run this cell to tap along with: a reel."
