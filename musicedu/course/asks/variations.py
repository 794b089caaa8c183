"""What tasks about a trained VAE may ask for: a schedule, settings, a way on a sphere, variations of a tune."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from musicedu.attributes.catalogue import measure
from musicedu.configs import VaeConfig
from musicedu.course.asks.functions import outcome
from musicedu.course.checks import Requirement, asked_first
from musicedu.course.slips import kind_of
from musicedu.encoding.piano_roll import piano_roll
from musicedu.melody import Melody
from musicedu.training.record import EpochReport

_CLOSE = 1e-6


def warms_up(function: Any) -> str | None:
    """A function of (step, beta, warmup_steps) rises evenly from 0 to beta and stays there."""
    for step, wanted, where in (
        (0, 0.0, "At step 0 the weight is {got}; it must begin at 0."),
        (50, 0.2, "Half-way through the warm-up the weight is {got}; it must be half of beta."),
        (100, 0.4, "At the end of the warm-up the weight is {got}; it must be beta."),
        (150, 0.4, "Behind the warm-up the weight is {got}; it must stay at beta."),
    ):
        got, fault = outcome(function, step, 0.4, 100)
        if fault:
            return fault
        if not isinstance(got, int | float | np.number):
            return f"Your function gives back {kind_of(got)}, not a number."
        if abs(float(got) - wanted) > _CLOSE:
            return where.format(got=f"{float(got):.2f} (beta is 0.4)")
    return None


def needs_no_warm_up(function: Any) -> str | None:
    """The function gives beta at once where there is no warm-up."""
    got, fault = outcome(function, 0, 0.4, 0)
    if fault:
        return f"Without a warm-up (0 steps) the weight is beta from the first step on. {fault}"
    if isinstance(got, int | float | np.number) and abs(float(got) - 0.4) > _CLOSE:
        return f"Without a warm-up (0 steps) the weight must be beta from the first step on, not {float(got):.2f}."
    return None


@asked_first
def is_settings(answer: Any) -> str | None:
    """The answer is the settings of a VAE."""
    if isinstance(answer, VaeConfig):
        return None
    return f"This is {kind_of(answer)}, not settings. replace(QUICK, ...) makes them."


def changes_only(plain: VaeConfig, *names: str) -> Requirement:
    """The settings are those of `plain` but for the knobs named."""

    def changes_what_it_may(answer: VaeConfig) -> str | None:
        others = [name for name in VaeConfig.__slots__ if name not in names]
        changed = [name for name in others if getattr(answer, name) != getattr(plain, name)]
        if changed:
            return f"{', '.join(changed)} changed too. Turn {', '.join(names)} only, so that you know what did it."
        return None

    return changes_what_it_may


def still_a_vae(answer: VaeConfig) -> str | None:
    """The KL term still weighs something."""
    if answer.beta > 0:
        return None
    return "With beta at 0 nothing draws the latents together: it is the autoencoder of lesson 11. Keep a little."


def tells(train: Callable[[VaeConfig], Sequence[EpochReport]], at_least_nats: float) -> Requirement:
    """The last report of a training with these settings has a KL of so many nats."""

    def tells_enough(answer: VaeConfig) -> str | None:
        kl = train(answer)[-1].validation["kl"]
        if kl >= at_least_nats:
            return None
        return (
            f"With these settings the latents of a phrase tell {kl:.1f} nats; the task asks for {at_least_nats:.0f}. "
            "Should telling cost more, or less?"
        )

    return tells_enough


def goes_from_end_to_end(function: Any) -> str | None:
    """A function of (one, other, share) gives the ends at 0 and 1."""
    one, other = np.array([1.0, 0.0, 0.0]), np.array([0.0, 2.0, 1.0])
    for share, wanted, where in ((0.0, one, "where you began"), (1.0, other, "at the other end")):
        got, fault = outcome(function, one, other, share)
        if fault:
            return fault
        if np.shape(got) != (3,):
            return f"From two latents of 3 numbers your function makes something of shape {np.shape(got)}."
        if not np.allclose(got, wanted, atol=1e-6):
            numbers = ", ".join(f"{number:.2f}" for number in np.ravel(got))
            return f"At share {share:.0f} you must be {where}, not at {numbers}."
    return None


def stays_on_the_sphere(function: Any) -> str | None:
    """Between two latents of one length every latent has that length, and turns evenly."""
    angle = np.radians(80)
    one, other = np.array([2.0, 0.0]), 2 * np.array([np.cos(angle), np.sin(angle)])
    half, fault = outcome(function, one, other, 0.5)
    if fault:
        return fault
    length = float(np.linalg.norm(half))
    if abs(length - 2) > _CLOSE:
        is_line = abs(length - 2 * np.cos(angle / 2)) < _CLOSE
        cut = " That is a straight line, which cuts through the sphere." if is_line else ""
        return f"Half-way between two latents of length 2 yours is {length:.2f} long.{cut}"
    quarter, _ = outcome(function, one, other, 0.25)
    turned = np.degrees(np.arctan2(quarter[1], quarter[0]))
    if abs(turned - 20) > 0.01:
        return f"A quarter of the way over an angle of 80 degrees is 20 degrees; yours is {turned:.0f}."
    return None


@asked_first
def is_two_variations(answer: Any) -> str | None:
    """The answer holds a melody for each of the two wishes."""
    if not isinstance(answer, dict) or set(answer) != {"easier", "more leaps"}:
        return 'This is not a dictionary with the names "easier" and "more leaps".'
    wrong = [name for name, melody in answer.items() if not isinstance(melody, Melody)]
    if wrong:
        return f"{' and '.join(wrong)}: not a Melody. passage.melody(window.events) makes one of a window."
    return None


def still_that_tune(tune: Melody) -> Requirement:
    """Every variation is as long as the tune, keeps something of it, and changes something."""

    def keeps_and_changes(answer: dict[str, Melody]) -> str | None:
        for name, melody in answer.items():
            if melody.duration != tune.duration:
                return f"{name}: it lasts {melody.duration} quarters; the tune lasts {tune.duration}."
            if [(one.onset, one.pitch) for one in melody.notes] == [(one.onset, one.pitch) for one in tune.notes]:
                return f"{name}: not a note is changed."
            unlike = float((piano_roll(melody, 12) != piano_roll(tune, 12)).any(axis=0).mean())
            if unlike > 0.9:
                return f"{name}: nearly nothing of the tune is left. Stray less: a smaller amount."
        return None

    return keeps_and_changes


def follows_the_wishes(tune: Melody) -> Requirement:
    """The easier one has no more notes and no wider steps than the tune, the other one has wider steps."""

    def follows(answer: dict[str, Melody]) -> str | None:
        own, easier, leaping = (_measured(melody) for melody in (tune, answer["easier"], answer["more leaps"]))
        if easier["note_density"] > own["note_density"] or easier["mean_interval"] > own["mean_interval"] + 1:
            return (
                f"easier: {easier['note_density']:.2f} notes a quarter and {easier['mean_interval']:.1f} semitones a "
                f"step; the tune itself has {own['note_density']:.2f} and {own['mean_interval']:.1f}. Try another seed."
            )
        if leaping["mean_interval"] <= own["mean_interval"]:
            return (
                f"more leaps: a step is {leaping['mean_interval']:.1f} semitones on average; in the tune itself it is "
                f"{own['mean_interval']:.1f}. Try another seed."
            )
        return None

    return follows


def _measured(melody: Melody) -> dict[str, float]:
    return measure(melody, ("note_density", "mean_interval"))
