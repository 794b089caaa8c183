"""The melodic half of a plan's rules: which notes, and which moves from note to note, as masks in the frame.

Notes outside the signature follow first-order rules that hold wherever the line goes: sharpened notes (C#, F#, G# in
the frame, D# too in minor) rise by a semitone, flattened ones (Eb, Bb) fall by one, and both are reached by a
semitone, or by a whole tone on the way they are going. That is how they occur in tunes: passing notes, neighbours and
leading notes.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from musicedu.encoding.vocabulary import N_PITCHES
from musicedu.exercise.frames import LETTERS, NATURALS, PITCH_CLASSES, degrees
from musicedu.generation.rules import Mask, any_move
from musicedu.melody import Key
from musicedu.syllabus.instruments import NamedSkip

_FIFTHS: dict[int, int] = {5: -1, 0: 0, 7: 1, 2: 2, 9: 3, 4: 4, 11: 5}
_RISING = {False: (1, 6, 8), True: (1, 3, 6, 8)}
_FALLING = {False: (3, 10), True: (10,)}
_LEADING_NOTE, NATURAL_SEVENTH = 8, 7
_THIRD = 3
_MINOR_SEVENTH = 10
Degrees = np.ndarray[tuple[int], np.dtype[np.int64]]
_DIMINISHED_OR_AUGMENTED = 6


class Melodic(Protocol):
    """What the melodic masks ask of a plan, or of what is to become one; `Plan` says what each means."""

    @property
    def largest_leap(self) -> int: ...
    @property
    def skips(self) -> str: ...
    @property
    def named_skips(self) -> tuple[NamedSkip, ...] | None: ...
    @property
    def accidentals(self) -> str: ...
    @property
    def max_accidentals(self) -> int: ...


def allowed_moves(plan: Melodic, key: Key) -> Mask:
    """Every move of a phrase in `key` that the plan allows: (pitch before or nothing yet, pitch)."""
    moves = any_move()
    moves[:N_PITCHES] = _natural_moves(plan, key) | _chromatic_moves(plan, key)
    moves[N_PITCHES] = NATURALS
    has_leading_note = key.is_minor and plan.accidentals != "none" and plan.max_accidentals > 0
    # Without skips the raised seventh is reached from the tonic alone, and a line below it would never come back.
    return _falling_seventh(moves) if has_leading_note and _has_thirds(plan) else moves


def step_moves() -> Mask:
    """Moves by repetition or by step: no leap."""
    moves = any_move()
    pitches = np.arange(N_PITCHES)
    moves[:N_PITCHES] = np.abs(pitches[:, None] - pitches[None]) <= 2
    return moves


def chromatic_notes() -> Mask:
    """Moves to a note outside the signature."""
    moves = any_move()
    moves[:] = ~NATURALS
    return moves


def skip_moves(number: int) -> Mask:
    """Skips between notes of the signature: of one diatonic number, or of every one from the third for 0."""
    size = _sizes()
    moves = np.zeros((N_PITCHES + 1, N_PITCHES), dtype=bool)
    moves[:N_PITCHES] = (size == number) if number else (size >= 3)
    return moves


def _sizes() -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """The diatonic number of every move between naturals (1 for a repetition), 0 for other moves."""
    steps = np.abs(LETTERS[None] - LETTERS[:, None]) + 1
    return np.where(NATURALS[:, None] & NATURALS[None], steps, 0)


def _natural_moves(plan: Melodic, key: Key) -> Mask:
    size = _sizes()
    allowed: Mask = (size >= 1) & (size <= 2)
    skips = (size >= 3) & (size <= plan.largest_leap)
    degree = degrees(key)
    if plan.named_skips is not None:
        return allowed | (skips & _named(plan, degree))
    if plan.skips == "tonic triad":
        in_triad = np.isin(degree, (1, 3, 5))
        skips &= in_triad[:, None] & in_triad[None]
    elif plan.skips == "consonant":
        fifths = np.array([_FIFTHS.get(int(pitch_class), 0) for pitch_class in PITCH_CLASSES])
        skips &= np.abs(fifths[:, None] - fifths[None]) < _DIMINISHED_OR_AUGMENTED
    elif plan.skips == "none":
        skips[:] = False
    return allowed | (skips & _sensible_skips(size, degree))


def _sensible_skips(size: np.ndarray[tuple[int, int], np.dtype[np.int64]], degree: Degrees) -> Mask:
    """Wide skips that lead somewhere: sevenths upwards as in a dominant seventh, octaves and wider in the triad."""
    pitches = np.arange(N_PITCHES)
    semitones = pitches[None] - pitches[:, None]
    dominant = (semitones == _MINOR_SEVENTH) & np.isin(degree, (5, 2))[:, None]
    in_triad = np.isin(degree, (1, 3, 5))
    stable = np.isin(degree, (1, 5))
    octave = (size == 8) & stable[:, None] & stable[None]
    wider = (size > 8) & in_triad[:, None] & in_triad[None]
    sensible: Mask = (size < 7) | ((size == 7) & dominant) | octave | wider
    return sensible


def _named(plan: Melodic, degree: Degrees) -> Mask:
    steps = LETTERS[None] - LETTERS[:, None]
    named = np.zeros((N_PITCHES, N_PITCHES), dtype=bool)
    for skip in plan.named_skips or ():
        ends = (degree[:, None] == skip.from_degree) & (degree[None] == skip.to_degree)
        named |= ends & (steps == skip.steps)
    return named


def _chromatic_moves(plan: Melodic, key: Key) -> Mask:
    moves = np.zeros((N_PITCHES, N_PITCHES), dtype=bool)
    if plan.accidentals == "none" or plan.max_accidentals == 0:
        return moves
    if plan.accidentals != "leading note":
        for pitch_class in _RISING[key.is_minor]:
            _add_altered(moves, pitch_class, direction=1)
        for pitch_class in _FALLING[key.is_minor]:
            _add_altered(moves, pitch_class, direction=-1)
    if key.is_minor:
        _add_leading_note(moves, plan)
    if plan.accidentals != "double":
        double = np.isin(PITCH_CLASSES, _double_accidentals(key))
        moves &= ~(double[:, None] | double[None])
    return moves


def _double_accidentals(key: Key) -> list[int]:
    """The pitch classes of the frame that need a double sharp or flat in a key."""
    places = {pitch_class: _FIFTHS[(pitch_class + 1) % 12] + 5 for pitch_class in _RISING[key.is_minor]}
    places |= {pitch_class: _FIFTHS[(pitch_class - 1) % 12] - 5 for pitch_class in _FALLING[key.is_minor]}
    return [pitch_class for pitch_class, place in places.items() if not -8 <= place + key.fifths <= 12]


def _add_altered(moves: Mask, pitch_class: int, *, direction: int) -> None:
    """A note that goes on by a semitone in its direction, reached by a semitone or from a whole tone behind."""
    for index in np.flatnonzero(pitch_class == PITCH_CLASSES):
        for origin in (index - 1, index + 1, index - 2 * direction):
            if 0 <= origin < N_PITCHES and NATURALS[origin]:
                moves[origin, index] = True
        if 0 <= index + direction < N_PITCHES:
            moves[index, index + direction] = True


def _add_leading_note(moves: Mask, plan: Melodic) -> None:
    """Minor's raised seventh: from the tonic, from the dominant or the second degree, and on to the tonic.

    The dominant and the second degree are a third away, so they count as skips. Where other chromatic notes are known
    the raised sixth leads to it too.
    """
    semitones = [1]
    if plan.accidentals != "leading note":
        semitones.append(-2)
    if _has_thirds(plan):
        semitones += [3, -4]
    for index in np.flatnonzero(PITCH_CLASSES == _LEADING_NOTE):
        moves[:, index] = False
        moves[index, :] = False
        for origin in (index + distance for distance in semitones):
            if 0 <= origin < N_PITCHES:
                moves[origin, index] = True
        if index + 1 < N_PITCHES:
            moves[index, index + 1] = True


def _has_thirds(plan: Melodic) -> bool:
    return plan.largest_leap >= _THIRD and plan.named_skips is None


def _falling_seventh(moves: Mask) -> Mask:
    """Minor's natural seventh falls: to the sixth degree, or by skip; where the line rises it is raised."""
    pitches = np.arange(N_PITCHES)
    rises = pitches[None] > pitches[:, None]
    natural = PITCH_CLASSES == NATURAL_SEVENTH
    moves[:N_PITCHES] &= ~(natural[:, None] & rises)
    return moves


