"""Varying phrases in the space of the shipped network: nothing asked, nothing moved; what is asked comes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.data import data_path
from musicedu.encoding.events import Window, window_melody
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.encoding.windows import passage_of
from musicedu.errors import UnknownName, Unsatisfiable
from musicedu.evaluation.level_windows import level_ahead
from musicedu.generation.engine import Asked
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.generation.variation import (
    WISHES,
    asked,
    between,
    difference,
    kept_notes,
    played,
    point_of,
    ranks_of_window,
    strayed,
    vary,
)
from musicedu.grid import Grid
from musicedu.melody import Melody, Metre
from musicedu.syllabus.difficulty import estimate_difficulty
from musicedu.weights import load_weights

VAE = NumpyVae(load_weights(data_path("models", "vae.npz")))


GRIDS = (Grid(Metre(4, 4), 4), Grid(Metre(3, 4), 4))
WINDOWS = VAE.sample(24, [Asked(grid) for grid in GRIDS], np.random.default_rng(7))
FOUR_FOUR = [window for window in WINDOWS if window.grid == GRIDS[0]]
wishes = st.sampled_from(sorted(WISHES))


def test_nothing_asked_and_nothing_moved_is_the_reconstruction() -> None:
    for window in WINDOWS[:6]:
        assert (
            vary(VAE, window, np.random.default_rng(5), amount=0, n_draws=1) == played(VAE, [point_of(VAE, window)])[0]
        )


def test_a_reconstruction_keeps_most_of_the_phrase() -> None:
    kept = [difference(window, played(VAE, [point_of(VAE, window)])[0]) for window in WINDOWS]
    strangers = [difference(one, other) for one, other in pairwise(FOUR_FOUR)]
    assert np.mean(kept) < 0.6 * np.mean(strangers)


@given(st.sampled_from(WINDOWS), st.integers(0, 2**20))
@settings(max_examples=20)
def test_a_point_that_strays_by_nothing_stays(window: Window, seed: int) -> None:
    point = point_of(VAE, window)
    np.testing.assert_allclose(strayed(VAE, point, 0, np.random.default_rng(seed)).z, point.z, atol=1e-9)
    np.testing.assert_allclose(asked(VAE, point, {}).z, point.z, atol=1e-9)


def test_the_further_it_strays_the_less_is_left() -> None:
    rng = np.random.default_rng(1)
    left = [np.mean([difference(w, vary(VAE, w, rng, amount=a, n_draws=1)) for w in WINDOWS]) for a in (0, 0.3, 0.9)]
    assert left == sorted(left)


def test_straying_all_the_way_is_a_draw_from_the_prior() -> None:
    point = point_of(VAE, WINDOWS[0])
    draws = np.array([strayed(VAE, point, 1, rng).z for rng in map(np.random.default_rng, range(300))])
    mean, log_var = VAE.prior(point.condition[None])
    np.testing.assert_allclose(draws.mean(axis=0), mean[0], atol=0.35 * np.exp(0.5 * log_var[0]).max())


@pytest.mark.parametrize("name", sorted(WISHES))
def test_attributes_move_the_way_they_are_asked_to_on_average(name: str) -> None:
    rng, moves = np.random.default_rng(3), WISHES[name]
    columns = [CONDITION_ATTRIBUTES.index(attribute) for attribute in moves]
    signs = np.sign(list(moves.values()))
    moved = []
    for window in WINDOWS[::2]:
        varied = vary(VAE, window, rng, moves=moves, n_draws=4)
        moved.append((ranks_of_window(VAE, varied) - ranks_of_window(VAE, window))[columns] * signs)
    assert np.mean(moved) > 0.05


@given(wishes, st.sampled_from(WINDOWS))
@settings(max_examples=20)
def test_ranks_stay_between_their_ends(name: str, window: Window) -> None:
    point = point_of(VAE, window)
    for _ in range(5):
        point = asked(VAE, point, WISHES[name])
    assert (np.abs(point.ranks) <= 1).all()


def test_a_variation_can_be_held_to_the_rules_of_a_level() -> None:
    for window in FOUR_FOUR[:4]:
        ahead = level_ahead(3, window.grid, is_minor=window.is_minor)
        assert ahead is not None
        varied = vary(VAE, window, np.random.default_rng(2), moves=WISHES["harder"], n_draws=2, ahead=ahead)
        assert ahead.accepts(varied.events)
        assert varied.grid == window.grid


@pytest.mark.parametrize("along", ["sphere", "line"])
def test_the_ends_of_a_way_are_its_ends(along: str) -> None:
    one, other = (point_of(VAE, window) for window in FOUR_FOUR[:2])
    way = between(one, other, 5, along=along)
    assert len(way) == 5
    np.testing.assert_allclose(way[0].z, one.z, atol=1e-9)
    np.testing.assert_allclose(way[-1].z, other.z, atol=1e-9)
    assert played(VAE, way)[0].events == played(VAE, [one])[0].events
    assert played(VAE, way)[-1].events == played(VAE, [other])[0].events


def test_a_way_leaves_one_end_and_nears_the_other() -> None:
    ways = [played(VAE, between(point_of(VAE, a), point_of(VAE, b), 5)) for a, b in pairwise(FOUR_FOUR)]
    from_one = np.mean([[difference(way[0], step) for step in way] for way in ways], axis=0)
    from_other = np.mean([[difference(way[-1], step) for step in way] for way in ways], axis=0)
    assert from_one[0] == from_other[-1] == 0
    assert from_one[1] < from_other[1]
    assert from_other[-2] < from_one[-2]


def test_on_a_sphere_latents_of_one_length_keep_it() -> None:
    one, other = (point_of(VAE, window) for window in FOUR_FOUR[:2])
    length = np.linalg.norm(one.z)
    way = between(one, replace(other, z=other.z * length / np.linalg.norm(other.z)), 7)
    np.testing.assert_allclose([np.linalg.norm(point.z) for point in way], length)


def test_a_way_from_a_phrase_to_itself_stays_there() -> None:
    point = point_of(VAE, WINDOWS[0])
    for along in ("sphere", "line"):
        for step in between(point, point, 3, along=along):
            np.testing.assert_allclose(step.z, point.z, atol=1e-9)


def test_difference_is_what_is_heard() -> None:
    one = FOUR_FOUR[0]
    assert difference(one, one) == 0
    assert difference(one, FOUR_FOUR[1]) == difference(FOUR_FOUR[1], one) > 0
    with pytest.raises(ValueError, match="one window lasts"):
        difference(WINDOWS[0], WINDOWS[1])


def test_a_phrase_thinned_out_keeps_its_notes() -> None:
    window = FOUR_FOUR[0]
    melody = window_melody(window)
    thinner = replace(melody, notes=melody.notes[:1] + melody.notes[2:])
    assert kept_notes(window, window) == 1
    assert kept_notes(window, passage_of(thinner).window) == 1
    assert kept_notes(FOUR_FOUR[0], FOUR_FOUR[1]) == kept_notes(FOUR_FOUR[1], FOUR_FOUR[0]) < 1


TUNE = passage_of(Melody.from_text("B4:1 B4:1 C5:1 D5:1 D5:1 C5:1 B4:1 A4:1 G4:1 G4:1 A4:1 B4:1 B4:3/2 A4:1/2 A4:2"))
VARIER = NumpyVae(load_weights(data_path("models", "vae_vary.npz")))


@pytest.mark.parametrize("seed", range(10))
def test_a_tune_made_easier_is_easier_and_still_that_tune(seed: int) -> None:
    varied = vary(VARIER, TUNE.window, np.random.default_rng(seed), moves=WISHES["easier"])
    assert estimate_difficulty(TUNE.melody(varied.events)).score < estimate_difficulty(TUNE.melody()).score
    assert kept_notes(TUNE.window, varied) >= 0.6


def test_variations_are_what_was_wished_and_keep_more_than_strangers_share() -> None:
    kept, risen = [], []
    for seed, window in enumerate(FOUR_FOUR):
        varied = vary(VARIER, window, np.random.default_rng(seed), moves=WISHES["more leaps"])
        kept.append(kept_notes(window, varied))
        risen.append((ranks_of_window(VARIER, varied) - ranks_of_window(VARIER, window))[1] > 0)
    assert np.mean(risen) > 0.8
    assert np.mean(kept) > 0.4 > 2 * np.mean([kept_notes(a, b) for a, b in pairwise(FOUR_FOUR)])


def test_what_cannot_be_asked_is_named() -> None:
    point = point_of(VAE, WINDOWS[0])
    with pytest.raises(UnknownName, match="no attribute is called 'charm'"):
        asked(VAE, point, {"charm": 0.5})
    with pytest.raises(UnknownName, match="no way is called 'detour'"):
        between(point, point, 3, along="detour")
    with pytest.raises(Unsatisfiable, match="4 measures of 3/4 does not lie on the grid of one of 4 measures of 4/4"):
        between(point, point_of(VAE, WINDOWS[1]), 3)
    with pytest.raises(ValueError, match="amount must be from 0 to 1"):
        strayed(VAE, point, 1.5, np.random.default_rng(0))
    with pytest.raises(ValueError, match="needs 2 points"):
        between(point, point, 1)
