"""Tempo marks: the beat that a metronome mark counts, and the words that stand without one."""

from __future__ import annotations

from fractions import Fraction

from musicedu.melody import Metre
from musicedu.notation.symbols import value_of

# Words after which the tempo moves or returns: they stand alone, without a metronome mark.
WORDS_ALONE = frozenset(
    {
        "accel.",
        "accelerando",
        "rall.",
        "rallentando",
        "rit.",
        "ritardando",
        "ritenuto",
        "riten.",
        "a tempo",
        "tempo primo",
    }
)


def beat_unit(metre: Metre) -> Fraction:
    """What a metronome counts: the beat where all are alike, else the metre's unit, in quarter notes.

    >>> beat_unit(Metre(6, 8)), beat_unit(Metre(2, 2)), beat_unit(Metre(7, 8))
    (Fraction(3, 2), Fraction(2, 1), Fraction(1, 2))
    """
    beats = set(metre.beats)
    beat = metre.beats[0]
    return beat if len(beats) == 1 and value_of(beat) is not None else metre.unit


def decimal(number: Fraction, places: int = 12) -> str:
    """Write a fraction as a decimal, without trailing zeros."""
    whole, remainder = divmod(round(number * 10**places), 10**places)
    digits = f"{remainder:0{places}d}".rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def legible(text: str) -> str:
    """Replace the characters that XML cannot hold."""
    return "".join(
        c if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "\ufffd"
        for c in text
    )
