"""Walk through one part of a score and note down what happens when."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from musicedu.formats.musicxml.tree import number_of, text_of, whole_number_of
from musicedu.melody import MODES, Key, KeyAt, Metre, MetreAt, Mode
from musicedu.notation.symbols import VALUES
from musicedu.pitch import Spelling

_MARK_TAGS = {
    "staccato": ("staccato",), "staccatissimo": ("staccato",), "spiccato": ("staccato",), "tenuto": ("tenuto",),
    "accent": ("accent",), "strong-accent": ("marcato",), "detached-legato": ("staccato", "tenuto"),
    "fermata": ("fermata",), "trill-mark": ("trill",), "mordent": ("mordent",),
    "inverted-mordent": ("inverted-mordent",), "turn": ("turn",),
}  # fmt: skip
_MODES: dict[str, Mode] = {mode: mode for mode in MODES} | {"ionian": "major", "aeolian": "minor"}
_DYNAMIC_TAGS = {
    "pppp": "pp", "ppp": "pp", "pp": "pp", "p": "p", "mp": "mp",
    "mf": "mf", "f": "f", "ff": "ff", "fff": "ff", "ffff": "ff",
}  # fmt: skip
_PER_MINUTE = re.compile(r"\d+(\.\d+)?")


@dataclass(slots=True)
class Heard:
    """One written note, before ties join it to others."""

    onset: Fraction
    duration: Fraction
    spelling: Spelling
    marks: frozenset[str]
    measure: str
    voice: str
    is_tied_from: bool
    is_tied_to: bool
    in_chord: bool


@dataclass(slots=True)
class MeasureRead:
    """A measure as the file has it: its number, place, length in quarter notes and metre."""

    number: str
    onset: Fraction
    duration: Fraction
    metre: Metre
    is_implicit: bool


@dataclass(slots=True)
class PartRead:
    """All that was found in a part, in the order of the file; positions in quarter notes."""

    notes: list[Heard] = field(default_factory=list)
    measures: list[MeasureRead] = field(default_factory=list)
    metres: dict[Fraction, MetreAt] = field(default_factory=dict)
    keys: dict[Fraction, KeyAt] = field(default_factory=dict)
    tempos: dict[Fraction, tuple[Fraction, str]] = field(default_factory=dict)
    dynamics: dict[Fraction, str] = field(default_factory=dict)
    hairpins: list[tuple[Fraction, Fraction, str]] = field(default_factory=list)
    slurs: list[tuple[Fraction, Fraction]] = field(default_factory=list)
    transposition: int = 0


class PartReader:
    """Reads measure after measure; `found` holds the result. Raises `ValueError` naming the measure."""

    def __init__(self) -> None:
        self.found = PartRead()
        self._divisions = Fraction(1)
        self._metre: Metre | None = None
        self._begins = Fraction(0)  # the measure
        self._cursor = Fraction(0)
        self._reached = Fraction(0)
        self._previous = Fraction(0)  # onset of the note before, for chords
        self._wedges: dict[str, tuple[Fraction, str]] = {}
        self._slurs: dict[str, Fraction] = {}
        self._measure = ""

    def read(self, part: Element) -> PartRead:
        for element in part.iterfind("measure"):
            self._measure = (element.get("number") or str(len(self.found.measures) + 1))[:12]
            try:
                self._read_measure(element)
            except ValueError as problem:
                raise ValueError(f"measure {self._measure}: {problem}") from None
        return self.found

    def _read_measure(self, element: Element) -> None:
        self._cursor = self._reached = self._begins
        for child in element:
            match child.tag:
                case "attributes":
                    self._attributes(child)
                case "note":
                    self._note(child)
                case "backup":
                    self._cursor = max(self._begins, self._cursor - self._duration(child))
                case "forward":
                    self._move(self._duration(child))
                case "direction":
                    self._direction(child)
                case "sound":
                    self._sound(child, self._cursor, "")
                case _:
                    pass  # layout, harmony, barlines, …: no place in a Melody
        metre = self._metre or Metre(4, 4)
        length = self._reached - self._begins or metre.duration
        is_implicit = element.get("implicit") == "yes" or self._measure == "0"
        self.found.measures.append(MeasureRead(self._measure, self._begins, length, metre, is_implicit))
        self._begins += length

    def _duration(self, element: Element) -> Fraction:
        duration = number_of(element, "duration")
        if duration < 0:
            raise ValueError(f"a duration of {duration}")
        return duration / self._divisions

    def _move(self, duration: Fraction) -> None:
        self._cursor += duration
        self._reached = max(self._reached, self._cursor)

    def _attributes(self, element: Element) -> None:
        if element.find("divisions") is not None:
            self._divisions = number_of(element, "divisions")
            if self._divisions <= 0:
                raise ValueError("<divisions> must be above 0")
        key, time, transpose = element.find("key"), element.find("time"), element.find("transpose")
        if key is not None:
            self.found.keys[self._cursor] = KeyAt(self._cursor, _key(key))
        if time is not None:
            self._metre = _metre(time)
            self.found.metres[self._cursor] = MetreAt(self._cursor, self._metre)
        if transpose is not None and not self.found.notes:
            octaves = whole_number_of(transpose, "octave-change", 0)
            self.found.transposition = whole_number_of(transpose, "chromatic") + 12 * octaves

    def _note(self, element: Element) -> None:
        if element.find("grace") is not None:
            return
        duration = self._duration(element)
        in_chord = element.find("chord") is not None
        onset = self._previous if in_chord else self._cursor
        if not in_chord:
            self._previous = onset
            self._move(duration)
        if element.find("rest") is not None or element.find("cue") is not None or duration == 0:
            return
        if element.find("unpitched") is not None:
            raise ValueError("unpitched percussion has no place in a melody")
        ties = {tie.get("type") for tie in (*element.iterfind("tie"), *element.iterfind("notations/tied"))}
        heard = Heard(
            onset=onset,
            duration=duration,
            spelling=_spelling(element),
            marks=_marks(element),
            measure=self._measure,
            voice=text_of(element, "voice", "1") + (f" on staff {s}" if (s := text_of(element, "staff")) else ""),
            is_tied_from="stop" in ties,
            is_tied_to="start" in ties,
            in_chord=in_chord,
        )
        self.found.notes.append(heard)
        self._slur(element, onset)
        for dynamics in element.iterfind("notations/dynamics"):
            self._dynamic(dynamics, onset)

    def _slur(self, element: Element, onset: Fraction) -> None:
        slurs = sorted(element.iterfind("notations/slur"), key=lambda slur: slur.get("type") != "stop")
        for slur in slurs:
            number = slur.get("number", "1")
            if slur.get("type") == "start":
                self._slurs[number] = onset
            elif slur.get("type") == "stop" and number in self._slurs:
                self.found.slurs.append((self._slurs.pop(number), onset))

    def _direction(self, element: Element) -> None:
        late = number_of(element, "offset", 0) / self._divisions
        onset = max(Fraction(0), self._cursor + late)
        words = " ".join(filter(None, (text_of(each, ".") for each in element.iterfind("direction-type/words"))))
        for kind in element.iterfind("direction-type/*"):
            match kind.tag:
                case "dynamics":
                    self._dynamic(kind, onset)
                case "wedge":
                    self._wedge(kind, onset)
                case "metronome":
                    self._metronome(kind, onset, words)
                case _:
                    pass
        sound = element.find("sound")
        if sound is not None:
            self._sound(sound, onset, words)

    def _dynamic(self, element: Element, onset: Fraction) -> None:
        for child in element:
            if child.tag in _DYNAMIC_TAGS:
                self.found.dynamics[onset] = _DYNAMIC_TAGS[child.tag]

    def _wedge(self, element: Element, onset: Fraction) -> None:
        number, kind = element.get("number", "1"), element.get("type", "")
        if kind in ("crescendo", "diminuendo"):
            self._wedges[number] = (onset, kind)
        elif kind == "stop" and number in self._wedges:
            begins, opened = self._wedges.pop(number)
            self.found.hairpins.append((begins, onset, opened))

    def _metronome(self, element: Element, onset: Fraction, words: str) -> None:
        """A mark such as `dotted quarter = 60`; one without a number ("quarter = dotted quarter") is passed over."""
        per_minute = _PER_MINUTE.search(text_of(element, "per-minute")[:20])
        unit = VALUES.get(text_of(element, "beat-unit"))
        if per_minute is None or unit is None:
            return
        dots = len(element.findall("beat-unit-dot"))
        bpm = Fraction(per_minute.group()) * unit * (2 - Fraction(1, 2 ** min(dots, 4)))
        self.found.tempos[onset] = (bpm, words or self.found.tempos.get(onset, (bpm, ""))[1])

    def _sound(self, element: Element, onset: Fraction, words: str) -> None:
        """The exact tempo, which a metronome mark may show rounded."""
        text = element.get("tempo", "")
        if not text:
            return
        if _PER_MINUTE.fullmatch(text[:30]) is None:
            raise ValueError(f"the tempo is {text[:20]!r}, not a number")
        bpm = Fraction(text[:30]).limit_denominator(10_000)
        self.found.tempos[onset] = (bpm, words or self.found.tempos.get(onset, (bpm, ""))[1])


def _key(element: Element) -> Key:
    if element.find("fifths") is None:
        raise ValueError("the key signature is not a traditional one")
    mode = _MODES.get(text_of(element, "mode").lower(), "major")
    return Key(whole_number_of(element, "fifths"), mode)


def _metre(element: Element) -> Metre:
    """Read 6/8, a grouped 3+2/8, or a sum of metres such as 2/4 + 3/8."""
    if element.find("senza-misura") is not None:
        raise ValueError("the music has no metre (senza misura)")
    counts = [text_of(each, ".") for each in element.iterfind("beats")]
    units = [text_of(each, ".") for each in element.iterfind("beat-type")]
    if not counts or len(counts) != len(units) or not all(re.fullmatch(r"\d{1,2}( ?\+ ?\d{1,2})*", c) for c in counts):
        raise ValueError(f"the metre {'+'.join(counts)[:20]}/{'+'.join(units)[:20]} cannot be read")
    if not all(re.fullmatch(r"\d{1,2}", unit) and int(unit) for unit in units):
        raise ValueError(f"the metre {'+'.join(counts)[:20]}/{'+'.join(units)[:20]} cannot be read")
    finest = max(map(int, units))
    if any(finest % int(unit) for unit in units):
        raise ValueError(f"the metre {'+'.join(counts)[:20]}/{'+'.join(units)[:20]} cannot be read")
    groups = [
        int(n) * (finest // int(unit)) for count, unit in zip(counts, units, strict=True) for n in count.split("+")
    ]
    return Metre(sum(groups), finest, tuple(groups) if len(groups) > 1 else ())


def _spelling(element: Element) -> Spelling:
    alter = number_of(element, "pitch/alter", 0)
    if alter.denominator != 1:
        raise ValueError("quarter tones have no place in a melody")
    return Spelling(text_of(element, "pitch/step"), int(alter), whole_number_of(element, "pitch/octave"))


def _marks(element: Element) -> frozenset[str]:
    tags = [mark.tag for group in ("articulations", "ornaments") for mark in element.iterfind(f"notations/{group}/*")]
    if element.find("notations/fermata") is not None:
        tags.append("fermata")
    return frozenset(mark for tag in tags for mark in _MARK_TAGS.get(tag, ()))
