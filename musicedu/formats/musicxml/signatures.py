"""Key signatures, metres and transpositions as a file gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element

from musicedu.formats.musicxml.tree import text_of, whole_number_of
from musicedu.melody import MODES, Metre, Mode

_MODES: dict[str, Mode] = {mode: mode for mode in MODES} | {
    "ionian": "major", "aeolian": "minor", "maj": "major", "min": "minor", "dur": "major", "moll": "minor",
}  # fmt: skip
_SYMBOLS = {"common": Metre(4, 4), "cut": Metre(2, 2)}
_MOST_OCTAVES = 5


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
