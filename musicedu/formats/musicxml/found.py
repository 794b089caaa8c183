"""What was found in one part: its written notes, its measures and what stands beside them, each at its place.

What was passed over on the way is counted by kind, so that each kind is one sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from xml.etree.ElementTree import Element

from musicedu.formats.musicxml.signatures import Signature, metre_lasting
from musicedu.formats.musicxml.tree import text_of
from musicedu.formats.reading import counted
from musicedu.melody import Dynamic, Hairpin, Metre, MetreAt, TempoAt
from musicedu.notation.symbols import VALUES
from musicedu.pitch import Spelling

_DYNAMIC_TAGS = {
    "pppp": "pp", "ppp": "pp", "pp": "pp", "p": "p", "mp": "mp",
    "mf": "mf", "f": "f", "ff": "ff", "fff": "ff", "ffff": "ff",
}  # fmt: skip
_WEDGES = {"crescendo": "crescendo", "diminuendo": "diminuendo", "decrescendo": "diminuendo"}
_PER_MINUTE = re.compile(r"\d{1,6}(?:[.,]\d{1,12})?")
_FASTEST = 1000  # quarter notes a minute
_MOST_WORDS = 200  # letters beside a tempo
_UNREAD = "that cannot be read"
_MOST_LETTERS = 20


@dataclass(slots=True)
class Heard:
    """One written note, before ties join it to others.

    layer: counts on where one voice begins a second line after a backup; absent: "hidden" for a note that is played and
    not shown, "cue" for one that is shown and not played; slurs: "start" and "stop" with their numbers.
    """

    onset: Fraction
    duration: Fraction
    spelling: Spelling
    marks: frozenset[str]
    measure: str
    voice: str
    staff: str
    layer: int
    is_tied_from: bool
    is_tied_to: bool
    in_chord: bool
    absent: str = ""
    slurs: tuple[tuple[str, str], ...] = ()

    @property
    def offset(self) -> Fraction:
        """When the note ends, in quarter notes."""
        return self.onset + self.duration


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
    """All that was found in a part, in the order of the file; positions in quarter notes.

    unmetred: the rows of the measures of which no metre was given, or none that can be read.
    """

    passed_over: Tally
    beside: Beside
    notes: list[Heard] = field(default_factory=list)
    measures: list[MeasureRead] = field(default_factory=list)
    metres: dict[Fraction, MetreAt] = field(default_factory=dict)
    signatures: dict[Fraction, Signature] = field(default_factory=dict)
    transposition: int = 0
    unmetred: list[int] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def give_metres(found: PartRead) -> tuple[str, ...]:
    """Give the measures without a metre the one that most of them last, each stretch its own; say so."""
    rows, said = sorted(found.unmetred), []
    stretches = [list(group) for _, group in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0])]
    for stretch in stretches:
        measures = [found.measures[row] for _, row in stretch]
        n_lasting = Counter(measure.duration for measure in measures if not measure.is_implicit)
        lengths = sorted(n_lasting, key=lambda length: (-n_lasting[length], -length))  # an anacrusis is the shorter
        metre = next((fit for length in lengths if (fit := metre_lasting(length)) is not None), Metre(4, 4))
        for measure in measures:
            measure.metre = metre
        found.metres[measures[0].onset] = MetreAt(measures[0].onset, metre)
        said.append(f"No metre is given in measure {measures[0].number}; its measures say {metre}")
    return tuple(said[:1])


class Beside:
    """Gathers the marks of one part; each method is told where the reading stands."""

    def __init__(self, passed_over: Tally) -> None:
        self._passed_over = passed_over
        self._tempos: dict[Fraction, tuple[Fraction, str]] = {}
        self._dynamics: list[tuple[Fraction, str, str]] = []
        self._hairpins: list[tuple[Fraction, Fraction, str, str]] = []
        self._open: dict[tuple[str, str], tuple[Fraction, str]] = {}

    def direction(self, element: Element, onset: Fraction, measure: str) -> None:
        """Take in a `<direction>`."""
        words = " ".join(filter(None, (text_of(each, ".") for each in element.iterfind("direction-type/words"))))
        words, staff = " ".join(words.split())[:_MOST_WORDS], text_of(element, "staff", "1")
        for kind in element.iterfind("direction-type/*"):
            match kind.tag:
                case "dynamics":
                    self.dynamics(kind, onset, staff)
                case "wedge":
                    self._wedge(kind, onset, staff)
                case "metronome":
                    self._metronome(kind, onset, words, measure)
                case _:
                    pass
        sound = element.find("sound")
        if sound is not None:
            self.sound(sound, onset, measure, words)

    def dynamics(self, element: Element, onset: Fraction, staff: str) -> None:
        """Take in a `<dynamics>`; sforzati and the like are no levels, and are left out."""
        self._dynamics += [(onset, _DYNAMIC_TAGS[each.tag], staff) for each in element if each.tag in _DYNAMIC_TAGS]

    def sound(self, element: Element, onset: Fraction, measure: str, words: str = "") -> None:
        """The exact tempo of a `<sound>`, which a metronome mark may show rounded."""
        text = element.get("tempo", "").strip()
        if not text:
            return
        match = _PER_MINUTE.fullmatch(text[:30])
        self._tempo(Fraction(match[0].replace(",", ".")) if match else None, onset, words, measure, text)

    def _metronome(self, element: Element, onset: Fraction, words: str, measure: str) -> None:
        """A mark such as `dotted quarter = 60` or `ca. 60`; one without a number ("quarter = eighth") is none."""
        text = text_of(element, "per-minute")
        unit = VALUES.get(text_of(element, "beat-unit", "quarter"))
        if not text or element.findall("beat-unit")[1:]:
            return
        match = _PER_MINUTE.search(text[:30])
        dots = min(len(element.findall("beat-unit-dot")), 4)
        bpm = Fraction(match[0].replace(",", ".")) * unit * (2 - Fraction(1, 2**dots)) if match and unit else None
        self._tempo(bpm, onset, words, measure, text)

    def _tempo(self, bpm: Fraction | None, onset: Fraction, words: str, measure: str, text: str) -> None:
        if bpm is None or not 0 < bpm <= _FASTEST:
            self._passed_over.add("tempo mark", measure, text, _UNREAD)
            return
        kept = self._tempos[onset][1] if onset in self._tempos else ""
        self._tempos[onset] = (bpm.limit_denominator(10_000), words or kept)

    def _wedge(self, element: Element, onset: Fraction, staff: str) -> None:
        number, kind = element.get("number", "1"), element.get("type", "")
        if kind in _WEDGES:
            self._open[staff, number] = (onset, _WEDGES[kind])
        elif kind == "stop" and (staff, number) in self._open:
            begins, opened = self._open.pop((staff, number))
            self._hairpins.append((begins, onset, opened, staff))

    def tempos(self, end: Fraction) -> tuple[TempoAt, ...]:
        """The tempos before the end of the music, in order."""
        return tuple(TempoAt(onset, *self._tempos[onset]) for onset in sorted(self._tempos) if onset < end)

    def dynamics_of(self, staff: str, end: Fraction) -> tuple[Dynamic, ...]:
        """The dynamics of a staff before the end of the music, in order."""
        found = {onset: mark for onset, mark, at in self._dynamics if at == staff and onset < end}
        return tuple(Dynamic(onset, found[onset]) for onset in sorted(found))

    def hairpins_of(self, staff: str, end: Fraction) -> tuple[Hairpin, ...]:
        """The hairpins of a staff, to the end of the music at most, in order."""
        return tuple(
            Hairpin(begins, min(ends, end), kind)
            for begins, ends, kind, at in sorted(self._hairpins)
            if at == staff and begins < min(ends, end)
        )


class Tally:
    """Counts what was passed over, with the measure and the text of the first of each kind."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[int, str, str]] = {}

    def add(self, kind: str, measure: str, text: str = "", why: str = "") -> None:
        """Count one thing of a `kind` ("tempo mark") in a measure; `why` says what was the matter with it."""
        n, first, example = self._found.get((kind, why), (0, measure, text))
        self._found[kind, why] = (n + 1, first, example)

    @property
    def notices(self) -> tuple[str, ...]:
        """A sentence for each kind."""
        sentences = []
        for (kind, why), (n, measure, text) in self._found.items():
            example = f" ({text[:_MOST_LETTERS]!r})" if text else ""
            place = f"in measure {measure}" if n == 1 else f"the first in measure {measure}"
            because = f" {why}" if why else ""
            sentences.append(f"Passed over {counted(n, kind)}{because}, {place}{example}")
        return tuple(sentences)
