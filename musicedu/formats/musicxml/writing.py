"""Render a melody as MusicXML: the same melody gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from musicedu.formats.barlines import metres_again
from musicedu.formats.musicxml.directions import Direction, directions, slur_ends
from musicedu.formats.musicxml.document import closed_score, legible, opened_score
from musicedu.melody import ARTICULATIONS, ORNAMENTS, Key, Measure, Melody, Metre
from musicedu.notation import Accidental, Symbol, accidentals, write


class Clef(NamedTuple):
    """Sign, staff line, octave change, and the staff positions (`Spelling.diatonic`) of the lowest and highest line."""

    sign: str
    line: int
    octave: int
    lowest: int
    highest: int


CLEFS = {
    "treble": Clef("G", 2, 0, 30, 38),
    "bass": Clef("F", 4, 0, 18, 26),
    "alto": Clef("C", 3, 0, 24, 32),
    "tenor": Clef("C", 4, 0, 22, 30),
    "treble-8vb": Clef("G", 2, -1, 23, 31),
}
_ARTICULATION_TAGS = {"staccato": "staccato", "tenuto": "tenuto", "accent": "accent", "marcato": "strong-accent"}
_ORNAMENT_TAGS = {"trill": "trill-mark", "mordent": "mordent", "inverted-mordent": "inverted-mordent", "turn": "turn"}
_DIATONIC = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)  # letters that an interval of 0 to 11 semitones usually spans


def choose_clef(melody: Melody) -> str:
    """The clef, treble or bass, that needs the fewer ledger lines; treble if it is the same."""

    def ledger_lines(clef: Clef) -> int:
        positions = [note.spelling.diatonic for note in melody.notes]
        return sum(max(0, clef.lowest - position, position - clef.highest) // 2 for position in positions)

    return min(("treble", "bass"), key=lambda name: ledger_lines(CLEFS[name]))


def render_musicxml(
    melody: Melody, *, instrument: str = "", part_name: str = "", clef: str = "", software: bool = True
) -> bytes:
    """Write a melody as a MusicXML 4.0 file of one part.

    `instrument` names what sounds and `part_name` what stands before the first staff; both may be empty. `clef` is a
    key of `CLEFS`, empty for the one that fits the range. `software` says whether to name this program and its
    version in the file (never a date).

    Raises `ValueError` for an unknown clef and `MusicEduError` for durations that no notes can write.
    """
    if clef and clef not in CLEFS:
        raise ValueError(f"clef must be one of {', '.join(CLEFS)}, not {clef!r}")
    root = opened_score(melody.title, software=software)
    _part_list(root, instrument, part_name)
    part = SubElement(root, "part", id="P1")
    PartWriter(melody, clef or choose_clef(melody)).fill(part)
    return closed_score(root)


def _part_list(root: Element, instrument: str, part_name: str) -> None:
    score_part = SubElement(SubElement(root, "part-list"), "score-part", id="P1")
    SubElement(score_part, "part-name").text = legible(part_name)
    if instrument:
        SubElement(SubElement(score_part, "score-instrument", id="P1-I1"), "instrument-name").text = legible(instrument)


class PartWriter:
    """Writes the measures of one melody; holds what the notes need to look up."""

    def __init__(self, melody: Melody, clef: str) -> None:
        self.melody, self.clef = melody, CLEFS[clef]
        self.written = write(melody)
        self.accidentals = accidentals(melody, self.written)
        self.directions = directions(melody)
        self.slurs_begin, self.slurs_end = slur_ends(melody.slurs)
        self.keys = {change.onset: change.key for change in melody.keys}
        self.again = {change.onset: change.metre for change in metres_again(melody)}
        self.metres = self.again | {change.onset: change.metre for change in melody.metres}
        places = [edge for _, symbols in self.written for symbol in symbols for edge in (symbol.onset, symbol.offset)]
        places += [*self.keys, *(direction.onset for direction in self.directions)]
        self.divisions = lcm(*(place.denominator for place in places))

    def count_in(self, onsets: Iterable[Fraction]) -> None:
        """Make the divisions fine enough for further onsets."""
        self.divisions = lcm(self.divisions, *(onset.denominator for onset in onsets))

    def fill(self, part: Element) -> None:
        for row, (measure, symbols) in enumerate(self.written):
            element = SubElement(part, "measure", number=str(measure.number))
            if measure.number == 0:
                element.set("implicit", "yes")
            self._attributes(element, measure, is_first=row == 0)
            tuplets = self._tuplets(symbols)
            for column, symbol in enumerate(symbols):
                self._directions(element, symbol.onset, symbol.offset, measure)
                accidental = self.accidentals.get((row, column))
                element.append(self._note(symbol, accidental, tuplets.get(column, {})))
                self._others(element, symbol, row, column)
                self._late_keys(element, symbol, measure)
            self._closing_directions(element, measure)
        barline = SubElement(element, "barline", location="right")
        SubElement(barline, "bar-style").text = "light-heavy"

    def _others(self, parent: Element, symbol: Symbol, row: int, column: int) -> None:
        """What a writer of chords adds to a note: the notes that are struck with it."""

    def _steps(self, duration: Fraction) -> str:
        return str(int(duration * self.divisions))

    def _attributes(self, parent: Element, measure: Measure, *, is_first: bool) -> None:
        key, metre = self.keys.get(measure.onset), self.metres.get(measure.onset)
        if not is_first and key is None and metre is None:
            return
        attributes = SubElement(parent, "attributes")
        if is_first:
            SubElement(attributes, "divisions").text = str(self.divisions)
        if key is not None:
            _key(attributes, key)
        if metre is not None:
            _time(attributes, metre, is_shown=measure.onset not in self.again)
        if is_first:
            _clef(attributes, self.clef)
            _transpose(attributes, self.melody.transposition)

    def _directions(self, parent: Element, begins: Fraction, ends: Fraction, measure: Measure) -> None:
        for direction in self.directions:
            if begins <= direction.onset < ends and not (direction.closes and direction.onset == measure.onset):
                self._place(parent, direction, direction.onset - begins)

    def _closing_directions(self, parent: Element, measure: Measure) -> None:
        for direction in self.directions:
            if direction.closes and direction.onset == measure.offset:
                self._place(parent, direction, Fraction(0))

    def _place(self, parent: Element, direction: Direction, late: Fraction) -> None:
        if late:
            offset = Element("offset")
            offset.text = self._steps(late)
            sound = direction.content.find("sound")
            place = len(direction.content) if sound is None else list(direction.content).index(sound)
            direction.content.insert(place, offset)
        parent.append(direction.content)

    def _late_keys(self, parent: Element, symbol: Symbol, measure: Measure) -> None:
        """Key changes inside the measure: after the symbol before them, or back into a symbol they fall upon."""
        for onset, key in self.keys.items():
            if not symbol.onset < onset <= symbol.offset or onset == measure.offset:
                continue
            back = self._steps(symbol.offset - onset)
            if onset < symbol.offset:
                SubElement(SubElement(parent, "backup"), "duration").text = back
            _key(SubElement(parent, "attributes"), key)
            if onset < symbol.offset:
                SubElement(SubElement(parent, "forward"), "duration").text = back

    def _tuplets(self, symbols: tuple[Symbol, ...]) -> dict[int, dict[str, str]]:
        """How each tuplet is shown, by its first symbol: no bracket if one beam joins it, below if marks lie above."""
        begins = [index for index, symbol in enumerate(symbols) if symbol.tuplet_begins]
        shown = {}
        for first, after in pairwise([*begins, len(symbols)]):
            last = next(index for index in range(first, after) if symbols[index].tuplet_ends)
            members = symbols[first : last + 1]
            shown[first] = {"bracket": "no" if _is_beamed(members) else "yes"}
            notes = [self.melody.notes[symbol.note] for symbol in members if symbol.note is not None]
            if any(note.marks & {*ORNAMENTS, "fermata"} for note in notes):
                shown[first]["placement"] = "below"
        return shown

    def _note(self, symbol: Symbol, accidental: Accidental | None, tuplet: dict[str, str]) -> Element:
        element = Element("note")
        note = None if symbol.note is None else self.melody.notes[symbol.note]
        if note is None:
            SubElement(element, "rest", {"measure": "yes"} if symbol.full_measure else {})
        else:
            pitch = SubElement(element, "pitch")
            SubElement(pitch, "step").text = note.spelling.step
            if note.spelling.alter:
                SubElement(pitch, "alter").text = str(note.spelling.alter)
            SubElement(pitch, "octave").text = str(note.spelling.octave)
        SubElement(element, "duration").text = self._steps(symbol.duration)
        ties = [kind for kind, is_tied in (("stop", symbol.tied_from), ("start", symbol.tied_to)) if is_tied]
        for kind in ties:
            SubElement(element, "tie", type=kind)
        SubElement(element, "voice").text = "1"
        if not symbol.full_measure:
            SubElement(element, "type").text = symbol.value
        for _ in range(symbol.dots):
            SubElement(element, "dot")
        if accidental is not None:
            shown = SubElement(element, "accidental", {"cautionary": "yes"} if accidental.courtesy else {})
            shown.text = accidental.name
        if symbol.tuplet:
            scaling = SubElement(element, "time-modification")
            SubElement(scaling, "actual-notes").text = str(symbol.tuplet[0])
            SubElement(scaling, "normal-notes").text = str(symbol.tuplet[1])
        for level, beam in enumerate(symbol.beams, start=1):
            SubElement(element, "beam", number=str(level)).text = beam
        notations = Element("notations")
        for kind in ties:
            SubElement(notations, "tied", type=kind)
        if note is not None:
            self._slurs(notations, symbol, note.onset)
        if symbol.tuplet_begins:
            SubElement(notations, "tuplet", {"type": "start", "number": "1"} | tuplet)
        if symbol.tuplet_ends:
            SubElement(notations, "tuplet", type="stop", number="1")
        if note is not None:
            _marks(notations, note.marks, symbol)
        if len(notations):
            element.append(notations)
        return element

    def _slurs(self, notations: Element, symbol: Symbol, onset: Fraction) -> None:
        if not symbol.tied_to:
            for number in self.slurs_end.get(onset, []):
                SubElement(notations, "slur", type="stop", number=str(number))
        if not symbol.tied_from:
            for number in self.slurs_begin.get(onset, []):
                SubElement(notations, "slur", type="start", number=str(number))


def _key(attributes: Element, key: Key) -> None:
    element = SubElement(attributes, "key")
    SubElement(element, "fifths").text = str(key.fifths)
    SubElement(element, "mode").text = key.mode


def _time(attributes: Element, metre: Metre, *, is_shown: bool) -> None:
    element = SubElement(attributes, "time", {} if is_shown else {"print-object": "no"})
    SubElement(element, "beats").text = "+".join(map(str, metre.groups)) if metre.groups else str(metre.numerator)
    SubElement(element, "beat-type").text = str(metre.denominator)


def _clef(attributes: Element, clef: Clef) -> None:
    element = SubElement(attributes, "clef")
    SubElement(element, "sign").text = clef.sign
    SubElement(element, "line").text = str(clef.line)
    if clef.octave:
        SubElement(element, "clef-octave-change").text = str(clef.octave)


def _transpose(attributes: Element, semitones: int) -> None:
    """Sounding minus written, as letters, semitones within an octave, and octaves."""
    if not semitones:
        return
    sign = 1 if semitones > 0 else -1
    octaves, chromatic = divmod(abs(semitones), 12)
    element = SubElement(attributes, "transpose")
    SubElement(element, "diatonic").text = str(sign * _DIATONIC[chromatic])
    SubElement(element, "chromatic").text = str(sign * chromatic)
    if octaves:
        SubElement(element, "octave-change").text = str(sign * octaves)


def _is_beamed(members: tuple[Symbol, ...]) -> bool:
    """Whether one beam joins these symbols and no others."""
    levels = [symbol.beams[0] if symbol.beams else "" for symbol in members]
    return len(levels) > 1 and levels[0] == "begin" and levels[-1] == "end" and set(levels[1:-1]) <= {"continue"}


def _marks(notations: Element, marks: frozenset[str], symbol: Symbol) -> None:
    """Ornaments and articulations stand on the first of tied symbols, a fermata on the last."""
    if not symbol.tied_from:
        for group, tags, names in (
            ("ornaments", _ORNAMENT_TAGS, ORNAMENTS),
            ("articulations", _ARTICULATION_TAGS, ARTICULATIONS),
        ):
            found = [tags[name] for name in names if name in marks and name in tags]
            if found:
                parent = SubElement(notations, group)
                for tag in found:
                    SubElement(parent, tag)
    if "fermata" in marks and not symbol.tied_to:
        SubElement(notations, "fermata", type="upright")
