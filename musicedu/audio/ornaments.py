"""Ornaments as the notes they stand for."""

from __future__ import annotations

from dataclasses import dataclass

from musicedu.melody import Key, Note
from musicedu.pitch import STEPS, Spelling

_QUICK_SEC = 0.07
_TRILL_SEC = 0.085


@dataclass(frozen=True, slots=True)
class Turn:
    """One note of an ornament: written MIDI pitch and how long it lasts, in seconds."""

    pitch: int
    duration_sec: float


def ornament(note: Note, key: Key, length_sec: float) -> tuple[Turn, ...]:
    """The notes that a note with its ornament stands for, the note alone where it has none.

    A mordent dips to the lower neighbour, an inverted mordent rises to the upper, a turn goes round the note (upper,
    note, lower, note), a trill alternates with the upper and ends on the note. Neighbours are those of `key`.
    A note too short for its ornament is played plain.
    """
    name = next(iter(sorted(note.marks & {"trill", "mordent", "inverted-mordent", "turn"})), "")
    main, upper, lower = note.pitch, _neighbour(note.spelling, key, 1), _neighbour(note.spelling, key, -1)
    figures = {"mordent": (main, lower), "inverted-mordent": (main, upper), "turn": (upper, main, lower)}
    if name == "trill":
        quick_sec, figure = _TRILL_SEC, (main, upper) * int((length_sec - 0.1) / (2 * _TRILL_SEC))
    else:
        quick_sec, figure = _QUICK_SEC, figures.get(name, ())
    if length_sec < len(figure) * quick_sec + _QUICK_SEC:
        figure = ()
    turns = tuple(Turn(pitch, quick_sec) for pitch in figure)
    return (*turns, Turn(main, length_sec - quick_sec * len(figure)))


def _neighbour(spelling: Spelling, key: Key, direction: int) -> int:
    """The pitch of the next letter up or down, as the key signature has it."""
    octave, index = divmod(spelling.diatonic + direction, 7)
    return Spelling(STEPS[index], key.signature.get(STEPS[index], 0), octave).pitch
