"""`Attribute`: one thing that can be measured on a melody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from musicedu.melody import Melody


@dataclass(frozen=True, slots=True)
class Attribute:
    """One number about a melody, with what it takes to read it.

    name: as in `musicedu.attributes.catalogue.ATTRIBUTES`; unit: of the number, `share (0-1)` for a proportion;
    words: what it says, for people; source: the paper or the convention it follows; measure: defined on every melody
    that can be written, 0 on one without notes unless `words` say otherwise.
    """

    name: str
    unit: str
    words: str
    source: str
    measure: Callable[[Melody], float]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit}): {self.words}"
