"""Keys from signatures: where a file gives no mode, as MuseScore's do not, the notes say major or minor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TypeGuard

from musicedu.formats.musicxml.signatures import Signature
from musicedu.harmony.melody_key import estimate_mode, is_surely_minor
from musicedu.melody import Key, KeyAt, Mode, Note

_FEWEST_NOTES = 8  # that tell the mode of a stretch after a change of key; with fewer the mode stays


def keys_of(
    signatures: Iterable[Signature], notes: Sequence[Note], duration: Fraction, *, major_is_believed: bool = True
) -> tuple[tuple[KeyAt, ...], tuple[str, ...]]:
    """The keys of a melody that lasts so many quarter notes, and what is to be said of those that were estimated.

    A melody that begins without a signature begins in one of no sharps or flats. major_is_believed: whether "major" is
    more than what a program writes beside every signature.
    """
    inside = sorted((each for each in signatures if each.onset < duration), key=lambda each: each.onset)
    begins_bare = not inside or inside[0].onset > 0
    if begins_bare:
        inside.insert(0, Signature(Fraction(0), 0, None))
    keys: list[KeyAt] = []
    notices: list[str] = []
    place = 0
    for change, after in pairwise([*inside, Signature(duration, 0, None)]):
        stretch = []
        while place < len(notes) and notes[place].onset < after.onset:
            stretch.append(notes[place])
            place += 1
        before = keys[-1].key.mode if keys else None
        mode = _mode_of(change, stretch, before, major_is_believed=major_is_believed)
        if mode != change.mode and stretch and not notices:
            told = "No key signature is given" if begins_bare and not keys else "The key signature gives no mode"
            told = "The key signature says major" if change.mode else told
            notices.append(f"{told}; the notes say {Key(change.fifths, mode).name}")
        keys.append(KeyAt(change.onset, Key(change.fifths, mode)))
    return tuple(keys), tuple(notices)


def _mode_of(change: Signature, notes: Sequence[Note], before: Mode | None, *, major_is_believed: bool) -> Mode:
    pitches, durations = [note.pitch for note in notes], [note.duration for note in notes]
    if change.mode == "major" and not major_is_believed and is_surely_minor(pitches, durations, change.fifths):
        return "minor"
    if change.mode is not None:
        return change.mode
    if len(notes) < _FEWEST_NOTES and _is_plain(before):
        return before
    return estimate_mode(pitches, durations, change.fifths) if notes else "major"


def _is_plain(mode: Mode | None) -> TypeGuard[Mode]:
    return mode in ("major", "minor")
