"""Notes sound where and as they are written; stems, one recording a player, are together the mix."""

import io
import wave
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from musicedu.audio.synthesise import PEAK, count_in_sec, render_drums, render_stems, render_wav, synthesise
from musicedu.generation.accompaniment.arranging import arrange
from musicedu.generation.accompaniment.patterns import loop_hits
from musicedu.melody import Dynamic, Melody, Metre, TempoAt
from musicedu.pitch import midi_to_hz
from tests.audio.measure import cents_apart, estimate_f0_hz, level

SR = 22_050
F = Fraction
TUNE = replace(Melody.from_text("D4:1 F#4:1 A4:1 r:1 D5:2 A4:1/2 G4:1/2 D4:1", key="D"), tempos=(TempoAt(F(0), F(90)),))


@pytest.mark.parametrize("program", [40, 73, 71])
def test_every_note_sounds_at_its_pitch_from_its_onset(program):
    y = synthesise(TUNE, program=program)
    for note in TUNE.notes:
        onset_sec = float(note.onset) * 60 / 90
        held = y[round((onset_sec + 0.08) * SR) : round((onset_sec + 0.28) * SR)]
        assert abs(cents_apart(estimate_f0_hz(held, SR), midi_to_hz(note.pitch))) < 20
    after_rest_sec = 4 * 60 / 90
    assert level(y, SR, after_rest_sec - 0.08, after_rest_sec) < 0.05 * level(
        y, SR, after_rest_sec, after_rest_sec + 0.1
    )


def test_it_is_loud_unclipped_and_the_last_note_rings_out():
    y = synthesise(TUNE)
    assert y.dtype == np.float32
    assert np.abs(y).max() == pytest.approx(PEAK, abs=1e-4)
    assert len(y) / SR > 8 * 60 / 90 + 0.05
    assert np.abs(y[-20:]).max() < 1e-3


def test_a_transposing_instrument_sounds_transposed():
    y = synthesise(replace(TUNE, transposition=-2), program=71)
    assert abs(cents_apart(estimate_f0_hz(y[SR // 10 : SR // 2], SR), midi_to_hz(60))) < 20


def test_soft_music_is_softer_than_loud_music_in_the_same_piece():
    melody = replace(TUNE, dynamics=(Dynamic(F(0), "pp"), Dynamic(F(4), "ff")))
    y = synthesise(melody)
    assert level(y, SR, 0, 1.8) < 0.25 * level(y, SR, 2.7, 3.8)


def test_a_count_in_delays_the_music_by_its_own_length():
    with_count = synthesise(TUNE, count_in=True)
    lead_sec = count_in_sec(TUNE)
    assert lead_sec == pytest.approx(4 * 60 / 90)
    held = with_count[round((lead_sec + 0.1) * SR) : round((lead_sec + 0.4) * SR)]
    assert abs(cents_apart(estimate_f0_hz(held, SR), midi_to_hz(62))) < 20
    for beat in range(4):  # a click on each beat, silence between
        at = beat * 60 / 90
        assert level(with_count, SR, at, at + 0.05) > 10 * level(with_count, SR, at + 0.3, at + 0.5)
    assert abs(len(with_count) - len(synthesise(TUNE)) - lead_sec * SR) < SR * 0.2


def test_a_metronome_changes_the_sound_but_not_its_bounds():
    y = synthesise(TUNE, metronome=True)
    assert np.abs(y).max() == pytest.approx(PEAK, abs=1e-4)
    assert not np.array_equal(y[:SR], synthesise(TUNE)[:SR])


def test_the_same_melody_gives_the_same_bytes():
    assert render_wav(synthesise(TUNE), SR) == render_wav(synthesise(TUNE), SR)


def test_a_melody_of_rests_is_silence_of_its_length():
    y = synthesise(Melody.from_text("r:4"))
    assert len(y) == 2 * SR
    assert not y.any()


def test_a_wav_file_holds_the_samples():
    y = synthesise(TUNE)
    with wave.open(io.BytesIO(render_wav(y, SR))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, SR)
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    assert np.allclose(samples / 32767, y, atol=1e-4)


def test_what_would_clip_is_scaled_down_and_nonsense_is_refused():
    loud = np.array([0.0, 2.0, -1.0], dtype=np.float32)
    samples = np.frombuffer(render_wav(loud, SR)[44:], dtype="<i2")
    assert list(samples) == [0, 32767, -16384]
    with pytest.raises(ValueError, match="finite"):
        render_wav(np.array([np.nan], dtype=np.float32), SR)
    with pytest.raises(ValueError, match="sr must be"):
        synthesise(TUNE, sr=100)


ROCK_TUNE = Melody.from_text("C4 E4 G4 E4 F4 D4 B3:2 C4:4")


@pytest.fixture(scope="module")
def stems():
    return render_stems(arrange(ROCK_TUNE, "rock"), sr=11_025)


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
    again = render_stems(arrange(ROCK_TUNE, "rock"), sr=11_025)
    np.testing.assert_array_equal(stems.samples, again.samples)


def test_a_sample_rate_that_nobody_uses_is_refused():
    with pytest.raises(ValueError, match="sr must be"):
        render_stems(arrange(ROCK_TUNE, "rock"), sr=100)


def test_drums_alone_last_as_long_as_they_ring():
    y = render_drums(loop_hits({"kick": "x...", "closed hat": "xxxx"}, Metre(4, 4), 2), 120, sr=11_025)
    assert len(y) > 3.5 * 11_025
    assert np.abs(y).max() == pytest.approx(PEAK, abs=1e-3)
