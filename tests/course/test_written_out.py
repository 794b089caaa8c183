"""What the lessons on data and features write out is what the package does."""

from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import iqr

from musicedu.audio.pitch import estimate_f0, normalised_difference, notes_of_runs
from musicedu.audio.spectrum import extract_centroid, extract_spectrum
from musicedu.audio.takes import record_take
from musicedu.course.cells import solved
from musicedu.course.source import load_lesson
from musicedu.encoding.piano_roll import piano_roll
from musicedu.evaluation.overlap import control, overlapped_area
from musicedu.evaluation.proportions import clopper_pearson
from musicedu.grid import line_of
from musicedu.learning.classify import folds_apart
from musicedu.melody import Melody
from musicedu.originality.copied import runs_of
from musicedu.weights import rank_in

SOURCES = Path(__file__).parents[2] / "notebooks" / "source"


def function_of(lesson, cell, name, **known):
    """A function as it stands in the solved cell of a lesson, without the rest of the cell."""
    text = next(one.text for one in load_lesson(SOURCES / f"{lesson}.py").cells if one.id == cell)
    lines = solved(text).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(f"def {name}("))
    last = next((n for n in range(first + 1, len(lines)) if lines[n] and not lines[n].startswith(" ")), len(lines))
    scope = {"np": np, **known}
    exec("\n".join(lines[first:last]), scope)
    return scope[name]


def test_a_punched_roll_is_the_piano_roll():
    punch = function_of("06_scores_as_data", "task-1", "punch")
    for text, steps in (("C4:1 r:1 E4:2", 2), ("G4:3/2 A4:1/2 B4:1/3 C5:1/3 D5:4/3", 12)):
        melody = Melody.from_text(text)
        np.testing.assert_array_equal(punch(melody, steps), piano_roll(melody, steps))


@pytest.mark.parametrize("program", [40, 71])
def test_brightness_is_the_centroid(program):
    brightness = function_of("07_features_and_svm", "task-1", "brightness")
    take = record_take(Melody.from_text("A4:1 E5:1/2 C5:1/2"), program=program)
    spectrum = extract_spectrum(take.y, take.sr)
    loud = spectrum.values.sum(axis=0) > 1e-3
    by_hand = [brightness(frame, spectrum.rows) for frame in spectrum.values.T[loud]]
    np.testing.assert_allclose(by_hand, extract_centroid(spectrum).values[loud], rtol=1e-4)


def test_holding_out_by_hand_is_as_tight_as_the_packages_folds():
    hold_out = function_of("07_features_and_svm", "task-2", "hold_out")
    groups = np.random.default_rng(0).integers(0, 7, 60)
    folds = folds_apart(groups, n_folds=3)
    by_hand = [tuple(map(np.flatnonzero, hold_out(groups, np.unique(groups[test])))) for _, test in folds]
    assert all(not set(groups[train]) & set(groups[test]) for train, test in by_hand)
    for ours, packages in zip(by_hand, folds, strict=True):
        assert [part.tolist() for part in ours] == [part.tolist() for part in packages]


def test_leaps_by_hand_are_the_leap_share():
    from musicedu.attributes.catalogue import measure

    describe_tune = function_of("07_features_and_svm", "describe", "describe_tune")
    for text in ("C4:1 D4:1 F4:1/2 F4:3/2", "G4:1 E4:1/4 C4:3/4 C5:1"):
        melody = Melody.from_text(text)
        assert describe_tune(melody)[3] == pytest.approx(measure(melody, ["leap_share"])["leap_share"])


def test_the_difference_by_hand_is_yins():
    yin_curve = function_of("03_melody", "yin-by-hand", "yin_curve")
    frames = np.random.default_rng(0).normal(size=(3, 300))
    np.testing.assert_allclose([yin_curve(frame, 200, 100) for frame in frames], normalised_difference(frames, 200))


def test_runs_joined_by_hand_are_the_packages():
    join = function_of("03_melody", "task-2", "join")
    take = record_take(Melody.from_text("A4:1 A4:1/2 C5:1/2 r:1 E5:1"))
    track = estimate_f0(take.y, take.sr)
    moments = [round(pitch) if voiced else None for pitch, voiced in zip(track.pitch, track.voiced_flag, strict=True)]
    packages = [(note.onset_sec, note.offset_sec, note.pitch) for note in notes_of_runs(track, shortest_sec=0)]
    np.testing.assert_allclose(join(moments, 256 / take.sr), packages)


