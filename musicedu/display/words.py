"""Music in words: the text that stands beside a picture or a sound for whoever cannot see or hear it."""

from __future__ import annotations

from musicedu.melody import Measure, Melody
from musicedu.notation import Symbol, write

_DOTS = ("", "dotted ", "double-dotted ")


def score_in_words(melody: Melody) -> str:
    """Say a score measure by measure; one that is longer or shorter than its metre is called so.

    >>> print(score_in_words(Melody.from_text("G4:1 B4:1 D5:1 G4:3", metre="3/4", key="G")))
    Score: 2 measures of 3/4 in G major.
    1: quarter G4, B4, D5. 2: dotted half G4.
    """
    measures = write(melody)
    count = len(measures)
    head = f"Score: {count} measure{'' if count == 1 else 's'} of {melody.metre} in {melody.key.name}."
    return head + "\n" + " ".join(_measure_in_words(melody, measure, symbols) for measure, symbols in measures)


def _measure_in_words(melody: Melody, measure: Measure, symbols: tuple[Symbol, ...]) -> str:
    parts, previous = [], ""
    for symbol in symbols:
        value = _value_in_words(symbol)
        # A value holds until another is said, as a musician would dictate it.
        parts.append(_thing(melody, symbol) if value == previous else f"{value} {_thing(melody, symbol)}")
        previous = value
    return f"{measure.number}{_length_in_words(measure)}: {', '.join(parts)}."


def _length_in_words(measure: Measure) -> str:
    """Nothing for a measure as long as its metre; a reader who sees no barlines counts on that."""
    if not measure.is_irregular:
        return ""
    return " (long)" if measure.duration > measure.metre.duration else " (short)"


def _value_in_words(symbol: Symbol) -> str:
    if symbol.full_measure:
        return "whole-measure"
    tuplet = {None: "", (3, 2): "triplet ", (2, 3): "duplet "}.get(symbol.tuplet, "tuplet ")
    return f"{tuplet}{_DOTS[symbol.dots]}{symbol.value}"


def _thing(melody: Melody, symbol: Symbol) -> str:
    if symbol.note is None:
        return "rest"
    name = str(melody.notes[symbol.note].spelling)
    return f"{name} (held)" if symbol.tied_from else name
