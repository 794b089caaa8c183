"""A phrase that has been composed, and what occurs in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Event
from musicedu.encoding.vocabulary import FIRST_PITCH, LOWEST_PITCH, N_PITCHES, TIE
from musicedu.exercise.frames import LETTERS, NATURALS
from musicedu.exercise.phrase_rules import CompiledPhrase
from musicedu.exercise.phrases import Phrase
from musicedu.exercise.wishable import TOPICS
from musicedu.generation.lookahead import Place
from musicedu.generation.rhythm import Arc, Sound

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ComposedPhrase:
    """A phrase that has been chosen: its events in the frame, and where it stands."""

    phrase: Phrase
    compiled: CompiledPhrase
    events: tuple[Event, ...]
    z: Floats

    @property
    def last_written_pitch(self) -> int:
        """The written MIDI pitch of the last note."""
        last = [token for _, token in self.events if token >= FIRST_PITCH][-1]
        return last - FIRST_PITCH + LOWEST_PITCH + self.compiled.frame.shift

    def walk(self) -> Iterator[tuple[Place, Sound, Arc, Place]]:
        """The way through the rules: for every event the place before, what it does, its arc and the place after."""
        ahead = self.compiled.ahead
        place = ahead.start
        for value_index, token in self.events:
            sound = Sound.NOTE if token >= FIRST_PITCH else Sound.TIE if token == TIE else Sound.REST
            arc = ahead.rules.rhythm.arcs[place.state][sound, value_index]
            after = ahead.after(place, (value_index, token))
            if after is None:
                raise ValueError("the phrase breaks its own rules")
            yield place, sound, arc, after
            place = after

    def cells(self) -> Counter[str]:
        """How often each rhythm cell occurs."""
        return Counter(name for _, _, arc, _ in self.walk() for name in arc.completes)


def count_focus(composed: ComposedPhrase, name: str) -> int:
    """How often a focus (a cell or a topic) occurs in a phrase."""
    return sum(
        _is_counted(name, sound, arc.completes, place.last, after.last) for place, sound, arc, after in composed.walk()
    )


def _is_counted(name: str, sound: Sound, completes: frozenset[str], before: int, pitch: int) -> bool:
    if name not in TOPICS:
        return name in completes
    if name in ("rests", "ties"):
        return sound is (Sound.REST if name == "rests" else Sound.TIE)
    if sound is not Sound.NOTE:
        return False
    if name == "accidentals":
        return not NATURALS[pitch]
    if before >= N_PITCHES or not (NATURALS[before] and NATURALS[pitch]):
        return False
    size = abs(int(LETTERS[pitch]) - int(LETTERS[before])) + 1
    return size == TOPICS[name] if TOPICS[name] else size >= 3
