"""The attributes that need no more of a melody than its symbols: the notes and rests as they stand on the page.

A note that is tied over a barline is two symbols here, as it is to the eye. Values are told apart by note head, flags
and dots; the eighths of a triplet are eighths, and `tuplet_share` counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from musicedu.melody import Melody
from musicedu.notation import Symbol, write

Symbols = Sequence[Symbol]


def symbols_of(melody: Melody) -> tuple[Symbol, ...]:
    """Write a melody down as one row of symbols; `MusicEduError` where no note values fit."""
    return tuple(symbol for _, symbols in write(melody) for symbol in symbols)


def note_values(symbols: Symbols) -> float:
    """How many different note values are used."""
    return float(len({(symbol.value, symbol.dots) for symbol in symbols if not symbol.is_rest}))


def rest_values(symbols: Symbols) -> float:
    """How many different rest values are used; a rest that fills its measure is written as a whole one."""
    return float(len({(symbol.value, symbol.dots) for symbol in symbols if symbol.is_rest}))


def eighth_share(symbols: Symbols) -> float:
    """The share (0-1) of written notes that are eighths, dotted ones too; 0 without notes."""
    return _share(symbols, lambda symbol: symbol.value == "eighth")


def sixteenth_share(symbols: Symbols) -> float:
    """The share (0-1) of written notes that are sixteenths or shorter; 0 without notes."""
    return _share(symbols, lambda symbol: symbol.value in ("16th", "32nd", "64th"))


def dotted_share(symbols: Symbols) -> float:
    """The share (0-1) of written notes that are dotted quarters or shorter dotted values; 0 without notes."""
    return _share(symbols, lambda symbol: symbol.dots > 0 and symbol.value in ("quarter", "eighth", "16th"))


def tuplet_share(symbols: Symbols) -> float:
    """The share (0-1) of written notes that stand in a triplet, duplet or other tuplet; 0 without notes."""
    return _share(symbols, lambda symbol: symbol.tuplet is not None)


def tie_share(symbols: Symbols) -> float:
    """The share (0-1) of written notes that are tied to the one before; 0 without notes."""
    return _share(symbols, lambda symbol: symbol.tied_from)


def _share(symbols: Symbols, is_one: Callable[[Symbol], bool]) -> float:
    chosen = [is_one(symbol) for symbol in symbols if not symbol.is_rest]
    return sum(chosen) / len(chosen) if chosen else 0.0
