"""Write a melody down, measure by measure; which notes carry an accidental.

Those do whose alteration the signature and the measure so far do not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from musicedu.errors import MusicEduError
from musicedu.melody import Measure, Melody, Metre
from musicedu.notation.beams import with_beams
from musicedu.notation.spans import measure_tree
from musicedu.notation.symbols import SHORTEST, VALUES, Symbol, value_of
from musicedu.notation.tuplets import Tuplet, cut_with_tuplets, find_tuplets

Sounding = tuple[Fraction, Fraction, int | None]  # onset, offset, index of the note or None
NAMES = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}


def write(melody: Melody) -> tuple[tuple[Measure, tuple[Symbol, ...]], ...]:
    """Split every note and rest at the barlines and into written values, as an engraver would.

    The symbols of a measure tile it exactly. Beats stay visible: nothing hides the middle of a 4/4 measure but a
    half note on beat 2, a dotted quarter with its eighth stays whole, compound metres are written in dotted beats,
    uneven ones by `Metre.beats`. Tuplets are triplets, quintuplets, septuplets and, in compound metres, duplets; values
    reach down to the 64th. Raises `MusicEduError` that names a measure that cannot be written so.

    >>> tune = Melody.from_text("C4:3/2 D4:1/2 E4:3")
    >>> [(symbol.value, symbol.dots, symbol.tied_to) for _, symbols in write(tune) for symbol in symbols]
    [('quarter', 1, False), ('eighth', 0, False), ('half', 0, True), ('quarter', 0, False)]
    """
    sounding = _soundings(melody)
    written, first = [], 0
    for measure in melody.measures:
        inside: list[Sounding] = []
        while first < len(sounding) and sounding[first][0] < measure.offset:
            inside.append(sounding[first])
            if sounding[first][1] > measure.offset:
                break
            first += 1
        written.append((measure, _write_measure(measure, inside)))
    return tuple(written)


def _soundings(melody: Melody) -> list[Sounding]:
    """Notes and the silences between them, in order, from 0 to the end."""
    sounding: list[Sounding] = []
    position = Fraction(0)
    for index, note in enumerate(melody.notes):
        if note.onset > position:
            sounding.append((position, note.onset, None))
        sounding.append((note.onset, note.offset, index))
        position = note.offset
    if position < melody.duration:
        sounding.append((position, melody.duration, None))
    return sounding


def _write_measure(measure: Measure, sounding: list[Sounding]) -> tuple[Symbol, ...]:
    """The symbols of one measure: the cached pattern, moved to its place and joined to its notes."""
    origin = measure.onset - measure.shift
    clipped = [(max(onset, measure.onset), min(offset, measure.offset), note) for onset, offset, note in sounding]
    if len(clipped) == 1 and clipped[0][2] is None and measure.duration == measure.metre.duration:
        return (Symbol(measure.onset, measure.duration, None, "whole", full_measure=True),)
    if _is_lone_rest(clipped) and (measure.is_irregular or measure.duration == VALUES["whole"]):
        clipped = sounding = _halved(clipped[0])
    pieces = tuple((onset - origin, offset - origin, note is None) for onset, offset, note in clipped)
    pattern = _pattern(measure.metre, pieces)
    if pattern is None:
        raise _unwritable(measure, clipped)
    symbols = []
    for symbol in pattern:
        piece = symbol.note or 0
        onset, offset, note = sounding[piece]
        begins, ends = origin + symbol.onset, origin + symbol.offset
        before, after = note is not None and begins > onset, note is not None and ends < offset
        symbols.append(replace(symbol, onset=begins, note=note, tied_from=before, tied_to=after))
    return tuple(symbols)


def _is_lone_rest(clipped: list[Sounding]) -> bool:
    """Whether a measure is written as one rest that can be halved."""
    onset, offset, note = clipped[0]
    is_rest = len(clipped) == 1 and note is None
    return is_rest and value_of(offset - onset) is not None and offset - onset >= 2 * SHORTEST


def _halved(rest: Sounding) -> list[Sounding]:
    """A rest as two: one alone in a measure would be read as a measure of its metre."""
    onset, offset, _ = rest
    middle = onset + (offset - onset) / 2
    return [(onset, middle, None), (middle, offset, None)]


@lru_cache(maxsize=4096)
def _pattern(metre: Metre, pieces: tuple[tuple[Fraction, Fraction, bool], ...]) -> tuple[Symbol, ...] | None:
    """The symbols of a measure from its beginning, `note` being the index of the piece; None if unwritable."""
    tree = measure_tree(metre, pieces[-1][1])
    tuplets = find_tuplets(tree, pieces, is_compound=metre.is_compound)
    if tuplets is None:
        return None
    symbols: list[Symbol] = []
    for index, (onset, offset, is_rest) in enumerate(pieces):
        stretches = cut_with_tuplets((onset, offset), tree, tuplets, is_rest=is_rest)
        if stretches is None:
            return None
        for begins, ends, tuplet in stretches:
            symbols.append(_symbol(begins, ends, index, tuplet, (pieces[0][0], pieces[-1][1])))
    is_rest_at = [is_rest for _, _, is_rest in pieces]
    unbeamed = tuple(replace(s, note=None) if is_rest_at[s.note or 0] else s for s in symbols)
    beamed = with_beams(unbeamed, tree, tuplets)
    return tuple(replace(after, note=before.note) for before, after in zip(symbols, beamed, strict=True))


def _symbol(
    onset: Fraction, offset: Fraction, piece: int, tuplet: Tuplet | None, measure: tuple[Fraction, Fraction]
) -> Symbol:
    scale = tuplet.scale if tuplet else Fraction(1)
    named = value_of((offset - onset) * scale)
    if named is None:
        raise AssertionError(f"{onset} to {offset} was cut to no single value")
    value, dots = named
    if tuplet is None:
        return Symbol(onset, offset - onset, piece, value, dots)
    return Symbol(
        onset, offset - onset, piece, value, dots,
        tuplet=(tuplet.actual, tuplet.normal),
        tuplet_begins=onset == max(tuplet.onset, measure[0]),
        tuplet_ends=offset == min(tuplet.offset, measure[1]),
    )  # fmt: skip


def _unwritable(measure: Measure, sounding: list[Sounding]) -> MusicEduError:
    onset, offset, note = max(sounding, key=lambda each: max(each[0].denominator, each[1].denominator))
    kind = "rest" if note is None else "note"
    return MusicEduError(
        f"no note value fits a {kind} of {offset - onset} quarter notes at {onset - measure.onset} quarter notes",
        where=f"measure {measure.number}",
        remedy="Use values down to the 64th, triplets, quintuplets, septuplets, or duplets in compound time",
    )


@dataclass(frozen=True, slots=True)
class Accidental:
    """An accidental before a note: `alter` from -2 to 2; `courtesy` if it only reminds after the barline."""

    alter: int
    courtesy: bool = False

    @property
    def name(self) -> str:
        """flat-flat, flat, natural, sharp or double-sharp."""
        return NAMES[self.alter]


def accidentals(
    melody: Melody, written: tuple[tuple[Measure, tuple[Symbol, ...]], ...]
) -> dict[tuple[int, int], Accidental]:
    """The accidentals by (place of the measure, place of the symbol in it).

    An accidental holds for its staff position to the end of the measure. A tied note repeats none. A courtesy
    accidental stands where the position was altered otherwise in the measure before.
    """
    return {(row, column): sign for (row, column, _), sign in accidentals_of_chords((melody,), written).items()}


def accidentals_of_chords(
    voices: Sequence[Melody], written: tuple[tuple[Measure, tuple[Symbol, ...]], ...]
) -> dict[tuple[int, int, int], Accidental]:
    """The accidentals of voices with one rhythm on one staff, by measure, symbol and voice; see `accidentals`."""
    shown: dict[tuple[int, int, int], Accidental] = {}
    before: dict[tuple[str, int], int] = {}
    for row, (_, symbols) in enumerate(written):
        now: dict[tuple[str, int], int] = {}
        sounded: dict[tuple[str, int], int] = {}
        for column, symbol in enumerate(symbols):
            if symbol.note is None:
                continue
            signed = voices[0].key_at(symbol.onset).signature
            for number, voice in enumerate(voices):
                spelling = voice.notes[symbol.note].spelling
                position = (spelling.step, spelling.octave)
                holds = now.get(position, signed.get(spelling.step, 0))
                sounded[position] = spelling.alter
                if symbol.tied_from:
                    continue
                if spelling.alter != holds:
                    shown[row, column, number] = Accidental(spelling.alter)
                elif position not in now and before.get(position, spelling.alter) != spelling.alter:
                    shown[row, column, number] = Accidental(spelling.alter, courtesy=True)
                now[position] = spelling.alter
        before = sounded
    return shown
