"""Pictures of sound: they show what is there, stay small, and leave axes that others can draw on."""

import numpy as np
import pytest

from musicedu.audio.spectrum import extract_mel, extract_spectrum
from musicedu.audio.takes import record_take
from musicedu.display.plots import plot_picture
from musicedu.display.sound_view import (
    plot_likeness,
    plot_notes,
    plot_pitch,
    plot_spectrogram,
    plot_spectrum,
    plot_waveform,
)
from musicedu.melody import Melody
from musicedu.played import PlayedNote

SR = 22_050


@pytest.fixture(scope="module")
def y():
    return record_take(Melody.from_text("D4:1 F#4:1 A4:1 D5:1 r:1 D5:3"), snr_db=30).y


@pytest.mark.parametrize(
    "draw",
    [
        lambda y: plot_waveform(y, SR),
        lambda y: plot_waveform(y, SR, start_sec=0.1, end_sec=0.12, samples=True),
        lambda y: plot_spectrum(y, SR),
        lambda y: plot_spectrogram(y, SR, highest_hz=4000),
        lambda y: plot_spectrogram(y, SR),
        lambda y: plot_spectrogram(extract_mel(extract_spectrum(y, SR), n_mels=40)),
    ],
)
def test_every_picture_has_axes_in_units_and_is_small(y, draw):
    ax = draw(y)
    assert "(s)" in ax.get_xlabel() + ax.get_ylabel() or "(Hz)" in ax.get_xlabel()
    assert len(plot_picture(ax, "words").html) < 40_000 * 4 / 3


def test_no_peak_is_lost_in_a_long_waveform():
    y = np.zeros(10 * SR, dtype=np.float32)
    y[123_456] = 1
    low, high = plot_waveform(y, SR).dataLim.intervaly
    assert (low, high) == (0, 1)


def test_a_spectrum_shows_its_tone():
    y = np.sin(2 * np.pi * 440 * np.arange(SR) / SR)
    hz, decibels = plot_spectrum(y, SR, highest_hz=2000).lines[0].get_data()
    assert hz[np.argmax(decibels)] == pytest.approx(440, abs=10)
    assert hz.max() <= 2000


def test_two_sounds_on_the_same_axes_are_told_apart(y):
    ax = plot_waveform(y, SR, end_sec=0.01, label="first")
    assert plot_waveform(y, SR, ax, end_sec=0.01, label="second") is ax
    assert len({line.get_color() for line in ax.lines}) == 2
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["first", "second"]


def test_a_spectrogram_ends_where_the_sound_does_and_keeps_a_thin_line():
    y = np.pad(np.sin(2 * np.pi * 3000 * np.arange(SR) / SR), (0, SR)).astype(np.float32)
    image = plot_spectrogram(y, SR).images[0]
    left, right, low, high = image.get_extent()
    assert (left, right) == pytest.approx((0, 2), abs=0.05)
    assert (low, high) == (0, SR / 2)
    cells = np.asarray(image.get_array())
    assert np.argmax(cells[:, cells.shape[1] // 4]) / len(cells) == pytest.approx(3000 / (SR / 2), abs=0.02)


PLAYED = (PlayedNote(0.0, 0.5, 60, 80), PlayedNote(0.5, 1.0, 62, 80))


def test_peaks_are_named_where_they_are():
    ax = plot_likeness(np.cos(np.arange(100) / 5), peaks={31: "one round"})
    assert [text.get_text() for text in ax.texts] == ["one round"]
    assert ax.get_ylim()[0] < -1


def test_wrong_moments_are_crosses():
    ax = plot_pitch([0.1, 0.2, 0.6, 0.7, 1.2], [60.1, 48.0, 62.0, np.nan, 70.0], PLAYED)
    drawn = {line.get_label(): line.get_xdata().tolist() for line in ax.lines}
    assert drawn["heard wrong"] == [0.2]
    assert 0.2 not in drawn["heard"]


def test_missed_and_made_up_notes_are_in_the_legend():
    heard = (PlayedNote(0.0, 0.5, 60), PlayedNote(0.5, 0.9, 65))
    ax = plot_notes(PLAYED, heard)
    assert {"played", "heard", "missed", "made up"} <= {text.get_text() for text in ax.get_legend().get_texts()}
    right = plot_notes(PLAYED, (PlayedNote(0.0, 0.5, 60), PlayedNote(0.5, 0.9, 62)))
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["played", "heard"]


def test_nothing_played_and_nothing_heard_can_be_drawn():
    assert plot_notes((), ()).get_ylim()[0] < plot_notes(PLAYED, ()).get_ylim()[1]
