"""A blind listening test: two melodies, one by a human and one by a machine, and two buttons.

Nothing says whether an answer was right before the last pair: who is told learns the machine's tricks, and the
answers would no longer count alike. Tab, Enter and the space bar are enough to take it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets as widgets
from numpy.random import Generator

from musicedu.display.player import player
from musicedu.melody import Melody

SIDES = ("A", "B")
Recorder = Callable[[str, bool], None]
"""Called with a pair's name and whether the human was recognised."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two melodies that answer one request; `name` is what the answer is kept under."""

    name: str
    human: Melody
    machine: Melody


class BlindTest:
    """The pairs that have not been answered yet, one after the other; `order` says on which side each human is."""

    def __init__(
        self, pairs: Sequence[Pair], rng: Generator, record: Recorder, answered: Sequence[str] = (), program: int = 0
    ) -> None:
        self.order = {pair.name: SIDES[int(rng.integers(2))] for pair in pairs}
        self.n_pairs = len(pairs)
        self.waiting = [pair for pair in pairs if pair.name not in answered]
        self._record, self._program = record, program
        self.said = widgets.HTML()
        self.sounds = {side: widgets.HTML() for side in SIDES}
        self.buttons = {side: widgets.Button(description=f"{side} is the human's") for side in SIDES}
        for side, button in self.buttons.items():
            button.layout.width = "auto"
            button.on_click(lambda _, side=side: self.answer(side))
        columns = [widgets.VBox([self.sounds[side], self.buttons[side]]) for side in SIDES]
        row = widgets.HBox(columns)
        row.layout.flex_flow = "row wrap"
        self.box = widgets.VBox([self.said, row])
        self._show()

    def answer(self, side: str) -> None:
        """Take an answer to the pair on show, and go on to the next; nothing happens when all are answered."""
        if not self.waiting:
            return
        pair = self.waiting.pop(0)
        self._record(pair.name, self.order[pair.name] == side)
        self._show()

    def _show(self) -> None:
        number = self.n_pairs - len(self.waiting) + 1
        if not self.waiting:
            self._say(f"All {self.n_pairs} pairs are answered. Run the next cell.")
            for widget in (*self.sounds.values(), *self.buttons.values()):
                widget.layout.display = "none"
            return
        pair = self.waiting[0]
        self._say(f"Pair {number} of {self.n_pairs}: listen to both, then say which a human wrote.")
        for side in SIDES:
            melody = pair.human if self.order[pair.name] == side else pair.machine
            self.sounds[side].value = f"<b>{side}</b><br>" + player(melody, program=self._program).html

    def _say(self, text: str) -> None:
        self.said.value = f'<span role="status">{escape(text)}</span>'

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        note = f"Run this cell to take the listening test: {self.n_pairs} pairs, {len(self.waiting)} of them to go."
        bundle = dict(self.box._repr_mimebundle_(**options))
        return {**bundle, "text/html": f"<i>{note}</i>", "text/plain": note}
