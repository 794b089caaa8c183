"""The practice studio: an exercise with knobs on it, for a notebook.

Everything it does can be done by plain functions: `generate` with a `Specification`, and `musicedu.practice.variation`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

import ipywidgets as widgets

from musicedu.display.embed import Shown
from musicedu.display.player import player
from musicedu.display.score import score_picture
from musicedu.display.sheet import reasons
from musicedu.errors import MusicEduError
from musicedu.practice.exercise import Exercise
from musicedu.practice.generator import generate
from musicedu.practice.instruments import instrument, instruments
from musicedu.practice.levels import LEVEL_NUMBERS, level
from musicedu.practice.specification import TOPICS, Specification, key_text
from musicedu.practice.variation import easier, next_piece, with_more_leaps

ANY = "any"
WISHES = ("level", "instrument", "key", "metre", "measures", "focus")


class PracticeStudio:
    """Controls above, an exercise below; `exercise` is the one on show, `specification` what was asked for."""

    def __init__(self, specification: Specification) -> None:
        self.specification = specification
        self.exercise: Exercise | None = None
        self._filling = False  # while the knobs are set from a specification they must not ask for a new piece
        self.knobs = _knobs()
        self.buttons = {
            name: widgets.Button(description=name, layout=widgets.Layout(width="auto"))
            for name in ("New piece", "A little easier", "More leaps", "Hear")
        }
        self.score, self.reasons, self.sound = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.message = widgets.HTML()
        knobs, buttons = widgets.HBox(list(self.knobs.values())), widgets.HBox(list(self.buttons.values()))
        knobs.layout.flex_flow = buttons.layout.flex_flow = "row wrap"
        self.box = widgets.VBox([knobs, buttons, self.message, self.score, self.sound, self.reasons])
        for knob in self.knobs.values():
            knob.observe(self._ask, names="value")
        for name, variation in (
            ("New piece", next_piece),
            ("A little easier", easier),
            ("More leaps", with_more_leaps),
        ):
            self.buttons[name].on_click(lambda button, variation=variation: self.vary(variation))
        self.buttons["Hear"].on_click(lambda button: self.hear())
        self.make(specification)

    def make(self, specification: Specification) -> None:
        """Make and show the exercise of a specification; what cannot be made is said, and the last one stays."""
        self.message.value = ""
        try:
            exercise = generate(specification)
        except MusicEduError as fault:
            self._say(fault)
            return
        self.specification, self.exercise = specification, exercise
        self.score.value, self.sound.value = score_picture(exercise).html, ""
        self.reasons.value = reasons(exercise).html
        self._show_wishes(specification)

    def vary(self, variation: Callable[[Specification], Specification]) -> None:
        """Make and show a variation of the piece on show."""
        try:
            varied = variation(self.specification)
        except MusicEduError as fault:
            self._say(fault)
            return
        self.make(varied)

    def hear(self) -> None:
        """Play the exercise on show."""
        if self.exercise is not None:
            self.sound.value = player(self.exercise).html.replace("<audio ", "<audio autoplay ")

    def _say(self, fault: MusicEduError) -> None:
        self.message.value = f'<span style="color:#b26a00">{escape(str(fault))}</span>'

    def _ask(self, change: dict[str, Any]) -> None:
        if self._filling:
            return
        wished: dict[str, Any] = {name: None if knob.value == ANY else knob.value for name, knob in self.knobs.items()}
        wished["focus"] = (wished["focus"],) if wished["focus"] else ()
        if change["owner"] in (self.knobs["level"], self.knobs["instrument"]):
            # Another level or instrument has keys and metres of its own: those that it lacks are let go.
            keys, metres, measures = _choices(wished["instrument"], wished["level"])
            for name, choices in (("key", keys), ("metre", metres), ("measures", measures)):
                wished[name] = wished[name] if wished[name] in choices else None
        self.make(replace(self.specification, **wished))

    def _show_wishes(self, specification: Specification) -> None:
        self._filling = True
        keys, metres, measures = _choices(specification.instrument, specification.level)
        for name, choices in (("key", keys), ("metre", metres), ("measures", measures)):
            asked = getattr(specification, name)
            own = () if asked is None or asked in choices else (asked,)
            self.knobs[name].options = (ANY, *choices, *own)
        for name in WISHES:
            value = getattr(specification, name)
            value = (value[0] if value else None) if name == "focus" else value
            self.knobs[name].value = ANY if value is None else value
        self._filling = False

    def _preview(self) -> Shown:
        """What a saved notebook shows until the cell is run."""
        note = "Run this cell to work the knobs: level, instrument, key, metre, measures, focus."
        said = Shown(f"<i>{note}</i>", note)
        return said if self.exercise is None else score_picture(self.exercise) + said

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        preview = self._preview()
        return {**self.box._repr_mimebundle_(**options), "text/html": preview.html, "text/plain": preview.words}


def practice_studio(specification: Specification | None = None) -> PracticeStudio:
    """Open the practice studio with an exercise of `specification` (level 3 for violin if none is given)."""
    return PracticeStudio(specification or Specification(level=3))


def _choices(instrument_name: str, level_number: int) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    """The keys, metres and numbers of measures that an instrument has at a level."""
    keys = tuple(key_text(key) for key in instrument(instrument_name).keys_at(level_number))
    return keys, level(level_number).metres, level(level_number).measures


def _knobs() -> dict[str, Any]:
    names = {known.title: known.name for known in instruments().values()}
    style, narrow = {"description_width": "initial"}, widgets.Layout(width="13em")
    return {
        "level": widgets.Dropdown(description="level", options=LEVEL_NUMBERS, value=3, style=style, layout=narrow),
        "instrument": widgets.Dropdown(description="instrument", options=names, value="violin", style=style),
        "key": widgets.Dropdown(description="key", options=[ANY], style=style, layout=narrow),
        "metre": widgets.Dropdown(description="metre", options=[ANY], style=style, layout=narrow),
        "measures": widgets.Dropdown(description="measures", options=[ANY], style=style, layout=narrow),
        "focus": widgets.Dropdown(description="focus", options=[ANY, *TOPICS], style=style, layout=narrow),
    }