def test_the_area_under_both_is_the_overlap():
    density = function_of("16_is_it_any_good", "overlap-widget", "density")
    area = function_of("16_is_it_any_good", "task-1", "area_under_both")
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=300), rng.normal(0.7, 1.2, size=300)
    width = np.mean([0.9 * min(one.std(), iqr(one) / 1.349) * len(one) ** -0.2 for one in (first, second)])
    both = np.concatenate([first, second])
    points = np.linspace(both.min() - 3 * width, both.max() + 3 * width, 512)
    by_hand = area(density(first, points, width), density(second, points, width))
    assert by_hand == pytest.approx(overlapped_area(first, second), abs=1e-6)


def test_runs_by_hand_are_the_runs_of_the_package():
    runs = function_of("16_is_it_any_good", "task-2", "runs")
    line = line_of(Melody.from_text("C4 D4:1/2 E4:1/2 F4 G4 A4:1/2 B4 C5:1/2 B4 G4 E4 C4"))
    assert runs(line.pitches, line.onsets) == set(runs_of(line))


@pytest.mark.parametrize(("n_right", "n_pairs"), [(0, 5), (7, 12), (12, 12), (60, 120)])
def test_the_interval_by_hand_is_the_exact_one(n_right, n_pairs):
    exact_interval = function_of("16_is_it_any_good", "interval-by-hand", "exact_interval", comb=comb)
    assert exact_interval(n_right, n_pairs) == pytest.approx(clopper_pearson(n_right, n_pairs), abs=2e-3)


def test_movement_and_unlikeness_by_hand_are_the_packages():
    from musicedu.models.movement import movement
    from musicedu.training.step_figures import pairwise_distance

    moved = function_of("13_a_gan", "task-1", "moved")
    unlike = function_of("13_a_gan", "task-2", "unlike", combinations=combinations)
    rng = np.random.default_rng(0)
    before, after = ([rng.normal(size=shape) for shape in ((3, 4), (4,))] for _ in range(2))
    assert moved(before, after) == movement(before, after)
    rows = rng.integers(0, 4, (30, 8))
    assert unlike(rows) == pytest.approx(pairwise_distance(rows))


def test_the_pair_by_hand_is_the_packages_without_its_cures():
    import keras
    from keras import layers, ops

    from musicedu.configs import DenseGanConfig
    from musicedu.models.dense_gan import build_dense_gan, cross_entropy
    from musicedu.models.losses import gradient_penalty, wasserstein_estimate

    known = {"keras": keras, "layers": layers, "N_NOISE": 100, "N_STEPS": 32, "N_TOKENS": 39}
    known["stacked"] = function_of("13_a_gan", "pair", "stacked", **known)
    package = build_dense_gan(DenseGanConfig(one_hot=False, batch_norm=False))
    for name in ("generator", "discriminator"):
        by_hand = function_of("13_a_gan", "pair", f"build_{name}", **known)()
        by_hand.set_weights(getattr(package, name).get_weights())
        x = np.random.default_rng(0).normal(size=(5, *by_hand.input_shape[1:])).astype(np.float32)
        wanted = package(x) if name == "generator" else ops.sigmoid(package.discriminator(x))
        np.testing.assert_allclose(np.asarray(by_hand(x)), np.asarray(wanted), atol=1e-5)

    logits = np.array([[2.0], [-1.0]], np.float32)
    by_keras = keras.losses.BinaryCrossentropy()(np.ones((2, 1)), ops.sigmoid(logits))
    assert float(by_keras) == pytest.approx(float(cross_entropy(logits, is_real=True)), abs=1e-5)

    critic_loss = function_of("13_a_gan", "task-3", "critic_loss", ops=ops)
    rng = np.random.default_rng(1)
    on_real, on_made, gradients = (rng.normal(size=(6, n)).astype(np.float32) for n in (1, 1, 12))
    slopes = np.linalg.norm(gradients, axis=1)
    wanted = 10 * gradient_penalty(gradients) - wasserstein_estimate(on_real, on_made)
    assert float(critic_loss(on_real, on_made, slopes)) == pytest.approx(float(wanted), rel=1e-5)


def test_counting_notes_over_chords_by_hand_is_the_packages():
    from musicedu.harmony.chord_tables import counted_shares

    note_table = function_of("15_a_producers_page", "task-1", "note_table")
    rng = np.random.default_rng(1)
    degrees, notes = rng.integers(0, 7, 200), rng.integers(0, 12, 200)
    np.testing.assert_allclose(note_table(degrees, notes), counted_shares(degrees, notes, (7, 12)))


def test_viterbis_step_by_hand_is_the_packages_search():
    from musicedu.harmony.hidden_chords import best_path

    step = function_of("15_a_producers_page", "task-2", "step")
    rng = np.random.default_rng(2)
    first, moves, worths = rng.normal(size=7), rng.normal(size=(7, 7)), rng.normal(size=(9, 7))
    best, marks = first, []
    for worth in worths:
        best, origins = step(best, moves, worth)
        marks.append(origins)
    row = [int(best.argmax())]
    for origins in reversed(marks):
        row.append(int(origins[row[-1]]))
    assert row[::-1] == best_path(first, [moves] * len(worths), list(worths))


