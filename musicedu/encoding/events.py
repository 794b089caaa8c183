"""Melody to events and back: `encode` and `decode` are each other's inverse on what the frame can hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.vocabulary import (
    FIRST_PITCH,
    HIGHEST_PITCH,
    LOWEST_PITCH,
    REST,
    TIE,
    VALUE_INDEX,
    VALUES,
    Frame,
    pitch_of_token,
    token_of_pitch,
)
from musicedu.grid import TICKS_PER_QUARTER, Grid, GridLine
from musicedu.melody import Key, KeyAt, Melody, MetreAt, Note
from musicedu.notation import Symbol, write
from musicedu.pitch import Spelling

Event = tuple[int, int]
"""(index of the value, token)."""


@dataclass(frozen=True, slots=True)
class Window:
    """Some measures of one metre as events in the frame, with the mode and the place in the tune."""

    grid: Grid
    events: tuple[Event, ...]
    is_minor: bool
    begins_tune: bool = False
    ends_tune: bool = False


def line_of_events(events: Sequence[Event], weights: NDArray[np.int64]) -> GridLine:
    """The events as a `GridLine`, ties joined, pitches in the frame."""
    onsets: list[int] = []
    durations: list[int] = []
    pitches: list[int] = []
    position = 0
    for value_index, token in events:
        value = VALUES[value_index]
        if token == TIE and durations:
            durations[-1] += value
        elif token >= FIRST_PITCH:
            onsets.append(position)
            durations.append(value)
            pitches.append(LOWEST_PITCH + token - FIRST_PITCH)
        position += value
    return GridLine(np.array(onsets, np.int64), np.array(durations, np.int64), np.array(pitches, np.int64), weights)


def symbol_events(melody: Melody, symbols: Iterable[Symbol], shift: int) -> list[Event] | None:
    """Symbols as events, pitches lowered by `shift`; None where a value or a pitch has no token."""
    events: list[Event] = []
    for symbol in symbols:
        steps = symbol.duration * TICKS_PER_QUARTER
        if steps.denominator != 1 or int(steps) not in VALUE_INDEX:
            return None
        token = REST
        if symbol.note is not None:
            pitch = melody.notes[symbol.note].pitch - shift
            if not LOWEST_PITCH <= pitch <= HIGHEST_PITCH:
                return None
            token = TIE if symbol.tied_from and events else token_of_pitch(pitch)
        events.append((VALUE_INDEX[int(steps)], token))
    return events


def encode(melody: Melody, frame: Frame) -> tuple[Event, ...]:
    """Write a whole melody as events; `ValueError` if a value or a pitch is outside the vocabulary."""
    events = symbol_events(melody, (symbol for _, symbols in write(melody) for symbol in symbols), frame.shift)
    if events is None:
        raise ValueError("the melody has a note value or a pitch that the vocabulary does not hold")
    return tuple(events)


def decode(events: Sequence[Event], frame: Frame, onset: Fraction = Fraction(0)) -> tuple[Note, ...]:
    """Notes from events, from `onset` on, spelled in the frame's key.

    A raised note that rises by a semitone is spelled as a sharpened step, one that falls as a flattened one.
    """
    sounding: list[tuple[Fraction, Fraction, int]] = []
    position = onset
    for value_index, token in events:
        duration = Fraction(VALUES[value_index], TICKS_PER_QUARTER)
        if token == TIE and sounding:
            begun, before, pitch = sounding[-1]
            sounding[-1] = (begun, before + duration, pitch)
        elif token >= FIRST_PITCH:
            sounding.append((position, duration, pitch_of_token(token) + frame.shift))
        position += duration
    pitches = [pitch for _, _, pitch in sounding]
    spellings = spell_line(pitches, frame.key)
    return tuple(
        Note(begun, duration, spelling) for (begun, duration, _), spelling in zip(sounding, spellings, strict=True)
    )


def window_melody(window: Window) -> Melody:
    """A window as a melody of its own, in C major or A minor."""
    grid = window.grid
    key = Key(0, "minor" if window.is_minor else "major")
    return Melody(
        notes=decode(window.events, Frame(key, 0)),
        duration=Fraction(grid.n_ticks, TICKS_PER_QUARTER),
        metres=(MetreAt(Fraction(0), grid.metre),),
        keys=(KeyAt(Fraction(0), key),),
        anacrusis=Fraction((grid.measure_ticks - grid.phase) % grid.measure_ticks, TICKS_PER_QUARTER),
    )


def spell_line(pitches: Sequence[int], key: Key) -> tuple[Spelling, ...]:
    """Spell a line in a key; a note outside the scale leads to its neighbour by a new letter.

    >>> [str(s) for s in spell_line([67, 66, 67], Key(0))], [str(s) for s in spell_line([70, 69], Key(0))]
    (['G4', 'F#4', 'G4'], ['Bb4', 'A4'])
    """
    spelled = []
    for index, pitch in enumerate(pitches):
        usual = key.spell(pitch)
        following = pitches[index + 1] if index + 1 < len(pitches) else pitch
        if pitch % 12 not in key.scale and abs(following - pitch) == 1 and following % 12 in key.scale:
            usual = _leading_to(pitch, key.spell(following)) or usual
        spelled.append(usual)
    return tuple(spelled)


def _leading_to(pitch: int, target: Spelling) -> Spelling | None:
    place = target.fifths + (5 if pitch < target.pitch else -5)
    return Spelling.from_fifths(place, pitch) if -15 <= place <= 19 else None
