"""A slide has its pitches where they are due, keeps its loudness, and gives no onset but the first."""

import numpy as np
import pytest

from musicedu.audio.rhythm import estimate_onsets
from musicedu.audio.slide import slide

SR = 22_050


def strongest_hz(y, at_sec):
    part = y[round((at_sec - 0.05) * SR) : round((at_sec + 0.05) * SR)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), SR))
    return int(np.argmax(spectrum))


def test_every_pitch_is_reached():
    y = slide([69, 76], tone_sec=0.6, slide_sec=0.2)
    assert strongest_hz(y, 0.3) == pytest.approx(440, abs=5)
    assert strongest_hz(y, 0.95) == pytest.approx(659, abs=5)


def test_a_slide_has_one_onset():
    y = np.pad(slide([62, 66, 69]), (SR // 2, SR // 4))
    assert np.allclose(estimate_onsets(y, SR), [0.5], atol=0.06)


def test_one_pitch_is_a_plain_tone():
    assert strongest_hz(slide([69]), 0.25) == pytest.approx(440, abs=5)


@pytest.mark.parametrize("options", [{"slide_sec": 0}, {"slide_sec": 0.6}])
def test_slides_that_overlap_are_refused(options):
    with pytest.raises(ValueError, match="slide"):
        slide([62, 66], **options)
    with pytest.raises(ValueError, match="slide"):
        slide([])
