"""How a player plays what is written: a melody as timed, weighted, articulated notes in seconds.

The rules are the ordinary ones of first method books: a plain note is held for most of its value, a slurred one until
the next begins, a staccato note for half of it, a tenuto note in full; an accent is louder.
"""

from __future__ import annotations

from bisect import bisect_right

from musicedu.audio.clock import Clock
from musicedu.audio.loudness import Loudness
from musicedu.audio.ornaments import Turn, ornament
from musicedu.melody import Melody, Note
from musicedu.played import PlayedNote

_GAP_SHARE, _LONGEST_GAP_SEC = 0.1, 0.05
_HELD = {"staccato": 0.5, "marcato": 0.75, "tenuto": 1.0}
_STRESS = {"accent": 18, "marcato": 24, "tenuto": 4}


def perform(melody: Melody, *, fermata_factor: float = 1.5) -> tuple[PlayedNote, ...]:
    """Play a melody: its notes in seconds at sounding pitch, marks obeyed.

    fermata_factor: how many times its value a note under a fermata lasts, 1 for strict time; `ValueError` below 1.
    Empty for a melody without notes.

    >>> [round(note.onset_sec, 2) for note in perform(Melody.from_text("C4:1 D4:1/2 E4:1/2"))]
    [0.0, 0.5, 0.75]
    """
    clock, loudness = clock_of(melody, fermata_factor=fermata_factor), Loudness(melody)
    slurred = _SlurredNotes(melody)
    played: list[PlayedNote] = []
    for note in melody.notes:
        onset_sec = clock.seconds(note.onset)
        length_sec = clock.seconds(note.offset) - onset_sec
        held_sec = length_sec if slurred.goes_on(note) else _held(note, length_sec)
        velocity = min(127, loudness.velocity(note.onset) + sum(_STRESS.get(mark, 0) for mark in note.marks))
        turns = ornament(note, melody.key_at(note.onset), length_sec)
        played += _played(turns, onset_sec, held_sec, velocity, melody.transposition, slurred.comes_from(note))
    return tuple(played)


def clock_of(melody: Melody, *, fermata_factor: float = 1.5) -> Clock:
    """The clock of a performance: tempo marks and the extra time of fermatas."""
    if fermata_factor < 1:
        raise ValueError(f"fermata_factor must be 1 or more, not {fermata_factor}")
    strict = Clock(melody)
    pauses = tuple(
        (note.offset, (fermata_factor - 1) * (strict.seconds(note.offset) - strict.seconds(note.onset)))
        for note in melody.notes
        if "fermata" in note.marks
    )
    return Clock(melody, pauses)


def _held(note: Note, length_sec: float) -> float:
    for mark, share in _HELD.items():
        if mark in note.marks:
            return share * length_sec
    if "fermata" in note.marks:
        return length_sec
    return length_sec - min(_GAP_SHARE * length_sec, _LONGEST_GAP_SEC)


class _SlurredNotes:
    """Which notes lie under a slur."""

    def __init__(self, melody: Melody) -> None:
        self._slurs = sorted((slur.onset, slur.last_onset) for slur in melody.slurs)
        self._firsts = [first for first, _ in self._slurs]

    def goes_on(self, note: Note) -> bool:
        """Whether the slur leads on to a later note; a staccato dot under a slur still shortens."""
        return "staccato" not in note.marks and any(
            last > note.onset for _, last in self._slurs[: bisect_right(self._firsts, note.onset)]
        )

    def comes_from(self, note: Note) -> bool:
        """Whether the slur leads to this note from an earlier one."""
        return any(first < note.onset <= last for first, last in self._slurs)


def _played(
    turns: tuple[Turn, ...], onset_sec: float, held_sec: float, velocity: int, transposition: int, joined: bool
) -> list[PlayedNote]:
    played, at_sec = [], 0.0
    for index, turn in enumerate(turns):
        is_last = index == len(turns) - 1
        begin_sec = onset_sec + at_sec
        end_sec = begin_sec + (max(held_sec - at_sec, 0.03) if is_last else turn.duration_sec)
        played.append(PlayedNote(begin_sec, end_sec, turn.pitch + transposition, velocity, joined or index > 0))
        at_sec += turn.duration_sec
    return played
