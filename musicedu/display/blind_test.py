"""A blind listening test: two melodies, one by a human and one by a machine, and two buttons.

Nothing says whether an answer was right before the last pair: who is told learns the machine's tricks, and the
answers would no longer count alike. Tab, Enter and the space bar are enough to take it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from numpy.random import Generator

from musicedu.display.embed import Shown
from musicedu.display.live import note
from musicedu.display.panel import STATUS, Panel, Scene, Wish, button_row, part
from musicedu.display.player import player
from musicedu.melody import Melody

SIDES = ("A", "B")
BUTTONS = {side: f"{side} is the human's" for side in SIDES}
Recorder = Callable[[str, bool], None]
"""Called with a pair's name and whether the human was recognised."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two melodies that answer one request; `name` is what the answer is kept under."""

    name: str
    human: Melody
    machine: Melody


class BlindTest(Panel):
    """The pairs that have not been answered yet, one after the other; `order` says on which side each human is."""

    def __init__(
        self, pairs: Sequence[Pair], rng: Generator, record: Recorder, answered: Sequence[str] = (), program: int = 0
    ) -> None:
        super().__init__()
        self.order = {pair.name: SIDES[int(rng.integers(2))] for pair in pairs}
        self.n_pairs = len(pairs)
        self.waiting = [pair for pair in pairs if pair.name not in answered]
        self.message = ""
        self._record, self._program = record, program
        self.take(Wish())
        self.wish()

    def press(self, side: str) -> None:
        """Say that the human is on this side, and go on to the next pair; after the last one it does nothing."""
        self.wish(Wish(pressed=BUTTONS[side]))

    def take(self, wish: Wish) -> None:
        """Keep an answer to the pair on show, and make the sounds of the next."""
        if wish.pressed is not None and self.waiting:
            pair = self.waiting[0]
            self._record(pair.name, BUTTONS[self.order[pair.name]] == wish.pressed)
            self.waiting.pop(0)
        self.message = ""
        if self.waiting:
            pair = self.waiting[0]
            humans = self.order[pair.name]
            melodies = {side: pair.human if side == humans else pair.machine for side in SIDES}
            self.sounds = {side: player(melody, program=self._program).html for side, melody in melodies.items()}

    def refuse(self, wish: Wish, sentence: str) -> None:
        """Say why an answer could not be kept: it can be given again."""
        self.message = sentence

    def stage(self) -> Scene:
        """The pair on show, a button below each of its sounds."""
        if not self.waiting:
            return Scene((STATUS,), f"All {self.n_pairs} pairs are answered. Run the next cell.")
        number = self.n_pairs - len(self.waiting) + 1
        said = self.message or f"Pair {number} of {self.n_pairs}: listen to both, then say which a human wrote."
        blocks = [STATUS]
        for side in SIDES:
            blocks += [part(f"<b>{side}</b><br>{self.sounds[side]}"), button_row([BUTTONS[side]])]
        return Scene(tuple(blocks), said, bool(self.message))

    def still(self) -> Shown:
        """How far the test has come, and how to go on."""
        how_far = f"{self.n_pairs} pairs, {len(self.waiting)} of them to go"
        return note(f"Run this cell to take the listening test: {how_far}.")
