"""Predictions: what a student guesses before running a cell, kept until the cell has answered.

They are kept for the time of the kernel, by the name of the prediction; the guess itself stands in the notebook.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from musicedu.course.checks import NoChoice, refuse_unsolved
from musicedu.course.slips import kind_of


@dataclass(frozen=True, slots=True)
class Prediction:
    """A guess among choices, made before the answer was known."""

    name: str
    guess: str
    choices: tuple[str, ...]

    def __repr__(self) -> str:
        return f"{self.name}: {self.guess!r} is noted. Now run the next cell."


_noted: dict[str, Prediction] = {}  # one kernel is one student at one sitting


def predict(name: str, guess: object, choices: tuple[str, ...]) -> Prediction:
    """Note a guess; raises `Unsolved` for the three dots and `NoChoice` for a guess that is none of the choices."""
    _noted.pop(name, None)
    refuse_unsolved(name, guess)
    matching = [choice for choice in choices if _spoken(choice) == _spoken(str(guess))]
    if not matching:
        *others, last = map(_in_quotes, choices)
        said = kind_of(guess) if repr(guess).startswith("<") or len(repr(guess)) > 40 else repr(guess)
        raise NoChoice(
            f"{name}: {said} is none of the choices", remedy=f"Write {', '.join(others)} or {last}, with the quotes."
        )
    _noted[name] = Prediction(name, matching[0], choices)
    return _noted[name]


def _spoken(words: str) -> str:
    """What is heard of a guess: neither capitals nor spaces, underscores or hyphens."""
    return re.sub(r"[\s_-]", "", words).lower()


def _in_quotes(choice: str) -> str:
    return f'"{choice}"'


def compare(name: str, outcome: str) -> str:
    """What to say when the answer is known: the guess beside the outcome."""
    prediction = _noted.get(name)
    if prediction is None:
        return f"{name}: it is {outcome!r}. You made no guess this time."
    if prediction.guess == outcome:
        return f"{name}: you said {prediction.guess!r}, and so it is."
    return f"{name}: you said {prediction.guess!r}; it is {outcome!r}. What made the difference?"
