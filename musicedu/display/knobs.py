"""Knobs: each stands on one of several values, and says every one of them in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Knob:
    """A knob with its `values`, their `texts`, and the one `at` which it stands (a place among them).

    `kind` is how it looks: "slider", "choice" or "toggle". Raises `ValueError` where two values read the same.
    """

    kind: str
    values: tuple[Any, ...]
    texts: tuple[str, ...]
    at: int = 0
    label: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        if len(set(self.texts)) != len(self.texts) or not self.texts:
            raise ValueError(f"the choices of a knob must differ from each other, not {', '.join(self.texts)}")

    @property
    def value(self) -> Any:
        """What it stands at."""
        return self.values[self.at]

    @property
    def text(self) -> str:
        """What it stands at, in words."""
        return self.texts[self.at]

    def turned(self, value: Any) -> Knob:
        """The same knob at another value."""
        if value not in self.values:
            raise ValueError(f"{self.label or 'the knob'} has no {value!r}, only {', '.join(self.texts)}")
        return replace(self, at=self.values.index(value))

    def read(self, text: str) -> Knob:
        """The same knob at the value that reads like this, or as it is where none does."""
        return replace(self, at=self.texts.index(text)) if text in self.texts else self


def slider(lowest: float, highest: float, step: float, *, value: float) -> Knob:
    """A knob for a number; the picture follows when it is let go. Whole numbers throughout give whole numbers."""
    is_whole = all(isinstance(number, int) for number in (lowest, highest, step, value))
    first, last, width = (Fraction(str(number)) for number in (lowest, highest, step))
    if width <= 0 or last < first:
        raise ValueError(f"no slider runs from {lowest} to {highest} in steps of {step}")
    exact = [first + number * width for number in range((last - first) // width + 1)]
    values = tuple(int(number) if is_whole else float(number) for number in exact)
    n_decimals = max(len(str(float(number)).partition(".")[2].rstrip("0")) for number in (first, width))
    texts = tuple(str(number) if is_whole else f"{number:.{max(n_decimals, 1)}f}" for number in values)
    return Knob("slider", values, texts).turned(value)


def choice(options: Sequence[Any], *, value: Any = None) -> Knob:
    """A knob that chooses one of several things, the first if no other is named."""
    knob = Knob("choice", tuple(options), tuple(str(option) for option in options))
    return knob if value is None else knob.turned(value)


def setting(knobs: dict[str, Knob]) -> str:
    """What several knobs stand at, in words."""
    return ", ".join(f"{knob.label} {knob.text}" for knob in knobs.values())
