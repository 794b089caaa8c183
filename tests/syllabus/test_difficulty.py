"""Difficulty is a sum of terms that each rise with their attribute; length and tempo are not among them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from musicedu.exercise.generator import generate
from musicedu.exercise.specification import Specification
from musicedu.melody import Key, Melody, Metre, TempoAt
from musicedu.syllabus.difficulty import EASIEST, attribute_ceilings, estimate_difficulty
from tests.strategies import melodies

PLAIN = "C4:1 D4:1 E4:1 D4:1 C4:4"


@given(melodies())
@settings(max_examples=60)
def test_any_melody_has_a_difficulty_that_adds_up(melody: Melody) -> None:
    found = estimate_difficulty(melody)
    assert found.score == pytest.approx(EASIEST + sum(term.value for term in found.terms))
    assert 1 <= found.level <= 10
    assert [term.value for term in found.terms] == sorted((term.value for term in found.terms), reverse=True)
    assert all(0 < term.value <= term.ceiling == attribute_ceilings()[term.name] for term in found.terms)


@given(melodies())
@settings(max_examples=30)
def test_tempo_is_reported_and_left_out(melody: Melody) -> None:
    fast = replace(melody, tempos=(TempoAt(Fraction(0), Fraction(300)),))
    assert estimate_difficulty(fast).score == estimate_difficulty(melody).score
    assert estimate_difficulty(fast).tempo_bpm == 300


def test_playing_a_tune_twice_is_not_harder() -> None:
    once, twice = Melody.from_text(PLAIN), Melody.from_text(f"{PLAIN} {PLAIN}")
    assert estimate_difficulty(twice).score == pytest.approx(estimate_difficulty(once).score, abs=0.15)
    assert estimate_difficulty(twice).n_notes == 2 * estimate_difficulty(once).n_notes


@pytest.mark.parametrize(
    ("name", "harder"),
    [
        ("eighths", "C4:1 D4:1/2 E4:1/2 D4:1 D4:1 C4:4"),
        ("sixteenths", "C4:1 D4:1/4 E4:1/4 F4:1/4 E4:1/4 D4:1 E4:1 C4:4"),
        ("dotted notes", "D4:3/2 E4:1/2 D4:1 E4:1 C4:4"),
        ("tuplets", "C4:1 D4:1/3 E4:1/3 F4:1/3 E4:1 D4:1 C4:4"),
        ("ties", "C4:1 D4:1 E4:1 D4:2 C4:3"),
        ("rests", "C4:1 r:1 E4:1 D4:1 C4:4"),
        ("syncopation", "C4:1/2 D4:1 E4:1 D4:1 E4:1/2 C4:4"),
        ("range", "C4:1 D4:1 E4:1 F4:1 G4:1 A4:1 B4:1 A4:1"),
        ("largest leap", "C4:1 G4:1 E4:1 D4:1 C4:4"),
        ("accidentals", "C4:1 D4:1 D#4:1 E4:1 C4:4"),
        ("double accidentals", "C4:1 D4:1 C##4:1 D4:1 C4:4"),
    ],
)
def test_what_is_added_is_named(name: str, harder: str) -> None:
    plain = {term.name: term.value for term in estimate_difficulty(Melody.from_text(PLAIN)).terms}
    found = {term.name: term.value for term in estimate_difficulty(Melody.from_text(harder)).terms}
    assert found[name] > plain.get(name, 0)


def test_a_hard_key_and_metre_are_named() -> None:
    found = estimate_difficulty(Melody.from_text("E4:3/2 F4:1/2 G4:1/2 E4:1/2", metre="6/8", key="Fm"))
    figures = {term.name: term.figure for term in found.reasons}
    assert figures["key signature"] == Key.parse("F minor")
    assert figures["metre"] == (Metre(6, 8),)


def test_an_empty_melody_is_the_easiest() -> None:
    assert estimate_difficulty(Melody.from_text("r:4")).score == EASIEST


def test_the_mean_difficulty_rises_with_the_level() -> None:
    means = [
        np.mean(
            [generate(Specification(number, name, seed=3)).difficulty.score for name in ("violin", "flute", "piano")]
        )
        for number in (1, 4, 7, 10)
    ]
    assert all(after > before + 0.5 for before, after in pairwise(means))
