"""Pitch: spelled notes, MIDI numbers and frequencies, and the conversions between them.

A *spelling* is a note as it is written: the letter, how far it is raised or lowered, and the octave. C sharp and
D flat sound alike on a piano (MIDI pitch 61) and are two spellings.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

STEPS = "CDEFGAB"
_STEP_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ALTER_TEXT = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}
_FIFTHS_OF_STEP = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
_STEP_OF_FIFTHS = "FCGDAEB"
_SPELLING_TEXT = re.compile(r"([A-Ga-g])(##|bb|[#b]?)(-?\d+)")

A4_HZ = 440.0
A4_MIDI = 69


@dataclass(frozen=True, slots=True, order=True)
class Spelling:
    """A written note: `step` (C to B), `alter` (semitones up or down, -2 to 2) and `octave` (C4 is middle C).

    >>> Spelling.parse("F#4").pitch
    66
    >>> str(Spelling("B", -1, 3))
    'Bb3'
    """

    step: str
    alter: int
    octave: int

    def __post_init__(self) -> None:
        if self.step not in _STEP_SEMITONES:
            raise ValueError(f"step must be a letter from A to G, not {self.step!r}")
        if not -2 <= self.alter <= 2:
            raise ValueError(f"alter must be from -2 (double flat) to 2 (double sharp), not {self.alter}")
        if not 0 <= self.pitch <= 127:
            raise ValueError(f"{self} is outside the MIDI range 0-127")

    @property
    def pitch(self) -> int:
        """The MIDI number, 60 for middle C."""
        return 12 * (self.octave + 1) + _STEP_SEMITONES[self.step] + self.alter

    @property
    def diatonic(self) -> int:
        """The staff position: letters counted from C0, so that a step on the staff is 1."""
        return 7 * self.octave + STEPS.index(self.step)

    @property
    def fifths(self) -> int:
        """The place on the line of fifths: C is 0, G is 1, F is -1, F# is 6."""
        return _FIFTHS_OF_STEP[self.step] + 7 * self.alter

    @classmethod
    def parse(cls, text: str) -> Spelling:
        """Read a name such as `C4`, `F#5`, `Bb3` or `F##4`; `ValueError` says what was expected."""
        match = _SPELLING_TEXT.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"expected a note name such as C4, F#5 or Bb3, not {text!r}")
        step, accidental, octave = match.groups()
        return cls(step.upper(), accidental.count("#") - accidental.count("b"), int(octave))

    @classmethod
    def from_fifths(cls, fifths: int, pitch: int) -> Spelling:
        """Spell MIDI `pitch` by its place on the line of fifths, which fixes the letter and the accidental."""
        step = _STEP_OF_FIFTHS[(fifths + 1) % 7]
        alter = (fifths + 1) // 7
        octave, remainder = divmod(pitch - alter - _STEP_SEMITONES[step], 12)
        if remainder:
            raise ValueError(f"pitch {pitch} cannot be spelled at place {fifths} on the line of fifths")
        return cls(step, alter, octave - 1)

    def __str__(self) -> str:
        return f"{self.step}{_ALTER_TEXT[self.alter]}{self.octave}"


@lru_cache(maxsize=4096)
def spell(pitch: int, fifths: int, *, minor: bool = False) -> Spelling:
    """Spell MIDI `pitch` as it is usual in a key: notes of the key as signed, then its common alterations.

    `fifths` counts the signature's sharps (flats if negative). The window on the line of fifths reaches from the
    flattened seventh and third to the raised fourth of a major key, and to the raised sixth, seventh and fourth of
    a minor one (Temperley 2001, ch. 5: prefer spellings that lie close together on the line of fifths).

    >>> str(spell(66, 1)), str(spell(66, -5)), str(spell(67, 5, minor=True))
    ('F#4', 'Gb4', 'F##4')
    """
    if not 0 <= pitch <= 127:
        raise ValueError(f"pitch must be from 0 to 127, not {pitch}")
    lowest = fifths - 3 if not minor else fifths - 2
    place = lowest + (7 * (pitch - _pitch_class_of_fifths(lowest))) % 12
    place = place if place <= 19 else place - 12
    place = place if place >= -15 else place + 12
    return Spelling.from_fifths(place, pitch)


def _pitch_class_of_fifths(fifths: int) -> int:
    return (7 * fifths) % 12


def pitch_class(pitch: int) -> int:
    """Return the pitch class of a MIDI number: 0 for C to 11 for B."""
    return pitch % 12


def midi_to_hz(pitch: float) -> float:
    """Convert a MIDI number to hertz in equal temperament, A4 = 440 Hz.

    >>> round(midi_to_hz(60), 2)
    261.63
    """
    return A4_HZ * math.pow(2, (pitch - A4_MIDI) / 12)


def hz_to_midi(frequency_hz: float) -> float:
    """Convert hertz to a fractional MIDI number; raises `ValueError` unless the frequency is positive."""
    if not frequency_hz > 0:
        raise ValueError(f"frequency_hz must be positive, not {frequency_hz}")
    return A4_MIDI + 12 * math.log2(frequency_hz / A4_HZ)
