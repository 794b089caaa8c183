"""A panel: knobs and buttons above, what they make below, and a line between them that says how it stands.

All that is on show comes in one piece, a `scene`, so the picture, the sound, the words and the knobs always belong to
one setting. The browser sends a wish, waits for the scene that answers it, and then sends what was wished meanwhile:
a knob that is dragged fast skips settings, and never mixes them.

A knob stands on one of several values, and says every one of them in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from threading import RLock
from typing import Any

import traitlets

from musicedu.display.live import Live, script
from musicedu.errors import MusicEduError

_TURN = RLock()  # front ends call from several threads, and matplotlib draws in one at a time

Block = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """What is on show: `blocks` from top to bottom, what is `said`, and whether that is a `fault`.

    `older` names the setting that the pictures belong to where it isn't that of the knobs; they are shown pale then.
    """

    blocks: tuple[Block, ...]
    said: str = ""
    is_fault: bool = False
    older: str = ""


@dataclass(frozen=True)
class Wish:
    """What somebody did: the knobs that were `moved`, with the words of their new settings, and a button `pressed`."""

    moved: dict[str, str] = field(default_factory=dict)
    pressed: str | None = None

    def turn(self, knobs: dict[str, Knob]) -> dict[str, Knob]:
        """The knobs as they stand after it; a setting that a knob does not have moves nothing."""
        return {name: knob.read(self.moved[name]) if name in self.moved else knob for name, knob in knobs.items()}


class Panel(Live):
    """A widget that answers every wish with a scene; what goes wrong is said in it."""

    _esm = script("panel.js")
    scene = traitlets.Dict().tag(sync=True)

    def take(self, wish: Wish) -> None:
        """Do what is wished; what cannot be done raises."""
        raise NotImplementedError

    def stage(self) -> Scene:
        """The scene as it is now."""
        raise NotImplementedError

    def refuse(self, wish: Wish, sentence: str) -> None:
        """Keep what is to be said of a wish that could not be done."""
        raise NotImplementedError

    def wish(self, wish: Wish | None = None, answers: str = "") -> None:
        """Do what is wished, if anything, and show the scene that comes of it: one wish after the other."""
        with _TURN:
            if wish is not None:
                try:
                    self.take(wish)
                except Exception as fault:  # a student's own function may fail in any way
                    self.refuse(wish, in_one_sentence(fault))
            now = self.stage()
            self.scene = {
                "blocks": list(now.blocks),
                "said": now.said,
                "fault": now.is_fault,
                "older": now.older,
                "answers": answers,
            }
            self.keep_still()

    def answer(self, message: dict[str, Any]) -> None:
        """Answer a wish of the browser: at once that it has come, and with a scene when it is done."""
        asked = str(message["ask"])
        self.send({"taken": asked})
        self.wish(Wish(dict(message["moved"]), message["pressed"]), asked)


def in_one_sentence(fault: Exception) -> str:
    """What went wrong, in one line."""
    lines = str(fault).strip().splitlines()
    if isinstance(fault, MusicEduError | NotImplementedError) and lines:
        return lines[0]
    return f"{type(fault).__name__}: {lines[0]}" if lines else type(fault).__name__


def control_row(knobs: dict[str, Knob], label: str = "") -> Block:
    """A row of knobs, each with its name."""
    return {"controls": [_control(name, knob) for name, knob in knobs.items()], "label": label}


def button_row(names: Iterable[str]) -> Block:
    """A row of buttons; each sends its own name."""
    return {"controls": [{"name": name, "kind": "button", "label": name} for name in names], "label": ""}


def part(html: str) -> Block:
    """Something to look at or to listen to."""
    return {"html": html}


STATUS: Block = {"status": True}
"""Where it is said how things stand."""


def _control(name: str, knob: Knob) -> dict[str, Any]:
    texts = list(knob.texts)
    return {"name": name, "kind": knob.kind, "label": knob.label, "title": knob.title, "texts": texts, "at": knob.at}


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
