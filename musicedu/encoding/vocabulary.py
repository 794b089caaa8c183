"""The two small vocabularies a melody is written in for the networks: note values and what sounds on them.

An *event* is a written value and a token for what fills it: a rest, a tie (the note before goes on) or a pitch.
Events therefore read like the page does, a value that a level does not know is one forbidden token, and every measure
is filled exactly. Pitches stand in one frame, the signature without sharps or flats; `Frame` moves them to a key.
"""

from __future__ import annotations

from dataclasses import dataclass

from musicedu.melody import Key

VALUES = (2, 3, 4, 6, 8, 9, 12, 18, 24, 36, 48, 72)
"""Written values in steps (twelfths of a quarter): triplet sixteenth to dotted whole."""

VALUE_INDEX = {value: index for index, value in enumerate(VALUES)}
REST, TIE, FIRST_PITCH = 0, 1, 2
LOWEST_PITCH, HIGHEST_PITCH = 48, 84
N_PITCHES = HIGHEST_PITCH - LOWEST_PITCH + 1
MIDDLE = N_PITCHES // 2 + 1
"""The pitch index that a network is told has sounded before the first note."""

N_TOKENS = FIRST_PITCH + N_PITCHES
N_VALUES = len(VALUES)


def token_of_pitch(pitch: int) -> int:
    """The token of a pitch in the frame; `ValueError` outside 48-84."""
    if not LOWEST_PITCH <= pitch <= HIGHEST_PITCH:
        raise ValueError(f"a pitch in the frame lies from {LOWEST_PITCH} to {HIGHEST_PITCH}, not {pitch}")
    return FIRST_PITCH + pitch - LOWEST_PITCH


def pitch_of_token(token: int) -> int:
    """The pitch in the frame of a token that is neither a rest nor a tie."""
    if not FIRST_PITCH <= token < N_TOKENS:
        raise ValueError(f"token {token} is not a pitch")
    return LOWEST_PITCH + token - FIRST_PITCH


@dataclass(frozen=True, slots=True)
class Frame:
    """How the frame's pitches become written ones: the key they are spelled in and the shift in semitones."""

    key: Key
    shift: int

    def __post_init__(self) -> None:
        if (7 * self.key.fifths - self.shift) % 12:
            raise ValueError(f"a shift of {self.shift} semitones does not lead from no signature to {self.key.name}")
