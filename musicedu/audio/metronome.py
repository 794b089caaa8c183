"""Clicks: a count-in before the music, and a metronome through it."""

from __future__ import annotations

from fractions import Fraction

from musicedu.audio.clock import Clock
from musicedu.melody import Melody
from musicedu.played import PlayedNote

_HIGH, _LOW, _CLICK_SEC = 76, 77, 0.1  # General MIDI's wood blocks
_STRONG, _WEAK = 112, 88


def count_in_sec(melody: Melody) -> float:
    """How many seconds a count-in lasts: one measure, and with an anacrusis the second one up to it.

    >>> count_in_sec(Melody.from_text("C4:1 D4:3", metre="3/4", anacrusis=1))  # 3 beats and 2 at 120
    2.5
    """
    return float(_counted(melody)) * _quarter_sec(melody)


def count_in(melody: Melody) -> tuple[PlayedNote, ...]:
    """The clicks of a count-in, from 0 to `count_in_sec`, at the opening tempo."""
    measure, quarter_sec = melody.metre.duration, _quarter_sec(melody)
    onsets = [start + at for start in (Fraction(0), measure) for at in melody.metre.beat_onsets]
    counted = _counted(melody)
    return tuple(_click(float(at) * quarter_sec, at in (0, measure)) for at in onsets if at < counted)


def metronome(melody: Melody, clock: Clock) -> tuple[PlayedNote, ...]:
    """A click on every beat of the melody, higher on the first of a measure."""
    return tuple(
        _click(clock.seconds(onset), onset == measure.downbeat)
        for measure in melody.measures
        for onset in measure.beat_onsets
    )


def _counted(melody: Melody) -> Fraction:
    measure = melody.metre.duration
    return 2 * measure - melody.anacrusis if melody.anacrusis else measure


def _quarter_sec(melody: Melody) -> float:
    return 60 / Clock(melody).opening_bpm


def _click(onset_sec: float, strong: bool) -> PlayedNote:
    return PlayedNote(onset_sec, onset_sec + _CLICK_SEC, _HIGH if strong else _LOW, _STRONG if strong else _WEAK)
