import numpy as np
import pytest

from musicedu.audio.mixing import play
from musicedu.audio.soundfont import SoundFont, bundled_soundfont
from musicedu.errors import FileProblem
from musicedu.pitch import midi_to_hz
from tests.audio.measure import cents_apart, estimate_f0_hz, level

SR = 44_100
PROGRAMS = (0, 24, 40, 41, 42, 53, 56, 60, 65, 71, 73, 74)


def sounded(program, pitch, velocity=90, duration_sec=0.5):
    layers = [play(r, pitch, velocity, duration_sec, SR) for r in bundled_soundfont().regions(program, pitch, velocity)]
    y = np.zeros(max(map(len, layers)), dtype=np.float32)
    for layer in layers:
        y[: len(layer)] += layer
    return y


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_instrument_sounds_in_tune(program):
    for pitch in (52, 59, 64, 73, 80) if program != 74 else (64, 73, 80, 86):  # a recorder has no lower notes
        y = sounded(program, pitch)
        f0_hz = estimate_f0_hz(y[SR // 10 : SR // 2], SR)
        assert abs(cents_apart(f0_hz, midi_to_hz(pitch))) < 20, (program, pitch, f0_hz)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_higher_velocity_is_louder_and_a_note_dies_away(program):
    soft, loud = sounded(program, 64, velocity=50), sounded(program, 64, velocity=110)
    assert level(soft, SR, 0, 0.5) < 0.5 * level(loud, SR, 0, 0.5)
    assert np.abs(loud[-10:]).max() < 0.01 * np.abs(loud).max()


def test_drums_have_a_bank_of_their_own():
    assert bundled_soundfont().regions(0, 76, 100, bank=128)
    with pytest.raises(ValueError, match="no program 500 in bank 0"):
        bundled_soundfont().regions(500, 60, 100)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\x04\0\0\0sfbk", b"hello" * 10])
def test_a_file_that_is_no_soundfont_is_refused(data):
    with pytest.raises(FileProblem, match=r"drums\.sf2: is not a complete SoundFont 2 file"):
        SoundFont(data, where="drums.sf2")
