"""Overlap, control, reconstruction and originality on cases whose answer is known."""

import numpy as np
import pytest

from musicedu.encoding.events import Window
from musicedu.encoding.vocabulary import REST, TIE, VALUE_INDEX, token_of_pitch
from musicedu.evaluation.making.reconstructing import as_steps, compare
from musicedu.evaluation.overlap import control, mean_of_halves, mean_overlap, overlapped_area
from musicedu.grid import Grid, line_of
from musicedu.melody import Melody, Metre
from musicedu.originality.copied import copied_share, runs_of

RNG = np.random.default_rng(0)


def test_a_sample_overlaps_wholly_with_itself_and_not_at_all_with_a_far_one():
    sample = RNG.normal(size=200)
    assert overlapped_area(sample, sample) == pytest.approx(1.0)
    assert overlapped_area(sample, sample + 100) == pytest.approx(0.0, abs=1e-6)


def test_overlap_falls_as_samples_part_and_does_not_mind_their_order():
    sample, other = RNG.normal(size=300), RNG.normal(size=300)
    areas = [overlapped_area(sample, other + shift) for shift in (0, 1, 2, 4)]
    assert areas == sorted(areas, reverse=True)
    assert overlapped_area(sample, other) == pytest.approx(overlapped_area(other, sample))


def test_constant_values_overlap_if_they_are_equal():
    assert overlapped_area(np.ones(5), np.ones(7)) == pytest.approx(1.0)
    assert overlapped_area(np.ones(5), np.zeros(7)) < 0.01


def test_an_empty_sample_is_refused():
    with pytest.raises(ValueError, match="values on both sides"):
        overlapped_area(np.array([]), np.ones(2))


def test_control_is_one_for_obedience_and_zero_for_a_constant():
    asked = RNG.normal(size=(50, 3))
    realised = np.column_stack([asked[:, 0] * 2, -asked[:, 1], np.ones(50)])
    assert control(asked, realised) == pytest.approx([1.0, -1.0, 0.0])


def test_what_is_always_asked_alike_cannot_be_controlled():
    assert np.isnan(control(np.ones((9, 1)), RNG.normal(size=(9, 1)))[0])


def test_halves_of_one_set_overlap_more_than_two_different_sets():
    table = RNG.normal(size=(400, 2))
    assert mean_of_halves(table, RNG) > 0.85 > mean_overlap(table, table + 3)


def test_halves_that_keep_groups_together_overlap_less_where_groups_differ():
    centres = RNG.normal(size=(12, 2))
    table = np.repeat(centres, 30, axis=0) + 0.1 * RNG.normal(size=(360, 2))
    groups = [str(index // 30) for index in range(360)]
    assert mean_of_halves(table, RNG, groups=groups) < mean_of_halves(table, RNG) - 0.1
    alone = [str(index) for index in range(360)]
    same = [mean_of_halves(table, np.random.default_rng(3), groups=names) for names in (None, sorted(alone))]
    assert same[0] == pytest.approx(same[1], abs=0.02)


def window(*events):
    tokens = {"r": REST, "~": TIE}
    made = tuple(
        (VALUE_INDEX[value], tokens[what] if what in tokens else token_of_pitch(what)) for value, what in events
    )
    return Window(Grid(Metre(2, 4), 1), made, is_minor=False)


def test_reconstruction_counts_steps_pitches_and_onsets():
    truth = window((12, 60), (6, 62), (6, "r"))
    assert compare(truth, truth.events).steps == 1.0
    off = compare(truth, window((12, 61), (12, 62)).events)
    assert off.onset_pitch == 0.5
    assert off.onset_f == 1.0
    assert off.steps == pytest.approx(1 - 7 / 24)


def test_a_tie_goes_on_and_a_tie_after_silence_is_silent():
    assert (as_steps(window((12, 60), (12, "~")).events)[12:] == as_steps(window((24, 60)).events)[12:]).all()
    assert set(as_steps(window((24, "r")).events).tolist()) == {-1}


def test_reconstructions_of_another_length_are_refused():
    with pytest.raises(ValueError, match="lasts 24 steps"):
        compare(window((24, 60)), window((12, 60)).events)


def test_a_transposed_tune_is_copied_and_another_is_not():
    tune = Melody.from_text("C4 D4 E4 F4 G4 A4 B4 C5 B4 G4 E4 C4")
    known = set(runs_of(line_of(tune)))
    assert len(known) == 5
    assert copied_share([line_of(tune.transposed(5))], known) == 1.0
    assert copied_share([line_of(Melody.from_text("C4 E4 D4 F4 E4 G4 F4 A4 G4 B4 A4 C5"))], known) == 0.0
    assert copied_share([], known) == 0.0