def test_parallels_by_hand_are_the_packages():
    from musicedu.harmony.voices import count_parallels

    parallels = function_of("15_a_producers_page", "parallels", "parallels")
    rng = np.random.default_rng(3)
    for _ in range(50):
        before, after = (np.sort(rng.integers(40, 80, 4))[::-1].tolist() for _ in range(2))
        assert parallels(before, after) == count_parallels(before, after)


CLOUDS = np.random.default_rng(3).normal(size=(3, 7, 5)).astype(np.float32)


def test_a_draw_by_hand_is_the_reparameterised_one():
    from musicedu.models.losses import reparameterised

    by_hand = function_of("11_autoencoder_to_vae", "task-2", "draw_from_cloud")
    np.testing.assert_allclose(by_hand(*CLOUDS), np.asarray(reparameterised(*CLOUDS)), rtol=1e-5)


def test_the_kl_by_hand_and_by_draws_is_the_losss():
    from musicedu.models.losses import kl_loss

    by_hand = function_of("11_autoencoder_to_vae", "task-3", "kl_of_cloud")
    mean, log_var, _ = CLOUDS
    loss = float(np.asarray(kl_loss(mean, log_var, 0.0, 0.0)).sum())
    assert by_hand(mean, log_var).mean() == pytest.approx(loss, rel=1e-5)


def test_notes_given_back_by_hand_are_the_onset_pitches():
    from musicedu.evaluation.making.reconstructing import compare_rows

    by_hand = function_of("11_autoencoder_to_vae", "task-1", "note_accuracy")
    rows, guesses = np.random.default_rng(4).integers(0, 6, (2, 20, 32))
    assert by_hand(rows, guesses) == pytest.approx(compare_rows(rows, guesses).onset_pitch)


def test_the_autoencoder_by_hand_has_the_packages_layers():
    import keras
    from keras import layers, ops

    from musicedu.configs import AutoencoderConfig
    from musicedu.models.autoencoder import build_autoencoder

    known = {"keras": keras, "layers": layers, "ops": ops}
    build_encoder, build_decoder = (
        function_of("11_autoencoder_to_vae", "autoencoder", name, **known)
        for name in ("build_encoder", "build_decoder")
    )
    for beta, n_told in ((0.0, 32), (0.2, 64)):
        by_hand = [*build_encoder(n_told).weights, *build_decoder(32).weights]
        packages = build_autoencoder(AutoencoderConfig(beta=beta)).trainable_variables
        assert [tuple(one.shape) for one in by_hand] == [tuple(one.shape) for one in packages]


def test_ranks_by_hand_are_the_ranks_of_weights():
    rank = function_of("14_asking_a_gan", "task-1", "rank")
    known = np.sort(np.random.default_rng(1).integers(0, 30, 101)).astype(np.float32)
    for value in (-1.0, 0.0, 7.0, 7.5, 29.0, 40.0):
        assert rank(value, known) == pytest.approx(float(rank_in(known, value)))


def test_spearman_by_hand_is_control_where_nothing_is_equal():
    places = function_of("14_asking_a_gan", "task-3", "places")
    spearman = function_of("14_asking_a_gan", "task-3", "spearman", places=places)
    asked, came = np.random.default_rng(2).permuted(np.arange(80.0).reshape(2, 40), axis=1)
    assert spearman(asked, came) == pytest.approx(control(asked[:, None], came[:, None])[0])


def test_the_wish_beside_every_step_is_what_the_critic_adds():
    from musicedu.configs import GanConfig
    from musicedu.encoding.features import N_CONDITION
    from musicedu.models.gan_parts import Critic

    beside = function_of("14_asking_a_gan", "task-2", "beside")
    critic = Critic(GanConfig(channels=16), "critic")
    first = critic.body.convolutions[0]
    kernel = np.asarray(first.kernel)
    rng = np.random.default_rng(3)
    steps = rng.normal(size=(2, 64, kernel.shape[1])).astype(np.float32)
    wish = rng.uniform(-1, 1, (2, N_CONDITION)).astype(np.float32)
    for_wish = np.zeros((len(kernel), N_CONDITION, kernel.shape[2]), np.float32)
    for_wish[len(kernel) // 2] = np.asarray(critic.condition.kernel)
    told, taps = beside(steps, wish), np.concatenate([kernel, for_wish], axis=1)
    padded = np.pad(told, ((0, 0), (2, 2), (0, 0)))
    by_hand = sum(padded[:, tap : tap + 64] @ taps[tap] for tap in range(len(taps)))
    np.testing.assert_allclose(by_hand, first(steps) + critic.condition(wish)[:, None], atol=1e-4)
