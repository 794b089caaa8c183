"""A grid of steps to click a drum pattern into, and to hear it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from musicedu.arrangement import DRUM_SOUNDS
from musicedu.audio.stems import render_drums
from musicedu.display.embed import Shown
from musicedu.display.player import SR, sound_player
from musicedu.generation.accompaniment.patterns import loop_hits
from musicedu.melody import Metre

_MEASURES = 2


class StepGrid:
    """A row of buttons for each sound, a button for each step; `rows` is the pattern as text.

    Buttons are reached with the Tab key and pressed with the space bar. A player below holds two measures of it.
    """

    def __init__(self, rows: Mapping[str, str], metre: str, tempo_bpm: int) -> None:
        self.metre, self.tempo_bpm = Metre.parse(metre), tempo_bpm
        self.buttons = {sound: self._buttons(sound, pattern) for sound, pattern in rows.items()}
        self.view = widgets.HTML()
        self.box = widgets.VBox([*(self._line(sound) for sound in rows), self.view])
        self.redraw()

    @property
    def rows(self) -> dict[str, str]:
        """The pattern as it is pressed now: `x` for a stroke, `.` for none."""
        return {sound: "".join("x" if one.value else "." for one in row) for sound, row in self.buttons.items()}

    def redraw(self) -> None:
        """Play the pattern as it is pressed now."""
        n_hits = sum(row.count("x") for row in self.rows.values())
        y = render_drums(loop_hits(self.rows, self.metre, _MEASURES), self.tempo_bpm, sr=SR)
        self.shown = sound_player(y, SR, f"a drum pattern with {n_hits} strokes a measure")
        self.view.value = self.shown.html

    def _buttons(self, sound: str, pattern: str) -> list[Any]:
        row = []
        for place, character in enumerate(pattern, start=1):
            button = widgets.ToggleButton(
                value=character in "Xxo",
                description=str(place),
                tooltip=f"{DRUM_SOUNDS[sound].title}, step {place}",
                layout=widgets.Layout(width="2.6em", padding="0"),
            )
            button.observe(lambda change: self.redraw(), names="value")
            row.append(button)
        return row

    def _line(self, sound: str) -> Any:
        label = widgets.Label(sound, layout=widgets.Layout(width="7em"))
        return widgets.HBox([label, *self.buttons[sound]])

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        note = "Run this cell to press the buttons."
        preview = self.shown + Shown(f"<i>{note}</i>", note)
        return {**self.box._repr_mimebundle_(**options), "text/html": preview.html, "text/plain": preview.words}


def step_grid(rows: Mapping[str, str], *, metre: str = "4/4", tempo_bpm: int = 110) -> StepGrid:
    """A grid that begins with a pattern: for each sound of `DRUM_SOUNDS` a line of `x` and `.`, all of one length."""
    return StepGrid(rows, metre, tempo_bpm)
