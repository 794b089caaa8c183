"""The notes an exercise stays within: a window of the level's range, placed in the compass around the tonic."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from numpy.random import Generator

from musicedu.errors import Unsatisfiable
from musicedu.melody import Key
from musicedu.pitch import STEPS, Spelling

SMALLEST_WINDOW = 3
"""Notes of the scale an exercise needs at least: the tonic, one to reach it from, one to rest on before."""


@lru_cache(maxsize=4096)
def scale_notes(key: Key, lowest: Spelling, highest: Spelling) -> tuple[Spelling, ...]:
    """The notes of the signature from `lowest` to `highest`, both included by pitch.

    >>> [str(note) for note in scale_notes(Key(1), Spelling.parse("E4"), Spelling.parse("G4"))]
    ['E4', 'F#4', 'G4']
    """
    signature = key.signature
    notes = (
        Spelling(STEPS[position % 7], signature.get(STEPS[position % 7], 0), position // 7)
        for position in range(lowest.diatonic - 1, highest.diatonic + 2)
    )
    return tuple(note for note in notes if lowest.pitch <= note.pitch <= highest.pitch)


def choose_window(
    key: Key,
    wished: tuple[Spelling, Spelling],
    compass: tuple[Spelling, Spelling],
    range_size: int,
    rng: Generator,
    fits: Callable[[tuple[Spelling, ...]], bool],
) -> tuple[Spelling, Spelling] | None:
    """Place a window of `range_size` notes (0: all that are wished) around the tonic; None if none `fits`.

    Windows that begin on the tonic or the dominant come more often: that is how tunes lie. Raises `Unsatisfiable`
    where the wish, a part of the instrument's `compass`, holds too few notes around a tonic.
    """
    notes = scale_notes(key, *wished)
    size = min(range_size or len(notes), len(notes))
    tonic = key.tonic.step
    windows = [notes[start : start + size] for start in range(len(notes) - size + 1)]
    around_tonic = [window for window in windows if any(note.step == tonic for note in window)]
    if size < SMALLEST_WINDOW or not around_tonic:
        raise Unsatisfiable(
            f"the range {wished[0]} to {wished[1]} is too small for a cadence in {key.name}",
            remedy=_wider(key, wished, compass),
        )
    fitting = [window for window in around_tonic if fits(window)]
    if not fitting:
        return None
    weights = [_weight(window, tonic) for window in fitting]
    chosen = fitting[int(rng.choice(len(fitting), p=[weight / sum(weights) for weight in weights]))]
    return chosen[0], chosen[-1]


def _weight(window: tuple[Spelling, ...], tonic: str) -> float:
    above = (STEPS.index(window[0].step) - STEPS.index(tonic)) % 7  # degree of the lowest note, from 0
    inside = [note.step for note in window]
    weight = 4.0 if above == 0 else 2.0 if above in (3, 4, 6) else 1.0
    return weight if tonic in inside[: max(1, len(inside) - 2)] else 0.1 * weight


def _wider(key: Key, wished: tuple[Spelling, Spelling], compass: tuple[Spelling, Spelling]) -> str:
    """The nearest notes to ask for: the least that must be added to the wish, inside the instrument's compass."""
    notes = scale_notes(key, *compass)
    triads = [notes[start : start + SMALLEST_WINDOW] for start in range(len(notes) - SMALLEST_WINDOW + 1)]
    holding = [triad for triad in triads if any(note.step == key.tonic.step for note in triad)]
    if not holding:
        return "Choose another key or a higher level"
    ends = [(min(wished[0], triad[0], key=_pitch), max(wished[1], triad[-1], key=_pitch)) for triad in holding]
    low, high = min(ends, key=lambda pair: pair[1].pitch - pair[0].pitch)
    return f"The nearest that works is {low} to {high}"


def _pitch(note: Spelling) -> int:
    return note.pitch
