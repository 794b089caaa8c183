"""Key signatures, metres and transpositions as a file gives them, and the keys that they mean.

Where a file gives no mode, as MuseScore's do not, the notes say major or minor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeGuard
from xml.etree.ElementTree import Element

from musicedu.formats.musicxml.tree import text_of, whole_number_of
from musicedu.harmony.tonality import estimate_mode, is_surely_minor
from musicedu.melody import MODES, Key, KeyAt, Metre, Mode, Note

_MODES: dict[str, Mode] = {mode: mode for mode in MODES} | {
    "ionian": "major", "aeolian": "minor", "maj": "major", "min": "minor", "dur": "major", "moll": "minor",
}  # fmt: skip
_SYMBOLS = {"common": Metre(4, 4), "cut": Metre(2, 2)}
_MOST_OCTAVES = 5
_FEWEST_NOTES = 8  # that tell the mode of a stretch after a change of key; with fewer the mode stays


@dataclass(frozen=True, slots=True)
class Signature:
    """A key signature in sharps (flats negative) from `onset` on, and the mode if the file gives one."""

    onset: Fraction
    fifths: int
    mode: Mode | None


def read_signature(element: Element, onset: Fraction) -> tuple[Signature, str]:
    """A `<key>`, and what had to be mended of it; a signature of more than seven is written as its twin.

    Raises `ValueError` if it holds no number of sharps or flats.
    """
    if element.find("fifths") is None:
        raise ValueError("the key signature is not a traditional one")
    fifths = whole_number_of(element, "fifths")
    mode = _MODES.get(text_of(element, "mode").lower())
    if -7 <= fifths <= 7:
        return Signature(onset, fifths, mode), ""
    twin = (fifths + 5) % 12 - 5
    return Signature(onset, twin, mode), f"A key signature of {fifths} fifths was read as one of {twin}"


def read_metre(element: Element) -> Metre:
    """Read 6/8, a grouped 3+2/8, or a sum of metres such as 2/4 + 3/8; `ValueError` for anything else."""
    if element.find("senza-misura") is not None:
        raise ValueError("senza misura")
    counts = [text_of(each, ".") for each in element.iterfind("beats")]
    units = [text_of(each, ".") for each in element.iterfind("beat-type")]
    if not counts and element.get("symbol") in _SYMBOLS:
        return _SYMBOLS[element.get("symbol", "")]
    shown = f"{'+'.join(counts)[:20]}/{'+'.join(units)[:20]}"
    if not counts or len(counts) != len(units) or not all(re.fullmatch(r"\d{1,2}( ?\+ ?\d{1,2})*", c) for c in counts):
        raise ValueError(shown)
    if not all(re.fullmatch(r"\d{1,2}", unit) and int(unit) for unit in units):
        raise ValueError(shown)
    finest = max(map(int, units))
    if any(finest % int(unit) for unit in units):
        raise ValueError(shown)
    groups = [
        int(n) * (finest // int(unit)) for count, unit in zip(counts, units, strict=True) for n in count.split("+")
    ]
    try:
        return Metre(sum(groups), finest, tuple(groups) if len(groups) > 1 else ())
    except ValueError:
        raise ValueError(shown) from None


def metre_lasting(duration: Fraction) -> Metre | None:
    """The metre that lasts so many quarter notes, with the largest unit from quarters down; None if there is none."""
    for denominator in (4, 8, 16, 32):
        beats = duration * denominator / 4
        if beats.denominator == 1 and 1 <= beats <= 32:
            return Metre(int(beats), denominator)
    return None


def read_transposition(element: Element) -> int:
    """How many semitones higher a part sounds than it is written; `ValueError` if that cannot be read."""
    octaves = whole_number_of(element, "octave-change", 0)
    semitones = whole_number_of(element, "chromatic", 0)
    if max(abs(octaves), abs(semitones) // 12) > _MOST_OCTAVES:
        raise ValueError("a transposition of many octaves")
    return semitones + 12 * octaves


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
