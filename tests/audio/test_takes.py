"""A take says exactly what was played, whatever the room and the noise."""

from fractions import Fraction

import numpy as np
import pytest

from musicedu.audio.rhythm import estimate_onsets
from musicedu.audio.takes import ROOMS, record_take, slide, with_noise
from musicedu.errors import UnknownName
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Melody

TUNE = Melody.from_text("G4:1 A4:1 B4:1 C5:1/2 D5:1/2 B4:1 G4:1", metre="3/4", key="G")


def test_notes_beats_and_chords_stand_where_they_sound():
    chords = [ChordAt(Fraction(0), Chord(7)), ChordAt(Fraction(3), Chord(0))]
    take = record_take(TUNE, chords=chords)
    assert [note.onset_sec for note in take.notes] == [0, 0.5, 1.0, 1.5, 1.75, 2.0, 2.5]
    assert take.beats_sec == (0, 0.5, 1.0, 1.5, 2.0, 2.5)
    assert take.downbeats_sec == (0, 1.5)
    assert [(one.onset_sec, one.offset_sec, one.chord.name) for one in take.chords] == [(0, 1.5, "G"), (1.5, 3.0, "C")]
    assert 3.0 <= take.duration_sec <= 3.6


@pytest.mark.parametrize("room", ROOMS)
def test_a_note_begins_in_the_sound_where_the_truth_says(room):
    take = record_take(Melody.from_text("r:2 C5:2"), program=0, room=room)
    at = round(take.notes[0].onset_sec * take.sr)
    before, after = take.y[at - 2000 : at - 200], take.y[at : at + 2000]
    assert np.mean(after**2) > 1000 * np.mean(before**2)


def test_the_noise_lies_as_far_below_the_music_as_asked():
    y = record_take(TUNE).y
    noise = with_noise(y, 10.0, np.random.default_rng(1)) - y
    ratio_db = 10 * np.log10(np.mean(y.astype(float) ** 2) / np.mean(noise.astype(float) ** 2))
    assert ratio_db == pytest.approx(10.0, abs=0.01)


def test_an_unknown_room_is_named():
    with pytest.raises(UnknownName, match=r"'kitchen'.* dry, room, hall"):
        record_take(TUNE, room="kitchen")


def test_the_same_seed_gives_the_same_take():
    takes = [record_take(TUNE, room="hall", snr_db=10, rng=np.random.default_rng(3)).y for _ in range(2)]
    assert np.array_equal(*takes)


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
