"""What a task may ask of chains: of drawing in proportion, of perplexity, of settings that neither copy nor babble."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from musicedu.course.asks.functions import outcome
from musicedu.course.checks import Requirement, asked_first

_COUNTS = Counter({"C5:1": 60, "D5:1": 30, "E5:1/2": 10})
_N_DRAWS = 1000
_SLACK = 0.06

Judge = Callable[[int, float], float]
"""A figure that settings (order, temperature) are worth."""


def draws_in_proportion(answer: Any) -> str | None:
    """A function of counts and a generator gives each word as often as it was counted."""
    rng, drawn = np.random.default_rng(0), Counter[str]()
    for _ in range(_N_DRAWS):
        word, fault = outcome(answer, Counter(_COUNTS), rng)
        if fault:
            return fault
        if not isinstance(word, str) or word not in _COUNTS:
            return f"It gives {word!r}; one of the words that were counted is wanted, such as 'C5:1'."
        drawn[str(word)] += 1
    if len(drawn) == 1:
        return f"It gives {next(iter(drawn))} every time. What was counted less often must come too, only less often."
    for word, count in _COUNTS.items():
        wanted, got = count / _COUNTS.total(), drawn[word] / _N_DRAWS
        if abs(got - wanted) > _SLACK:
            return f"{word} was counted {count} times in {_COUNTS.total()}, but comes {got:.0%} of the time."
    return None


def uses_the_generator(answer: Any) -> str | None:
    """The same generator, begun at the same seed, gives the same words."""
    runs = []
    for _ in range(2):
        rng = np.random.default_rng(5)
        runs.append([outcome(answer, Counter(_COUNTS), rng)[0] for _ in range(30)])
    if runs[0] == runs[1]:
        return None
    return "With the same seed it gives other words each time: draw with the `rng` that it is given."


def measures_surprise(answer: Any) -> str | None:
    """A function of probabilities gives their perplexity."""
    for shares, wanted in (([0.25, 0.25, 0.25], 4.0), ([0.5, 0.125], 4.0), ([1.0, 1.0], 1.0)):
        result, fault = outcome(answer, list(shares))
        if fault:
            return fault
        if not isinstance(result, int | float | np.floating | np.integer):
            return f"It gives {result!r}; one number is wanted."
        if not np.isclose(float(result), wanted):
            return _misread(shares, float(result), wanted)
    long, fault = outcome(answer, [0.25] * 2000)
    if fault or not np.isclose(float(long), 4.0):
        return f"For 2,000 probabilities of 0.25 it gives {long}: their product is too small. Add logarithms instead."
    return None


def _misread(shares: list[float], result: float, wanted: float) -> str:
    said = f"For the probabilities {shares} it gives {result:.3g}"
    if np.isclose(result, np.log(wanted)):
        return f"{said}: that is the surprise in nats. Turn it back into a number of choices with np.exp."
    if np.isclose(result, 1 / wanted):
        return f"{said}, less than one choice: a minus sign is missing."
    if np.isclose(result, 1 / np.mean(shares)):
        return f"{said}: take the mean of the logarithms, not the logarithm of the mean."
    if np.isclose(result, np.exp(-np.sum(np.log(shares)))):
        return f"{said}, more for every word that is added: take the mean, not the sum."
    return f"{said}; a fair choice among {wanted:.0f} would surprise as much, so {wanted:.0f} is wanted."


@asked_first
def is_setting(answer: Any) -> str | None:
    """The answer is an order and a temperature."""
    if not isinstance(answer, dict) or set(answer) != {"order", "temperature"}:
        return 'Write both settings by name: {"order": ..., "temperature": ...}.'
    order, temperature = answer["order"], answer["temperature"]
    if isinstance(order, bool) or not isinstance(order, int) or not 1 <= order <= 8:
        return f"The order is a whole number from 1 to 8, not {order!r}."
    if isinstance(temperature, bool) or not isinstance(temperature, int | float) or not 0.1 <= temperature <= 3:
        return f"The temperature is a number from 0.1 to 3, not {temperature!r}."
    return None


def copies_at_most(share: float, copied: Judge) -> Requirement:
    """With these settings no larger share of runs is copied."""

    def keeps_off_the_tunes(answer: Any) -> str | None:
        found = copied(answer["order"], answer["temperature"])
        if round(found, 2) <= round(share, 2):
            return None
        return (
            f"{found:.0%} of its runs of eight notes stand in a tune it counted; people's new tunes have {share:.0%}. "
            "A shorter memory or more warmth copies less."
        )

    return keeps_off_the_tunes


def as_real_as(overlap: float, likeness: Judge) -> Requirement:
    """With these settings what is written is as much like real tunes in its attributes."""

    def sounds_like_tunes(answer: Any) -> str | None:
        found = likeness(answer["order"], answer["temperature"])
        if round(found, 2) >= overlap:
            return None
        return (
            f"Its melodies overlap with real ones by {found:.2f}; {overlap:.2f} is asked. "
            "Too cold it harps on one figure, too warm it babbles, without memory it wanders."
        )

    return sounds_like_tunes
