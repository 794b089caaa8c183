"""From quarter notes to seconds: a clock that follows the tempo marks of a melody."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction

from musicedu.melody import Melody

DEFAULT_TEMPO_BPM = 120.0
_GRADUAL = ("rit", "rall", "accel", "string", "allarg", "slarg", "smorz", "morendo", "calando")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of music whose tempo moves evenly from one value to another (quarter notes a minute)."""

    onset: float
    duration: float
    first_bpm: float
    last_bpm: float

    def seconds(self, quarters: float) -> float:
        """How long the first `quarters` of the stretch last."""
        growth = (self.last_bpm - self.first_bpm) / self.duration
        if abs(growth) * quarters < 1e-9:
            return 60 * quarters / self.first_bpm
        return 60 / growth * math.log1p(growth * quarters / self.first_bpm)


class Clock:
    """Where each moment of a melody falls in time.

    A tempo mark holds from its onset on. One that reads "rit.", "rall.", "accel." or the like is reached little by
    little: the tempo moves evenly from the one before it until the next mark or the end. Without marks the tempo is
    120, as in MIDI and MusicXML files. `pauses` are extra seconds that pass at an onset (fermatas).

    >>> clock = Clock(Melody.from_text("C4:1 D4:1 E4:2"))
    >>> clock.seconds(Fraction(2))
    1.0
    """

    def __init__(self, melody: Melody, pauses: tuple[tuple[Fraction, float], ...] = ()) -> None:
        self._stretches = _stretches(melody)
        self._onsets = [stretch.onset for stretch in self._stretches]
        self._starts_sec = [0.0]
        for stretch in self._stretches[:-1]:
            self._starts_sec.append(self._starts_sec[-1] + stretch.seconds(stretch.duration))
        self._pauses = pauses

    @property
    def opening_bpm(self) -> float:
        """The tempo of the first moment, in quarter notes a minute."""
        return self._stretches[0].first_bpm

    def seconds(self, onset: Fraction) -> float:
        """Seconds from the start of the melody to `onset` (quarter notes, 0 or more)."""
        index = max(bisect_right(self._onsets, float(onset)) - 1, 0)
        stretch = self._stretches[index]
        paused_sec = sum(seconds for at, seconds in self._pauses if at <= onset)
        return self._starts_sec[index] + stretch.seconds(float(onset) - stretch.onset) + paused_sec


def _stretches(melody: Melody) -> list[_Stretch]:
    marks = [(float(mark.onset), float(mark.tempo_bpm), _is_gradual(mark.text)) for mark in melody.tempos]
    if not marks or marks[0][0] > 0:
        opening = next((bpm for _, bpm, gradual in marks if not gradual), DEFAULT_TEMPO_BPM)
        marks.insert(0, (0.0, opening, False))
    ends = [onset for onset, _, _ in marks[1:]] + [float(melody.duration)]
    stretches: list[_Stretch] = []
    for (onset, bpm, gradual), end in zip(marks, ends, strict=True):
        before = stretches[-1].last_bpm if stretches else bpm
        stretches.append(_Stretch(onset, end - onset, before if gradual else bpm, bpm))
    return stretches


def _is_gradual(text: str) -> bool:
    return text.strip().lower().startswith(_GRADUAL)
