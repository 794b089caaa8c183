"""A picture (or a sound) with knobs on it: what moves when a number moves.

Everything an explorer shows comes from a plain function, so a lesson can call the same function in the cell below and
print what it found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from musicedu.display.embed import Shown
from musicedu.display.live import fault_note, note
from musicedu.display.panel import STATUS, Knob, Panel, Scene, Wish, choice, control_row, part, setting, slider

__all__ = ["Explorer", "choice", "explore", "slider"]


class Explorer(Panel):
    """Knobs above, what they make below; `values` are the knobs' settings, `shown` what was drawn last."""

    def __init__(self, draw: Callable[..., Shown], knobs: dict[str, Knob]) -> None:
        super().__init__()
        self.draw, self.knobs = draw, knobs
        self.shown: Shown | None = None
        self.message = ""
        self._begun_at = self._drawn_at = setting(knobs)
        self.wish(Wish())

    @property
    def values(self) -> dict[str, Any]:
        """What every knob is set to, by name."""
        return {name: knob.value for name, knob in self.knobs.items()}

    def move(self, **values: Any) -> None:
        """Turn some knobs, and draw anew."""
        turned = {name: self.knobs[name].turned(value) for name, value in values.items()}
        self.wish(Wish({name: knob.text for name, knob in turned.items()}))

    def take(self, wish: Wish) -> None:
        """Draw with the knobs as they stand after a wish."""
        self.knobs = wish.turn(self.knobs)
        shown = self.draw(**self.values)
        if not isinstance(shown, Shown):
            raise TypeError(f"the function gives back {type(shown).__name__}, which is nothing to show")
        self.shown, self.message, self._drawn_at = shown, "", setting(self.knobs)

    def refuse(self, wish: Wish, sentence: str) -> None:
        """Say what cannot be drawn; the last picture stays, under the name of its own setting."""
        self.message = f"{setting(self.knobs)}: {sentence}"

    def stage(self) -> Scene:
        """The knobs, and the picture or what is to be said in its place."""
        picture = part("" if self.shown is None else self.shown.html)
        older = self._drawn_at if self.message and self.shown is not None else ""
        return Scene((control_row(self.knobs), STATUS, picture), self.message, bool(self.message), older)

    def still(self) -> Shown:
        """The last picture, and how to go on."""
        how = note(f"Run this cell to move the knobs: {', '.join(self.knobs)}.")
        if self.shown is None:
            return fault_note(self.message) + how
        moved = self._drawn_at != self._begun_at
        return self.shown + (note(f"This is at {self._drawn_at}.") + how if moved else how)


def explore(draw: Callable[..., Shown], **knobs: Knob) -> Explorer:
    """Put knobs on a function that returns something to show: each is given to it by name.

    knobs: made by `slider` or `choice`; their names, spaces for underscores, stand beside them.
    """
    return Explorer(draw, {name: replace(knob, label=name.replace("_", " ")) for name, knob in knobs.items()})
