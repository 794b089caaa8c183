"""One tune of an ABC book as it was read."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from musicedu.formats.reading import Simplified
from musicedu.melody import Melody


@dataclass(frozen=True, slots=True)
class AbcTune:
    """A tune as it was read: its melody, its number (`X:`) and what the melody does not hold.

    `barlines` stand where the file has them, in quarter notes. `n_grace_notes` were left out. `simplified` names what
    makes the tune more than a single line in one metre (chords, voices, no metre); `notices` say that and what else was
    chosen, mended or passed over.
    """

    melody: Melody
    barlines: tuple[Fraction, ...] = ()
    reference: str = ""
    n_grace_notes: int = 0
    simplified: tuple[Simplified, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def n_irregular(self) -> int:
        """How many measures are longer or shorter than their metre."""
        return len(self.melody.irregular)
