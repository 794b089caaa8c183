"""What makes a `Melody` valid: each check raises `ValueError` naming the first fault."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from musicedu.melody.melody import Melody


def check_times(melody: Melody) -> None:
    """Notes in order and inside the melody, marks in order, an anacrusis shorter than a measure."""
    position = Fraction(0)
    for index, note in enumerate(melody.notes):
        if note.onset < position:
            raise ValueError(
                f"note {index + 1} begins at {note.onset}, before the note before it has ended ({position})"
            )
        position = note.offset
    if melody.duration <= 0:
        raise ValueError(f"a melody must last longer than 0 quarter notes, not {melody.duration}")
    if position > melody.duration:
        raise ValueError(f"the last note ends at {position}, after the end of the melody ({melody.duration})")
    if not melody.metres or melody.metres[0].onset != 0 or not melody.keys or melody.keys[0].onset != 0:
        raise ValueError("the first metre and the first key must stand at onset 0")
    for name, onsets in _mark_onsets(melody).items():
        if any(later < earlier for earlier, later in pairwise(onsets)):
            raise ValueError(f"{name} must be in order of onset")
        if any(not 0 <= onset < melody.duration for onset in onsets):
            raise ValueError(f"{name} must lie inside the melody (0 to {melody.duration})")
    for name in ("metres", "keys", "tempos", "dynamics", "irregular"):
        onsets = _mark_onsets(melody)[name]
        if len(set(onsets)) < len(onsets):
            raise ValueError(f"{name} has two entries at one onset")
    if not 0 <= melody.anacrusis < melody.metre.duration:
        raise ValueError(
            f"an anacrusis must be shorter than a measure ({melody.metre.duration}), not {melody.anacrusis}"
        )


def _mark_onsets(melody: Melody) -> dict[str, list[Fraction]]:
    names = ("metres", "keys", "tempos", "dynamics", "hairpins", "slurs", "irregular")
    return {name: [mark.onset for mark in getattr(melody, name)] for name in names}


def check_marks(melody: Melody) -> None:
    """Slurs reach from note to note, hairpins end inside the melody."""
    onsets = {note.onset for note in melody.notes}
    for slur in melody.slurs:
        if slur.onset not in onsets or slur.last_onset not in onsets:
            raise ValueError(f"a slur must go from note to note: none begins at {slur.onset} or {slur.last_onset}")
    for hairpin in melody.hairpins:
        if hairpin.offset > melody.duration:
            raise ValueError(f"a hairpin ends at {hairpin.offset}, after the end of the melody")
