"""What a file says beside the notes: tempos, dynamics and hairpins, each at its place."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree.ElementTree import Element

from musicedu.formats.musicxml.tally import Tally
from musicedu.formats.musicxml.tree import text_of
from musicedu.melody import Dynamic, Hairpin, TempoAt
from musicedu.notation.symbols import VALUES

_DYNAMIC_TAGS = {
    "pppp": "pp", "ppp": "pp", "pp": "pp", "p": "p", "mp": "mp",
    "mf": "mf", "f": "f", "ff": "ff", "fff": "ff", "ffff": "ff",
}  # fmt: skip
_WEDGES = {"crescendo": "crescendo", "diminuendo": "diminuendo", "decrescendo": "diminuendo"}
_PER_MINUTE = re.compile(r"\d{1,6}(?:[.,]\d{1,12})?")
_FASTEST = 1000  # quarter notes a minute
_MOST_WORDS = 200  # letters beside a tempo
_UNREAD = "that cannot be read"


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
