"""Rhythm put in by hand: a grid of steps to click a drum pattern into, and a button (or key) to tap along on.

Both can be heard. Taps, a student's own beats in seconds, come into Python while the sound plays. Where nobody has
tapped (a page that is run from top to bottom) a listener's example stands in, and the words say so.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import traitlets

from musicedu.arrangement import DRUM_SOUNDS
from musicedu.audio.synthesise import render_drums, render_wav
from musicedu.display.embed import Shown
from musicedu.display.live import Live, note, script
from musicedu.display.panel import STATUS, Knob, Panel, Scene, Wish, control_row, part
from musicedu.display.player import SR, sound_player
from musicedu.generation.accompaniment.patterns import loop_hits
from musicedu.melody import Metre

_MEASURES = 2
_STROKES = "Xxo"
FEWEST_TAPS = 4


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


class TapAlong(Live):
    """A sound with a button to tap on; `taps_sec` are the taps, or the example where there are fewer than four."""

    _esm = script("tapping.js")
    sound = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode("Press Play, then tap on the button or on any key.").tag(sync=True)
    taps = traitlets.List(traitlets.Float()).tag(sync=True)

    def __init__(self, sound: str, words: str, example_sec: Sequence[float] = ()) -> None:
        super().__init__(sound=sound, words=words)
        self.example_sec = tuple(float(at) for at in example_sec)

    @property
    def is_example(self) -> bool:
        """Whether too few taps have come, so that the example stands in."""
        return len(self.taps) < FEWEST_TAPS

    @property
    def taps_sec(self) -> tuple[float, ...]:
        """The taps in seconds of the sound, increasing."""
        return self.example_sec if self.is_example else tuple(sorted(self.taps))

    def still(self) -> Shown:
        """How to go on."""
        return note(f"Run this cell to tap along with: {self.words}.")


def tap_along(y: npt.NDArray[np.floating], sr: int, what: str, *, example_sec: Sequence[float] = ()) -> TapAlong:
    """A button to tap on while a sound plays.

    y: mono samples; what: what is heard, in words; example_sec: taps that stand in until somebody has tapped.
    """
    # Not MP3: its encoder puts some hundredths of a second before the sound, which not every browser takes away.
    data = render_wav(np.asarray(y, dtype=np.float32), sr)
    return TapAlong(f"data:audio/wav;base64,{b64encode(data).decode()}", what, example_sec)
