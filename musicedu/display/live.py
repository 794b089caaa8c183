"""Widgets that live in a page of plain HTML: a still picture that any page can keep, and a live part in its place.

A notebook that shows a widget's view can say nothing but "model not found" when it is opened again without its
kernel. So the page holds a still picture with a line on how to go on, and an empty place beside it. The live part
looks for that place, and stands in it for as long as Python answers; the picture follows what it shows.
"""

from __future__ import annotations

import os
import re
import sys
from html import escape
from pathlib import Path
from typing import Any
from uuid import uuid4

import anywidget
import traitlets
from IPython.display import display

from musicedu.display.embed import Shown

LIVE_PLACE, STILL_PLACE, FAULT_PLACE = 'class="musicedu-live', 'class="musicedu-still', 'class="musicedu-fault'
STILL_OF_A_KERNEL = re.compile(f"(?<={STILL_PLACE}) musicedu-[0-9a-f]+")
"""The part of a still picture's class that is of one kernel."""
HERE = Path(__file__).parent


def script(name: str) -> str:
    """The browser's side of a widget: `live.js` and a file beside it that ends with `export default live(render)`."""
    return "\n".join((HERE / file).read_text(encoding="utf-8") for file in ("live.js", name))


class Live(anywidget.AnyWidget):
    """A widget with a still picture of itself; `place` is the class of the elements that it looks for in a page."""

    _esm = script("live.js")
    place = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(place=f"musicedu-{uuid4().hex[:12]}", **traits)
        self._is_in_page = False
        self.on_msg(self._heard)

    def still(self) -> Shown:
        """What a page shows while nobody answers."""
        raise NotImplementedError

    def keep_still(self) -> None:
        """Put the still picture of now into the page."""
        if self._is_in_page:
            display(self._still_bundle(), raw=True, display_id=self.place, update=True)

    def answer(self, message: dict[str, Any]) -> None:
        """Answer what the browser sent, other than its greeting."""

    def _heard(self, widget: Any, message: dict[str, Any], buffers: Any) -> None:
        if "hello" in message:
            self.send({"hello": True})
        else:
            self.answer(message)

    def _still_bundle(self) -> dict[str, Any]:
        shown = self.still()
        html = f'<div {STILL_PLACE} {self.place}">{shown.html}</div>'
        return {"text/html": html, "text/plain": shown.words}

    def _ipython_display_(self, **options: Any) -> None:
        if _shows_views_alone():
            display({**(self._repr_mimebundle_() or ({},))[0], **self._still_bundle()}, raw=True)
            return
        display({"text/html": f'<div {LIVE_PLACE} {self.place}"></div>'}, raw=True)
        display(self._still_bundle(), raw=True, display_id=self.place)
        self._is_in_page = True


def _shows_views_alone() -> bool:
    """Whether this front end has no widget without a view: VS Code and Colab, which draw every output in a frame."""
    return "VSCODE_PID" in os.environ or "google.colab" in sys.modules


def note(text: str) -> Shown:
    """A line on how to go on."""
    return Shown(f"<i>{escape(text)}</i>", text)


def fault_note(text: str) -> Shown:
    """What went wrong, as it stands in a page."""
    return Shown(f'<span {FAULT_PLACE}" style="color:#b26a00">{escape(text)}</span>', text)
