"""Walk through one part of a score and note down what happens when."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement

from musicedu.formats.musicxml.clock import Clock, number_in, written_duration
from musicedu.formats.musicxml.found import Beside, Heard, MeasureRead, PartRead, Tally
from musicedu.formats.musicxml.signatures import (
    read_metre,
    read_signature,
    read_transposition,
)
from musicedu.formats.musicxml.tree import number_of, text_of, whole_number_of
from musicedu.melody import Metre, MetreAt
from musicedu.pitch import Spelling

_MARK_TAGS = {
    "staccato": ("staccato",), "staccatissimo": ("staccato",), "spiccato": ("staccato",), "tenuto": ("tenuto",),
    "accent": ("accent",), "strong-accent": ("marcato",), "detached-legato": ("staccato", "tenuto"),
    "fermata": ("fermata",), "trill-mark": ("trill",), "mordent": ("mordent",),
    "inverted-mordent": ("inverted-mordent",), "turn": ("turn",),
}  # fmt: skip
_MOST_LETTERS = 20  # of a voice's or a staff's name
_UNREAD = "that cannot be read"


class PartReader:
    """Reads measure after measure; `found` holds the result. Raises `ValueError` naming the measure."""

    def __init__(self) -> None:
        passed_over = Tally()
        self.found = PartRead(passed_over, Beside(passed_over))
        self._clock = Clock()
        self._metre: Metre | None = None
        self._has_divisions = False
        self._previous = Fraction(0)  # onset of the note before, for chords
        self._layer = 1  # of the note before
        self._layers: dict[tuple[str, str], list[Fraction]] = {}  # where each layer of a voice stands in this measure
        self._measure = ""
        self._is_uncounted = False

    def read(self, part: Element) -> PartRead:
        length = Fraction(0)
        for element in part.iterfind("measure"):
            self._measure = " ".join((element.get("number") or str(len(self.found.measures) + 1)).split())[:12]
            try:
                self._clock.begin_measure(length)
                length = self._read_measure(element)
            except ValueError as problem:
                raise ValueError(f"measure {self._measure}: {problem}") from None
        return self.found

    def _read_measure(self, element: Element) -> Fraction:
        self._layers = {}
        self._is_uncounted = _is_uncounted(element)
        for child in element:
            match child.tag:
                case "attributes":
                    self._attributes(child, element)
                case "note":
                    self._note(child, element)
                case "backup":
                    self._clock.back(self._number(child) or Fraction(0))
                case "forward":
                    self._clock.forward(self._number(child) or Fraction(0))
                case "direction":
                    self.found.beside.direction(child, self._place_of(child), self._measure)
                case "sound":
                    self.found.beside.sound(child, self._clock.at, self._measure)
                case _:
                    pass  # layout, harmony, barlines, …: no place in a Melody
        if self._metre is None:
            self.found.unmetred.append(len(self.found.measures))
        metre, begins = self._metre or Metre(4, 4), self._clock.begins
        length = self._clock.reached - begins
        if not length or (_is_whole_rest(element) and not self._is_uncounted):
            length = metre.duration
        self.found.measures.append(MeasureRead(self._measure, begins, length, metre, self._is_uncounted))
        return length

    def _number(self, element: Element) -> Fraction | None:
        number = number_in(element, "duration")
        if number is None and (text := text_of(element, "duration")):
            self.found.passed_over.add("duration", self._measure, text, _UNREAD)
        return number

    def _place_of(self, direction: Element) -> Fraction:
        """Where a direction stands: here, or as many divisions later or earlier as it says."""
        try:
            late = number_of(direction, "offset", 0)
        except ValueError:
            return self._clock.at
        shift = self._clock.duration_of(abs(late)) if late else Fraction(0)
        return max(Fraction(0), self._clock.at + (shift if late > 0 else -shift))

    def _attributes(self, element: Element, measure: Element) -> None:
        if element.find("divisions") is not None:
            self._set_divisions(number_in(element, "divisions"), measure)
        key, time, transpose = element.find("key"), element.find("time"), element.find("transpose")
        if key is not None:
            self._key(key)
        if time is not None:
            self._time(time)
        if transpose is not None and not self.found.notes:
            try:
                self.found.transposition = read_transposition(transpose)
            except ValueError:
                self.found.passed_over.add("transposition", self._measure, why=_UNREAD)

    def _set_divisions(self, divisions: Fraction | None, measure: Element) -> None:
        """Take the divisions a quarter note; without them, what the first notes that have a type say."""
        self._has_divisions = True
        if divisions:
            self._clock.divisions = divisions
            return
        said = "one for a quarter note was taken"
        for note in measure.iterfind("note"):
            number, written = number_in(note, "duration"), written_duration(note)
            if number and written:
                self._clock.divisions = number / written
                said = f"its notes say {self._clock.divisions} a quarter note"
                break
        self.found.notices.append(f"In measure {self._measure} no divisions are given; {said}")

    def _key(self, element: Element) -> None:
        try:
            signature, mended = read_signature(element, self._clock.at)
        except ValueError:
            self.found.passed_over.add("key signature", self._measure, text_of(element, "fifths"), _UNREAD)
            return
        self.found.signatures[self._clock.at] = signature
        self.found.notices += [mended] if mended else []

    def _time(self, element: Element) -> None:
        try:
            self._metre = read_metre(element)
        except ValueError as problem:
            self._metre = None
            self.found.passed_over.add("metre", self._measure, str(problem), _UNREAD)
            return
        self.found.metres[self._clock.at] = MetreAt(self._clock.at, self._metre)

    def _note(self, element: Element, measure: Element) -> None:
        children = {child.tag: child for child in element}
        if "grace" in children:
            return
        if not self._has_divisions:
            self._set_divisions(None, measure)
        in_chord = "chord" in children
        voice, staff = _name(children.get("voice")), _name(children.get("staff"))
        onset, duration = self._last_for(element, in_chord=in_chord, is_rest="rest" in children)
        if not in_chord:
            self._previous = onset
            self._layer = self._layer_of(voice, staff, onset, duration)
        if "rest" in children or not duration:
            return
        if "pitch" not in children:
            self.found.passed_over.add("note", self._measure, why="without a pitch")
            return
        notations, kind = children.get("notations"), children.get("type")
        ties = {tie.get("type") for tie in element.iterfind("tie")} if "tie" in children else set()
        if notations is not None:
            ties |= {tied.get("type") for tied in notations.iterfind("tied")}
            for dynamics in notations.iterfind("dynamics"):
                self.found.beside.dynamics(dynamics, onset, staff)
        is_cue = "cue" in children or (kind is not None and kind.get("size") == "cue")
        heard = Heard(
            onset=onset,
            duration=duration,
            spelling=self._spelling(children["pitch"]),
            marks=frozenset() if notations is None else _marks(notations),
            measure=self._measure,
            voice=voice,
            staff=staff,
            layer=self._layer,
            is_tied_from="stop" in ties,
            is_tied_to="start" in ties,
            in_chord=in_chord,
            absent="cue" if is_cue else "hidden" if element.get("print-object") == "no" else "",
            slurs=() if notations is None else _slurs(notations),
        )
        self.found.notes.append(heard)

    def _last_for(self, element: Element, *, in_chord: bool, is_rest: bool) -> tuple[Fraction, Fraction]:
        """Onset and duration of a note or rest, 0 for one that says no length; the clock moves on, but in a chord."""
        number, written = self._number(element), written_duration(element)
        if number is None and text_of(element, "duration") and written is None:
            raise ValueError(f"<duration> holds {text_of(element, 'duration')[:20]!r}, not a number")
        if is_rest and number is None and (written is None or element.find("rest[@measure='yes']") is not None):
            written = (self._metre or Metre(4, 4)).duration
        if in_chord:
            told = (written or Fraction(0)) if number is None else self._clock.duration_of(number, written)
            return self._previous, told
        onset = self._clock.at
        fills = not self._is_uncounted and element.find("rest[@measure='yes']") is not None
        return onset, self._clock.advance(number, written, fills_measure=fills)

    def _layer_of(self, voice: str, staff: str, onset: Fraction, duration: Fraction) -> int:
        """Which line of a voice goes on here: 1, or a further one where the voice was written over after a backup."""
        ends = self._layers.setdefault((voice, staff), [])
        layer = next((row for row, end in enumerate(ends) if end <= onset), len(ends))
        ends[layer : layer + 1] = [onset + duration]
        return layer + 1

    def _spelling(self, pitch: Element) -> Spelling:
        spelling, is_exact = _spelled(*(text_of(pitch, path)[:12] for path in ("step", "alter", "octave")))
        if not is_exact:
            self.found.passed_over.add("quarter tone", self._measure, why="(read as the nearest semitone)")
        return spelling


@lru_cache(maxsize=1024)
def _spelled(step: str, alter: str, octave: str) -> tuple[Spelling, bool]:
    """The pitch, and whether the alteration was a whole number of semitones; `ValueError` if it is no pitch."""
    pitch = Element("pitch")
    for tag, text in (("alter", alter), ("octave", octave)):
        SubElement(pitch, tag).text = text
    raised = number_of(pitch, "alter", 0)
    return Spelling(step, int(raised), whole_number_of(pitch, "octave")), raised.denominator == 1


def _name(element: Element | None) -> str:
    """The name of a voice or a staff, 1 if the note has none."""
    text = "" if element is None else (element.text or "").strip()
    return text[:_MOST_LETTERS] or "1"


def _marks(notations: Element) -> frozenset[str]:
    tags = [mark.tag for group in ("articulations", "ornaments") for mark in notations.iterfind(f"{group}/*")]
    if notations.find("fermata") is not None:
        tags.append("fermata")
    return frozenset(mark for tag in tags for mark in _MARK_TAGS.get(tag, ()))


def _slurs(notations: Element) -> tuple[tuple[str, str], ...]:
    """What begins and ends on a note, ends first, with the numbers."""
    found = [(slur.get("type", ""), slur.get("number", "1")) for slur in notations.iterfind("slur")]
    return tuple(sorted(found, key=lambda slur: slur[0] != "stop"))


def _is_uncounted(measure: Element) -> bool:
    """Whether a measure is said to be part of another: an anacrusis, or the second half of a divided one."""
    return measure.get("implicit") == "yes" or measure.get("number") == "0"


def _is_whole_rest(measure: Element) -> bool:
    """Whether a measure holds one whole rest and no other note: it stands for a measure of any metre."""
    notes = [note for note in measure.iterfind("note") if note.find("grace") is None]
    return len(notes) == 1 and notes[0].find("rest") is not None and notes[0].findtext("type", "").strip() == "whole"
