"""A picture (or a sound) with knobs on it: what moves when a number moves.

Everything an explorer shows comes from a plain function, so a lesson can call the same function in the cell below and
print what it found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from musicedu.display.embed import Shown
from musicedu.errors import MusicEduError


class Explorer:
    """Knobs above, what they make below; `values` are the knobs' settings, `shown` what is on show."""

    def __init__(self, draw: Callable[..., Shown], knobs: dict[str, Any]) -> None:
        self.draw, self.knobs = draw, knobs
        self.shown: Shown | None = None
        self.message, self.view = widgets.HTML(), widgets.HTML()
        row = widgets.HBox(list(knobs.values()))
        row.layout.flex_flow = "row wrap"
        self.box = widgets.VBox([row, self.message, self.view])
        for knob in knobs.values():
            knob.observe(lambda change: self.redraw(), names="value")
        self.redraw()

    @property
    def values(self) -> dict[str, Any]:
        """What every knob is set to, by name."""
        return {name: knob.value for name, knob in self.knobs.items()}

    def redraw(self) -> None:
        """Draw anew; a setting that cannot be drawn is said, and the last picture stays."""
        try:
            self.shown = self.draw(**self.values)
        except MusicEduError as fault:
            self.message.value = f'<span style="color:#b26a00">{escape(str(fault))}</span>'
            return
        self.message.value, self.view.value = "", self.shown.html

    def _preview(self) -> Shown:
        """What a saved notebook shows until the cell is run."""
        note = f"Run this cell to move the knobs: {', '.join(self.knobs)}."
        said = Shown(f"<i>{escape(note)}</i>", note)
        return said if self.shown is None else self.shown + said

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        preview = self._preview()
        return {**self.box._repr_mimebundle_(**options), "text/html": preview.html, "text/plain": preview.words}


def explore(draw: Callable[..., Shown], **knobs: Any) -> Explorer:
    """Put knobs on a function that returns something to show: each is given to it by name.

    knobs: made by `slider` or `choice`; their names, spaces for underscores, stand beside them.
    """
    for name, knob in knobs.items():
        knob.description = name.replace("_", " ")
        knob.style.description_width = "initial"
    return Explorer(draw, knobs)


def slider(lowest: float, highest: float, step: float, *, value: float) -> Any:
    """A knob for a number; the picture follows when it is let go. Whole numbers throughout give whole numbers."""
    whole = all(isinstance(number, int) for number in (lowest, highest, step, value))
    kind = widgets.IntSlider if whole else widgets.FloatSlider
    layout = widgets.Layout(width="24em")
    return kind(value=value, min=lowest, max=highest, step=step, continuous_update=False, layout=layout)


def choice(options: Sequence[Any], *, value: Any = None) -> Any:
    """A knob that chooses one of several things, the first if no other is named."""
    return widgets.Dropdown(options=list(options), value=options[0] if value is None else value)
