"""Predictions: what a student guesses before running a cell, kept until the cell has answered.

They are kept for the time of the kernel, by the name of the prediction; the guess itself stands in the notebook.
"""

from __future__ import annotations

from dataclasses import dataclass

from musicedu.course.checks import refuse_unsolved


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
    """Note a guess; raises `Unsolved` for the three dots and `ValueError` for a guess that is none of the choices."""
    refuse_unsolved(name, guess)
    said = str(guess).strip().lower()
    matching = [choice for choice in choices if choice.lower() == said]
    if not matching:
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name}: {guess!r} is none of the choices. Write one of {listed}.")
    _noted[name] = Prediction(name, matching[0], choices)
    return _noted[name]


def compare(name: str, outcome: str) -> str:
    """What to say when the answer is known: the guess beside the outcome."""
    prediction = _noted.get(name)
    if prediction is None:
        return f"{name}: it is {outcome!r}. You made no guess this time."
    if prediction.guess == outcome:
        return f"{name}: you said {prediction.guess!r}, and so it is."
    return f"{name}: you said {prediction.guess!r}; it is {outcome!r}. What made the difference?"
