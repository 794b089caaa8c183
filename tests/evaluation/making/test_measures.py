"""Every measure of made music, on cases whose answer is known and on faults planted to be found."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.encoding.vocabulary import N_TOKENS, N_VALUES
from musicedu.evaluation.making.copying import RunIndex, copied_interval, index_of_tunes
from musicedu.evaluation.making.diversity import (
    content_table,
    content_vector,
    distance,
    judge_coverage,
    mean_distance,
    mean_distance_within,
    unique_share,
)
from musicedu.evaluation.making.judging import judge_control
from musicedu.evaluation.making.pieces import line_of_window
from musicedu.evaluation.making.style import nats_of
from musicedu.evaluation.making.tonal import cadence_share, has_cadence, key_clarity, own_key_share
from musicedu.generation.decoding import no_preference
from musicedu.generation.markov import MarkovModel
from musicedu.grid import line_of
from musicedu.originality.copied import runs_of
from tests.evaluation.making.examples import tune, walk, walks, window_of

RNG = np.random.default_rng(0)
REAL = walks(150, np.random.default_rng(1))
OTHERS = walks(150, np.random.default_rng(2))


def test_control_knows_order_and_error_knows_units():
    asked = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]])
    found = judge_control(asked, asked + np.array([2.0, 0.5]), ["range", "register"])
    assert found.spearman["range"] == 1.0
    assert found.error == {"range": 2.0, "register": 0.5}
    assert found.mean == 1.0, "what is always asked alike counts for nothing"
    with pytest.raises(ValueError, match="must be"):
        judge_control(asked, asked[:2], ["range", "register"])


def test_a_generator_that_ignores_requests_has_no_control():
    asked = RNG.normal(size=(300, 2))
    assert abs(judge_control(asked, RNG.permutation(asked), ["a", "b"]).mean) < 0.15


def test_a_collapsed_generator_is_neither_unique_nor_spread():
    collapsed = [REAL[0]] * 50
    assert unique_share(collapsed) == 1 / 50
    assert mean_distance(collapsed, RNG) == 0.0
    assert unique_share(REAL) == 1.0
    assert mean_distance(REAL, RNG) > 0.8


def test_a_narrow_generator_is_unique_and_yet_its_spread_and_coverage_show_it():
    narrow = [replace(REAL[0], events=(*REAL[0].events[:-2], *one.events[-2:])) for one in OTHERS]
    assert unique_share(narrow) > 0.4
    assert mean_distance(narrow, RNG) < 0.25 * mean_distance(REAL, RNG)
    real, real_too = content_table(REAL), content_table(OTHERS)
    assert judge_coverage(real, content_table(narrow)).coverage < 0.3
    assert judge_coverage(real, real_too).coverage > 0.85


def test_distance_counts_steps_and_refuses_other_lengths():
    one, other = window_of((48, 60)), window_of((24, 60), (24, 60))
    assert distance(one, one) == 0.0
    assert distance(one, other) == pytest.approx(1 / 48), "a note begun anew is one step that differs"
    assert distance(one, window_of((24, 60), (24, 62))) == 0.5
    with pytest.raises(ValueError, match="48 and of 96"):
        distance(one, window_of((48, 60), (48, 60)))


def test_windows_for_one_request_are_compared_among_themselves():
    one, other = window_of((48, 60)), window_of((48, 62))
    assert mean_distance_within([one, one, other, other], [0, 0, 1, 1]) == 0.0
    assert mean_distance_within([one, other, one, other], [0, 0, 1, 1]) == 1.0
    assert np.isnan(mean_distance_within([one, other], [0, 1]))


def test_noise_covers_nothing_and_a_copier_everything():
    real = content_table(REAL)
    noise = np.abs(RNG.normal(size=real.shape))
    assert judge_coverage(real, noise).coverage < 0.05
    assert judge_coverage(real, real).coverage == 1.0


def test_the_commonest_alone_is_dense_and_covers_little():
    real = content_table(REAL)
    middle = real[np.argsort(np.linalg.norm(real - real.mean(axis=0), axis=1))[:5]]
    safe = judge_coverage(real, np.repeat(middle, 30, axis=0))
    assert safe.density > 1.5
    assert safe.coverage < 0.7


def test_content_is_of_length_one_and_does_not_mind_octaves():
    assert np.linalg.norm(content_vector(REAL[0])) == pytest.approx(1.0)
    low, high = window_of((24, 60), (24, 64)), window_of((24, 72), (24, 76))
    np.testing.assert_allclose(content_vector(low), content_vector(high))


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(2, 10))
def test_hashed_runs_are_the_runs_of_the_originality_room(seed, n_notes):
    rng = np.random.default_rng(seed)
    known, asked = [line_of(tune(rng, 6)) for _ in range(3)], [line_of(tune(rng, 6)) for _ in range(3)]
    runs = {run for line in known for run in runs_of(line, n_notes)}
    exact = np.mean([run in runs for line in asked for run in runs_of(line, n_notes)])
    assert RunIndex(known).share(asked, n_notes) == pytest.approx(exact)


def test_a_copier_in_another_key_and_in_longer_notes_is_found():
    tunes = [tune(np.random.default_rng(seed)) for seed in range(4)]
    index = index_of_tunes(tunes)
    copy, fresh = line_of(tunes[2].transposed(5)), line_of(tune(np.random.default_rng(99)))
    slow = replace(copy, onsets=2 * copy.onsets, durations=2 * copy.durations)
    assert index.share([copy]) == 1.0
    assert index.share([slow]) == 1.0
    assert index.share([fresh]) < 0.1
    assert index.longest([copy, fresh])[0] == 24
    assert 2 <= index.longest([copy, fresh])[1] < 12
    assert index.share([]) == 0.0


def test_the_longest_run_is_counted_in_notes():
    index = RunIndex([line_of_window(window_of((12, 60), (12, 62), (12, 64), (12, 65)))])
    same_three = line_of_window(window_of((12, 67), (12, 69), (12, 71), (12, 60)))
    assert index.longest([same_three, line_of_window(window_of((48, 60)))]).tolist() == [3, 0]


def test_the_interval_of_a_copied_share_is_wider_where_tunes_are_few():
    known, runs = np.tile([0, 8], 50), np.full(100, 8)
    few = copied_interval(known, runs, np.repeat(np.arange(10), 10), RNG)
    many = copied_interval(np.sort(known), runs, np.arange(100), RNG)
    alike = copied_interval(np.sort(known), runs, np.repeat(np.arange(10), 10), RNG)
    assert few == (0.5, 0.5), "every tune has the same share"
    assert alike[0] < many[0] < 0.5 < many[1] < alike[1]


def test_surprise_is_that_of_chance_for_a_model_that_knows_nothing():
    chance = np.log(N_VALUES) + np.log(N_TOKENS)
    np.testing.assert_allclose(nats_of(REAL[:5], no_preference), chance)


def test_a_style_model_knows_its_own_and_wonders_at_noise_but_yawns_at_one_note():
    style = MarkovModel(REAL, 2)
    noise = [window_of(*[(6, int(pitch)) for pitch in RNG.integers(50, 80, 32)]) for _ in range(5)]
    bore = [window_of(*[(12, 67)] * 16)] * 5
    real, others, noisy = (nats_of(windows, style).mean() for windows in (REAL, OTHERS, noise))
    assert real < others < noisy
    assert nats_of(bore, MarkovModel([*REAL, *bore], 2)).mean() < real


def test_a_padded_batch_is_judged_as_each_window_alone():
    style = MarkovModel(REAL, 3)
    some = [walk(np.random.default_rng(seed), 1 + seed % 4) for seed in range(6)]
    np.testing.assert_allclose(nats_of(some, style), [nats_of([one], style)[0] for one in some])


C_MAJOR = [(12, 60), (12, 64), (12, 67), (12, 64), (12, 65), (12, 62), (12, 59), (12, 62), (48, 60)]


def test_a_scale_has_a_key_and_all_twelve_notes_have_none():
    chromatic = window_of(*[(4, 60 + step) for step in range(12)])
    assert key_clarity([window_of(*C_MAJOR), chromatic]) == pytest.approx([0.9, 0.0], abs=0.07)
    assert own_key_share([window_of(*C_MAJOR)]) == 1.0
    assert own_key_share([window_of(*C_MAJOR, minor=True)]) == 0.0


@pytest.mark.parametrize(
    ("notes", "comes_home"),
    [
        (C_MAJOR, True),
        ([*C_MAJOR[:-1], (48, 62)], False),
        ([(36, 67), (6, 65), (6, 60)], False),  # too short, and off the beat
        ([(36, 67), (12, 60)], False),  # shorter than the notes are on average
        ([(24, 67), (24, 60)], True),
    ],
)
def test_a_cadence_is_a_long_tonic_on_a_beat(notes, comes_home):
    assert has_cadence(window_of(*notes)) is comes_home


def test_only_ends_are_asked_for_a_cadence():
    windows = [window_of(*C_MAJOR), window_of(*C_MAJOR, minor=True), window_of((48, 62), ends=False)]
    assert cadence_share(windows) == 0.5
    assert np.isnan(cadence_share(windows[2:]))
