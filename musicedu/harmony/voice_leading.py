"""How voices move against one another: parallels, crossings, leaps and ranges, counted as harmony books count them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

from musicedu.melody import Melody


@dataclass(frozen=True, slots=True)
class VoiceLeading:
    """Counts over the moments at which the lowest voice begins a note.

    n_changes: moments after the first. parallels: pairs of voices that move from a fifth or an octave to the same
    interval again. crossings: neighbours of which the lower sounds higher. mean_move: semitones a voice but the first
    moves on average. lowest, highest: MIDI pitch by voice.
    """

    n_changes: int
    parallels: int
    crossings: int
    mean_move: float
    lowest: tuple[int, ...]
    highest: tuple[int, ...]


def measure_voice_leading(voices: Sequence[Melody]) -> VoiceLeading:
    """Measure voices that sound together, from the highest to the lowest; `ValueError` for fewer than two.

    Moments at which a voice is silent are passed over; between its rests a voice counts with the note it had.
    """
    if len(voices) < 2 or not all(voice.notes for voice in voices):
        raise ValueError("voices must be two or more, with notes in each")
    begins = max(voice.notes[0].onset for voice in voices)
    moments = [note.onset for note in voices[-1].notes if note.onset >= begins]
    columns = [tuple(_pitch_at(voice, moment) for voice in voices) for moment in moments]
    moves = [abs(b - a) for one, other in pairwise(columns) for a, b in zip(one[1:], other[1:], strict=True)]
    return VoiceLeading(
        n_changes=max(0, len(columns) - 1),
        parallels=sum(count_parallels(one, other) for one, other in pairwise(columns)),
        crossings=sum(low > high for column in columns for high, low in pairwise(column)),
        mean_move=sum(moves) / len(moves) if moves else 0.0,
        lowest=tuple(min(voice.pitches) for voice in voices),
        highest=tuple(max(voice.pitches) for voice in voices),
    )


def count_parallels(before: Sequence[int], after: Sequence[int]) -> int:
    """Pairs of voices that both move and are a fifth or an octave apart before and after, octaves disregarded.

    >>> count_parallels((67, 60), (69, 62)), count_parallels((67, 60), (67, 60))
    (1, 0)
    """
    return sum(
        (before[high] - before[low]) % 12 == (after[high] - after[low]) % 12 in (0, 7)
        and before[high] != after[high]
        and before[low] != after[low]
        for high, low in combinations(range(len(before)), 2)
    )


def _pitch_at(voice: Melody, moment: Fraction) -> int:
    return voice.notes[bisect_right(voice.notes, moment, key=lambda note: note.onset) - 1].pitch
