"""Segments of a recording have one shape whatever their length, and are alike where the music is."""

import numpy as np
import pytest

from musicedu.audio.segments import extract_segments
from musicedu.audio.takes import record_take, with_noise
from musicedu.melody import Melody

TUNE = Melody.from_text("C4:1 E4:1 G4:1 C5:1 F4:2 A4:2 C4:1 E4:1 G4:1 C5:1")


@pytest.fixture(scope="module")
def take():
    return record_take(TUNE, program=73)


def alike(segments, first, second):
    return float((segments[first] * segments[second]).sum() / segments.shape[1])


def test_every_slot_has_length_one(take):
    segments = extract_segments(take.y, take.sr, [0, 2, 4, 6])
    assert segments.shape == (3, 16, 12)
    np.testing.assert_allclose(np.linalg.norm(segments, axis=2), 1, atol=1e-9)


def test_the_same_music_is_alike_and_other_music_is_not(take):
    segments = extract_segments(take.y, take.sr, [0, 2, 4, 6])
    assert alike(segments, 0, 2) > 0.9
    assert alike(segments, 0, 1) < 0.3


def test_a_steady_noise_makes_nothing_alike(take):
    noisy = with_noise(take.y, 10, np.random.default_rng(0))
    segments = extract_segments(noisy, take.sr, [0, 2, 4, 6])
    assert alike(segments, 0, 2) > 0.7
    assert alike(segments, 0, 1) < 0.3


def test_segments_of_different_tempo_are_comparable(take):
    assert extract_segments(take.y, take.sr, [0, 1, 4], n_slots=8).shape == (2, 8, 12)


def test_timbre_has_its_own_features(take):
    assert extract_segments(take.y, take.sr, [0, 2, 4], feature="mfcc").shape == (2, 16, 12)


def test_what_cannot_be_cut_is_refused(take):
    with pytest.raises(ValueError, match="feature must be 'chroma' or 'mfcc', not 'colour'"):
        extract_segments(take.y, take.sr, [0, 2], feature="colour")
    with pytest.raises(ValueError, match="2 boundaries or more, not 1"):
        extract_segments(take.y, take.sr, [0])