def opening_moves(key: Key) -> Mask:
    """First notes of the tonic triad; all other moves."""
    moves = any_move()
    moves[N_PITCHES] = np.isin(degrees(key), (1, 3, 5))
    return moves


def leading_notes(key: Key) -> Mask:
    """Moves to the raised seventh of a minor key; none in major."""
    moves = any_move()
    moves[:] = (PITCH_CLASSES == _LEADING_NOTE) & key.is_minor
    return moves


def cadence_moves(plan: Melodic, key: Key, cadence: str) -> Mask:
    """The moves by which a phrase may reach its last note: the tonic from its neighbours or from the dominant, a note
    of the dominant chord, or one of the tonic chord.
    """
    degree = degrees(key)
    moves = allowed_moves(plan, key)
    if cadence == "half":
        return moves & np.isin(degree, (5, 2))
    if cadence == "open":
        return moves & np.isin(degree, (1, 3, 5))
    moves &= degree == 1
    semitones = np.arange(N_PITCHES)[None] - np.arange(N_PITCHES)[:, None]
    by_step = (np.abs(semitones) <= 2) & (semitones != 0)
    if key.is_minor and plan.accidentals != "none" and plan.max_accidentals:
        by_step &= semitones != 2  # the seventh degree is raised where it leads home
    from_dominant = np.broadcast_to((degree == 5)[:, None], by_step.shape)
    moves[:N_PITCHES] &= by_step | from_dominant
    moves[N_PITCHES] = False
    return moves
