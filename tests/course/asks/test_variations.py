"""Checks about a trained VAE: the right answer passes, the typical wrong ones are told what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from musicedu.course.asks import variations
from musicedu.melody import Melody
from musicedu.training.purposes import QUICK
from musicedu.training.record import EpochReport


def weight_at(step: int, beta: float, warmup_steps: int) -> float:
    return beta * min(1.0, step / warmup_steps) if warmup_steps else beta


def on_sphere(one: Any, other: Any, share: float) -> Any:
    cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    angle = np.arccos(cosine)
    return (np.sin((1 - share) * angle) * one + np.sin(share * angle) * other) / np.sin(angle)


def test_right_answers_pass() -> None:
    assert variations.warms_up(weight_at) is None
    assert variations.needs_no_warm_up(weight_at) is None
    assert variations.goes_from_end_to_end(on_sphere) is None
    assert variations.stays_on_the_sphere(on_sphere) is None


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda step, beta, warmup_steps: beta, "At step 0 the weight is 0.40"),
        (lambda step, beta, warmup_steps: step / warmup_steps, "Half-way through the warm-up the weight is 0.50"),
        (lambda step, beta, warmup_steps: beta * step / warmup_steps, "Behind the warm-up the weight is 0.60"),
        (lambda step, beta, warmup_steps: beta * (step >= warmup_steps), "Half-way through the warm-up"),
        (lambda step, beta, warmup_steps: beta * min(0.9, step / warmup_steps), "At the end of the warm-up"),
        (lambda step, beta, warmup_steps: "beta", "gives back a text"),
        (lambda step, beta: beta, "stops with TypeError"),
    ],
)
def test_wrong_schedules_are_told_apart(function: Any, words: str) -> None:
    assert words in str(variations.warms_up(function))


def test_no_warm_up_is_no_division_by_nothing() -> None:
    told = variations.needs_no_warm_up(lambda step, beta, warmup_steps: beta * min(1, step / warmup_steps))
    assert "ZeroDivisionError" in str(told)
    told = variations.needs_no_warm_up(lambda step, beta, warmup_steps: beta * min(1, step / max(1, warmup_steps)))
    assert "not 0.00" in str(told)


def test_settings_that_change_something_else_are_told() -> None:
    allowed = variations.changes_only(QUICK, "beta", "event_dropout")
    assert variations.is_settings(replace(QUICK, beta=0.1)) is None
    assert allowed(replace(QUICK, beta=0.1)) is None
    assert "latent_dim changed too" in str(allowed(replace(QUICK, latent_dim=99)))
    assert "This is a decimal number" in str(variations.is_settings(0.1))
    assert "autoencoder of lesson 11" in str(variations.still_a_vae(replace(QUICK, beta=0.0)))
    assert variations.still_a_vae(QUICK) is None


def test_a_latent_that_tells_too_little_is_told() -> None:
    reports = [EpochReport(1, {}, {"kl": 9.0}, is_best=True), EpochReport(2, {}, {"kl": 3.25}, is_best=True)]
    assert variations.tells(lambda _: reports, 3)(QUICK) is None
    assert "tell 3.2 nats; the task asks for 6" in str(variations.tells(lambda _: reports, 6)(QUICK))


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda a, b, s: (1 - s) * a + s * b, "straight line"),
        (lambda a, b, s: on_sphere(b, a, s), "At share 0 you must be where you began"),
        (lambda a, b, s: on_sphere(a, b, min(s, 0.9)), "At share 1 you must be at the other end"),
        (lambda a, b, s: a @ b, "of shape ()"),
        (lambda a, b, s: on_sphere(a, b, s**2), "yours is 5"),
        (lambda a, b: a, "stops with TypeError"),
    ],
)
def test_wrong_ways_are_told_apart(function: Any, words: str) -> None:
    told = variations.goes_from_end_to_end(function) or variations.stays_on_the_sphere(function)
    assert words in str(told)


TUNE = Melody.from_text("G4:1 G4:1 D5:1 D5:1 E5:1 E5:1 D5:2")
EASIER = Melody.from_text("G4:2 D5:1 D5:1 E5:2 D5:2")
LEAPING = Melody.from_text("G4:1 B4:1 D5:1 D5:1 G5:1 E5:1 D5:2")


def told_of(easier: Melody, leaping: Melody) -> str | None:
    answer = {"easier": easier, "more leaps": leaping}
    assert variations.is_two_variations(answer) is None
    return variations.still_that_tune(TUNE)(answer) or variations.follows_the_wishes(TUNE)(answer)


def test_two_variations_pass() -> None:
    assert told_of(EASIER, LEAPING) is None


def test_variations_that_do_not_follow_are_told() -> None:
    assert "easier: not a note is changed" in str(told_of(TUNE, LEAPING))
    assert "nearly nothing of the tune is left" in str(told_of(EASIER, Melody.from_text("C4:4 A4:4")))
    assert "it lasts 4 quarters; the tune lasts 8" in str(told_of(Melody.from_text("G4:4"), LEAPING))
    assert "easier: 0.88 notes a quarter" in str(told_of(LEAPING, LEAPING))
    stepping = Melody.from_text("G4:1 G4:1 D5:1 D5:1 D5:1 D5:1 D5:2")
    assert "more leaps: a step is" in str(told_of(EASIER, stepping))


@pytest.mark.parametrize("answer", [[EASIER, LEAPING], {"easier": EASIER}, {"easier": EASIER, "more leaps": "louder"}])
def test_what_is_no_pair_of_variations_is_told(answer: Any) -> None:
    assert variations.is_two_variations(answer) is not None
