"""Attributes of how notes are spelled and where they stand on the staff."""

from __future__ import annotations

from musicedu.melody import Melody
from musicedu.pitch import Spelling

STAVES = {"treble": (30, 38), "bass": (18, 26), "alto": (24, 32), "tenor": (22, 30), "treble-8vb": (23, 31)}
"""For every clef the staff positions (`Spelling.diatonic`) of its lowest and highest line."""


def accidental_share(melody: Melody) -> float:
    """The share (0-1) of notes outside the signature of the key that holds where they stand; 0 without notes."""
    outside = [not _in_signature(melody.key_at(note.onset).fifths, note.spelling) for note in melody.notes]
    return sum(outside) / len(outside) if outside else 0.0


def double_accidental_share(melody: Melody) -> float:
    """The share (0-1) of notes spelled with a double sharp or a double flat; 0 without notes."""
    doubled = [abs(note.spelling.alter) == 2 for note in melody.notes]
    return sum(doubled) / len(doubled) if doubled else 0.0


def _in_signature(fifths: int, spelling: Spelling) -> bool:
    return fifths - 1 <= spelling.fifths <= fifths + 5


def ledger_lines(spelling: Spelling, clef: str = "treble") -> int:
    """How many ledger lines a note needs; `ValueError` lists the clefs.

    >>> [ledger_lines(Spelling.parse(name)) for name in ("D4", "C4", "G5", "A5", "C6")]
    [0, 1, 0, 1, 2]
    """
    if clef not in STAVES:
        raise ValueError(f"clef must be one of {', '.join(STAVES)}, not {clef!r}")
    lowest, highest = STAVES[clef]
    return max(0, lowest - spelling.diatonic, spelling.diatonic - highest) // 2


def mean_ledger_lines(melody: Melody, clef: str = "treble") -> float:
    """The mean number of ledger lines of a note; 0 without notes."""
    lines = [ledger_lines(note.spelling, clef) for note in melody.notes]
    return sum(lines) / len(lines) if lines else 0.0


def most_ledger_lines(melody: Melody, clef: str = "treble") -> float:
    """The ledger lines of the note that needs most; 0 without notes."""
    return float(max((ledger_lines(note.spelling, clef) for note in melody.notes), default=0))
