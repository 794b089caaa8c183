"""A grid of steps to click a drum pattern into, and to hear it."""

from __future__ import annotations

from collections.abc import Mapping

from musicedu.arrangement import DRUM_SOUNDS
from musicedu.audio.stems import render_drums
from musicedu.display.embed import Shown
from musicedu.display.knobs import Knob
from musicedu.display.live import note
from musicedu.display.panel import STATUS, Panel, Scene, Wish, control_row, part
from musicedu.display.player import SR, sound_player
from musicedu.generation.accompaniment.patterns import loop_hits
from musicedu.melody import Metre

_MEASURES = 2
_STROKES = "Xxo"


class StepGrid(Panel):
    """A row of buttons for each sound, a button for each step; `rows` is the pattern as text.

    Buttons are reached with the Tab key and pressed with the space bar. A player below holds two measures of it.
    """

    def __init__(self, rows: Mapping[str, str], metre: str, tempo_bpm: int) -> None:
        super().__init__()
        self.metre, self.tempo_bpm, self.message = Metre.parse(metre), tempo_bpm, ""
        self.knobs = {
            f"{sound} {step}": _button(sound, step, character in _STROKES)
            for sound, pattern in rows.items()
            for step, character in enumerate(pattern, start=1)
        }
        self._steps = {sound: [f"{sound} {step + 1}" for step in range(len(row))] for sound, row in rows.items()}
        self.take(Wish())
        self.wish()

    @property
    def rows(self) -> dict[str, str]:
        """The pattern as it is pressed now: `x` for a stroke, `.` for none."""
        return {
            sound: "".join("x" if self.knobs[name].value else "." for name in names)
            for sound, names in self._steps.items()
        }

    def press(self, sound: str, step: int) -> None:
        """Press a button, the first of a line being step 1: a stroke where there was none, or the other way round."""
        name = f"{sound} {step}"
        self.wish(Wish({name: self.knobs[name].texts[1 - self.knobs[name].at]}))

    def take(self, wish: Wish) -> None:
        """Play the pattern as it is pressed after a wish."""
        self.knobs = wish.turn(self.knobs)
        n_hits = sum(row.count("x") for row in self.rows.values())
        y = render_drums(loop_hits(self.rows, self.metre, _MEASURES), self.tempo_bpm, sr=SR)
        self.shown, self.message = sound_player(y, SR, f"a drum pattern with {n_hits} strokes a measure"), ""

    def refuse(self, wish: Wish, sentence: str) -> None:
        """Say what cannot be played, and play nothing."""
        self.shown, self.message = Shown("", ""), sentence

    def stage(self) -> Scene:
        """The lines of buttons, and the player."""
        lines = [control_row({name: self.knobs[name] for name in names}, sound) for sound, names in self._steps.items()]
        return Scene((*lines, STATUS, part(self.shown.html)), self.message, bool(self.message))

    def still(self) -> Shown:
        """The player, and how to go on."""
        return self.shown + note("Run this cell to press the buttons.")


def _button(sound: str, step: int, is_pressed: bool) -> Knob:
    title = f"{DRUM_SOUNDS[sound].title}, step {step}"
    return Knob("toggle", (False, True), ("off", "on"), int(is_pressed), str(step), title)


def step_grid(rows: Mapping[str, str], *, metre: str = "4/4", tempo_bpm: int = 110) -> StepGrid:
    """A grid that begins with a pattern: for each sound of `DRUM_SOUNDS` a line of `x` and `.`, all of one length."""
    return StepGrid(rows, metre, tempo_bpm)
