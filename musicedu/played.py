"""`PlayedNote`: a note as it was played, or as it was heard, in seconds.

It is what the ear hears in a sound, what a MIDI file holds, and what a synthesiser is told to play: whoever judges
playing, or lays it on a grid, need not ask where it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

UNKNOWN_VELOCITY = 64
"""What MIDI sends where nothing knows how hard a key was struck (MIDI 1.0 Detailed Specification, "Note On")."""


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """One sounding note: seconds from the start to its onset and to its release, MIDI pitch, velocity 1 to 127.

    The pitch is as it sounds. `joined`: it grows out of the note before it (inside a slur or an ornament) without a new
    attack; only a performance knows that. `ValueError` for a note that ends before it begins.
    """

    onset_sec: float
    offset_sec: float
    pitch: int
    velocity: int = UNKNOWN_VELOCITY
    joined: bool = False

    def __post_init__(self) -> None:
        if not self.offset_sec >= self.onset_sec:
            raise ValueError(f"offset_sec must not be before onset_sec: {self.onset_sec} to {self.offset_sec}")

    @property
    def duration_sec(self) -> float:
        """From the onset to the release, to a nanosecond: notes as long as each other are so wherever they stand."""
        return round(self.offset_sec - self.onset_sec, 9)

    def later(self, delay_sec: float) -> PlayedNote:
        """The same note, so many seconds later."""
        return replace(self, onset_sec=self.onset_sec + delay_sec, offset_sec=self.offset_sec + delay_sec)
