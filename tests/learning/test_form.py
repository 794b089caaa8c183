"""Form letters find what was sewn together, whatever key it is in, and whether it is written or heard."""

import numpy as np
import pytest

from musicedu.attributes.segments import segment_slots
from musicedu.audio.segments import extract_segments
from musicedu.audio.takes import record_take
from musicedu.errors import Unsatisfiable
from musicedu.evaluation.patchwork import FORMS, draw_phrases, sew
from musicedu.learning.clustering import score_pairs
from musicedu.learning.form import (
    ALIKE_IN_SOUND,
    cluster_segments,
    form_letters,
    letters_of,
    segment_points,
    self_similarity,
)
from musicedu.melody import Melody
from musicedu.melody.cutting import cut_measures, join

PHRASES = [
    Melody.from_text("C4:1 D4:1 E4:1 F4:1 G4:2 E4:2 A4:1 G4:1 F4:1 E4:1 D4:4"),
    Melody.from_text("G4:1/2 E4:1/2 G4:1/2 E4:1/2 C5:2 A4:1 B4:1 C5:2 B4:1/2 A4:1/2 G4:1 F4:2 E4:2 r:2"),
    Melody.from_text("C5:3 G4:1 C5:3 G4:1 E5:4 r:2 C5:2"),
    Melody.from_text("E4:1/2 D4:1/2 C4:1/2 D4:1/2 E4:1 E4:1 D4:1 D4:1 r:1 D4:1 E4:1 G4:1 G4:2 F4:2 C4:2"),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("n_changed", [0, 1])
def test_what_was_sewn_is_found(form, n_changed):
    assert form_letters(sew(form, PHRASES, n_changed=n_changed)) == form


def test_a_form_is_the_same_in_any_key_and_a_sequence_is_a_return():
    piece = sew("AABA", PHRASES)
    assert form_letters(piece.transposed(3)) == form_letters(piece) == "AABA"
    step_higher = Melody.from_text("D4:1 E4:1 F4:1 G4:1 A4:2 F4:2 B4:1 A4:1 G4:1 F4:1 E4:4")
    sequence = join([PHRASES[0], step_higher, PHRASES[1]])
    assert form_letters(sequence) == "AAB"
    assert form_letters(sequence, layout="pitch") == "ABC"


def test_similarity_is_the_share_of_time_in_which_both_sound_alike():
    other = join([cut_measures(PHRASES[0], 1, 3), cut_measures(PHRASES[2], 4, 1)])
    similar = self_similarity(segment_slots(join([PHRASES[0], other]), 4, "pitch"))
    assert similar.diagonal().tolist() == pytest.approx([1, 1])
    assert similar[0, 1] == pytest.approx(3 / 4)
    points = segment_points(segment_slots(join([PHRASES[0], other]), 4, "pitch"))
    assert ((points[0] - points[1]) ** 2).sum() == pytest.approx(1 - 3 / 4)


def test_an_upbeat_begins_every_segment():
    upbeat = Melody.from_text("G4:1 C4:2 E4:2 G4:2 E4:1 G4:1 C4:2 E4:2 G4:2 E4:1", anacrusis=1)
    assert segment_slots(upbeat, 2).shape == (2, 96, 8)
    assert form_letters(upbeat, 2) == "AA"


def test_a_leftover_shorter_than_half_a_segment_is_left_out():
    assert len(segment_slots(Melody.from_text("C4:4 D4:4 E4:4 F4:4 G4:4"), 4)) == 1
    assert len(segment_slots(Melody.from_text("C4:4 D4:4 E4:4 F4:4 G4:4 A4:4"), 4)) == 2
    assert form_letters(Melody.from_text("C4:1"), 4) == ""


@pytest.mark.parametrize("taken", [{}, {"room": "room", "snr_db": 10.0}])
def test_a_form_is_heard_in_a_take(taken):
    piece = sew("AABA", PHRASES)
    take = record_take(piece, program=73, **taken)
    measures = [*take.downbeats_sec, 2 * take.downbeats_sec[-1] - take.downbeats_sec[-2]]
    segments = extract_segments(take.y, take.sr, measures[::4], n_slots=64)
    assert segments.shape == (4, 64, 12)
    assert letters_of(cluster_segments(segments, ALIKE_IN_SOUND).labels) == "AABA"
    timbre = extract_segments(take.y, take.sr, measures[::4], feature="mfcc", n_slots=64)
    assert self_similarity(timbre)[0, 1] > self_similarity(timbre)[0, 2]


def test_silence_is_like_nothing():
    segments = extract_segments(np.zeros(22_050, dtype=np.float32), 22_050, [0, 0.5, 1.0])
    assert self_similarity(segments).tolist() == [[0, 0], [0, 0]]


def test_letters_come_in_order_and_can_run_out():
    assert letters_of(np.array([5, 5, 1, 5, 0])) == "AABAC"
    with pytest.raises(Unsatisfiable, match="60 different segments"):
        letters_of(np.arange(60))


def test_drawn_phrases_come_in_one_key():
    tunes = [Melody.from_text("C4:2 E4:2 " * 8), Melody.from_text("D4:2 F#4:2 " * 8, key="D")]
    phrases = draw_phrases(tunes, 2, np.random.default_rng(0))
    assert phrases[0].key == phrases[1].key
    assert phrases[0].pitches == phrases[1].pitches


def test_too_few_phrases_and_half_measures_are_refused():
    with pytest.raises(ValueError, match="ABC needs 3 phrases, not 2"):
        sew("ABC", PHRASES[:2])
    with pytest.raises(ValueError, match="only whole measures of 4/4"):
        join([PHRASES[0], Melody.from_text("C4:3")])
    with pytest.raises(ValueError, match="no 3 measures from number 3 on"):
        cut_measures(PHRASES[0], 3, 3)
    with pytest.raises(ValueError, match="a segment has 1 measure or more"):
        segment_slots(PHRASES[0], 0)


def test_letters_agree_with_sewn_forms_far_better_than_the_baselines():
    truths = [(form, sew(form, PHRASES, n_changed=2)) for form in FORMS]
    ours = np.mean([score_pairs(form, form_letters(piece)).f for form, piece in truths])
    same = np.mean([score_pairs(form, "A" * len(form)).f for form, _ in truths])
    assert ours > same + 0.3
