"""The practice studio: an exercise with knobs on it, for a notebook.

Everything it does can be done by plain functions: `generate` with a `Specification`, and `musicedu.exercise.variation`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from musicedu.display.embed import Shown
from musicedu.display.live import fault_note, note
from musicedu.display.panel import STATUS, Knob, Panel, Scene, Wish, button_row, choice, control_row, part
from musicedu.display.player import player
from musicedu.display.score import reasons, score_picture
from musicedu.exercise.exercise import Exercise
from musicedu.exercise.generator import generate
from musicedu.exercise.specification import Specification
from musicedu.exercise.variation import easier, next_piece, with_more_leaps
from musicedu.exercise.wish import wishes_of
from musicedu.syllabus.instruments import instrument, instruments
from musicedu.syllabus.levels import LEVEL_NUMBERS, level

ANY = "any"
_TABLE = wishes_of(Specification)
VARIATIONS: dict[str, Callable[[Specification], Specification]] = {
    "New piece": next_piece,
    "A little easier": easier,
    "More leaps": with_more_leaps,
}
HEAR = "Hear"


class PracticeStudio(Panel):
    """Controls above, an exercise below; `exercise` is the one on show, `specification` what was asked for.

    What cannot be made is said; the exercise stays then, and the knobs go back to it.
    """

    def __init__(self, specification: Specification) -> None:
        super().__init__()
        self.exercise: Exercise | None = None
        self.message, self._sound = "", ""
        self._score = self._why = Shown("", "")
        self._set(specification)
        self.wish(Wish())

    def make(self, specification: Specification) -> None:
        """Make and show the exercise of a specification."""
        self._wanted = specification
        self.wish(Wish())

    def press(self, button: str) -> None:
        """Press a button: "New piece", "A little easier", "More leaps" or "Hear"."""
        self.wish(Wish(pressed=button))

    def move(self, **values: Any) -> None:
        """Turn some knobs, and make an exercise."""
        turned = {name: self.knobs[name].turned(value) for name, value in values.items()}
        self.wish(Wish({name: knob.text for name, knob in turned.items()}))

    def take(self, wish: Wish) -> None:
        """Make the exercise that is wished, or play the one on show."""
        if wish.moved:
            self._wanted = _moved(self.specification, wish.turn(self.knobs), wish.moved)
        if wish.pressed in VARIATIONS:
            self._wanted = VARIATIONS[wish.pressed](self._wanted)
        if self.exercise is None or self._wanted != self.specification or wish.pressed in VARIATIONS:
            exercise = generate(self._wanted)
            score, why = score_picture(exercise), reasons(exercise)
            self.exercise, self._score, self._why, self._sound = exercise, score, why, ""
            self._set(self._wanted)
        if wish.pressed == HEAR:
            self._sound = player(self.exercise).html.replace("<audio ", "<audio autoplay ")
        self.message = ""

    def refuse(self, wish: Wish, sentence: str) -> None:
        """Say what cannot be made."""
        asked = ", ".join([*(f"{name} {text}" for name, text in wish.moved.items()), *filter(None, [wish.pressed])])
        self.message = f"{asked}: {sentence}" if asked else sentence
        self._wanted = self.specification

    def stage(self) -> Scene:
        """Knobs, buttons and the exercise, all of one specification."""
        parts = [part(self._score.html), part(self._sound), part(self._why.html)]
        buttons = button_row([*VARIATIONS, HEAR])
        return Scene((control_row(self.knobs), buttons, STATUS, *parts), self.message, bool(self.message))

    def still(self) -> Shown:
        """The exercise on show, and how to go on."""
        how = note("Run this cell to work the knobs: level, instrument, key, metre, measures, focus.")
        return (fault_note(self.message) if self.exercise is None else self._score) + how

    def _set(self, specification: Specification) -> None:
        self.specification = self._wanted = specification
        self.knobs = _knobs(specification)


def practice_studio(specification: Specification | None = None) -> PracticeStudio:
    """Open the practice studio with an exercise of `specification` (level 3 for violin if none is given)."""
    return PracticeStudio(specification or Specification(level=3))


def _moved(specification: Specification, knobs: dict[str, Knob], moved: dict[str, str]) -> Specification:
    """The specification with the knobs that were moved as they stand now."""
    wished = {name: _as_wish(name, knobs[name].value) for name in moved}
    if wished.keys() & {"level", "instrument"}:
        # Another level or instrument has keys and metres of its own: those that it lacks are let go.
        asked = {"instrument": specification.instrument, "level": specification.level, **wished}
        for name, choices in _choices(asked["instrument"], asked["level"]).items():
            if _TABLE[name].kind is not tuple and wished.get(name, getattr(specification, name)) not in choices:
                wished[name] = None
    return replace(specification, **wished)


def _as_wish(name: str, value: Any) -> Any:
    """What a knob's setting asks for; of a wish for several things a knob names one."""
    open_or_value = None if value == ANY else value
    if _TABLE[name].kind is tuple:
        return () if open_or_value is None else (open_or_value,)
    return open_or_value


def _choices(instrument_name: str, level_number: int) -> dict[str, tuple[Any, ...]]:
    """What an instrument has at a level of each wish that has a knob."""
    at, player = level(level_number), instrument(instrument_name)
    return {name: tuple(wish.offered(at, player)) for name, wish in _TABLE.items() if wish.offered}


def _knobs(specification: Specification) -> dict[str, Knob]:
    names = {known.name: known.title for known in instruments().values()}
    players = Knob("choice", tuple(names), tuple(names.values()), 0, "instrument")
    knobs = {
        "level": replace(choice(LEVEL_NUMBERS, value=specification.level), label="level"),
        "instrument": players.turned(specification.instrument),
    }
    for name, choices in _choices(specification.instrument, specification.level).items():
        asked = getattr(specification, name)
        knobs[name] = _open_knob(name, choices, next(iter(asked), None) if _TABLE[name].kind is tuple else asked)
    return knobs


def _open_knob(name: str, choices: tuple[Any, ...], asked: Any) -> Knob:
    """A knob that may be left open; a wish of one's own stands after the usual ones."""
    own = () if asked is None or asked in choices else (asked,)
    return replace(choice((ANY, *choices, *own), value=ANY if asked is None else asked), label=name)
